"""What becomes of a table, and the names of the files."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from gmmseg.choosing import chosen_kinds
from gmmseg.outputs.kinds import Kind

TABLE: dict[str, Kind] = {
    "memberships": Kind("a table with cluster and probabilities of each row", "memberships", (".csv",)),
    "parameters": Kind("a table with weight, means and spreads of each cluster", "parameters", (".csv",)),
    "picture": Kind(
        "curves, ellipses, profiles or words of the clusters, as suits the table", "picture", (".png", ".svg", ".pdf")
    ),
    "model": Kind("the model, to assign the rows of other tables", "model", (".npz",)),
    "json": Kind("clusters with covariances, what was tried, and the course of the fit", "clusters", (".json",)),
}
KINDS: dict[str, str] = {name: kind.about for name, kind in TABLE.items()}
USUAL = ("memberships", "parameters", "picture")


def chosen(kinds: str | Iterable[str] | None) -> tuple[str, ...]:
    """The kinds that are meant, each once."""
    return chosen_kinds(kinds, TABLE, USUAL)


def planned(kinds: str | Iterable[str] | None, folder: str | PathLike[str], stem: str) -> dict[str, Path]:
    """Where outputs of these kinds go."""
    return {name: TABLE[name].path(folder, stem) for name in chosen(kinds)}
