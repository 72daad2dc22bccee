"""What becomes of a table, and the names of the files."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from gmmseg.errors import InputError
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
    if kinds is None:
        return USUAL
    words = kinds.split(",") if isinstance(kinds, str) else list(kinds)
    names = tuple(dict.fromkeys(word.strip() if isinstance(word, str) else word for word in words))
    unknown = [name for name in names if name not in TABLE]
    if unknown or not names:
        got = ", ".join(map(repr, unknown)) or "none"
        raise InputError(f"expected kinds of output among {', '.join(TABLE)}; got {got}; name some of these")
    return names


def planned(kinds: str | Iterable[str] | None, folder: str | PathLike[str], stem: str) -> dict[str, Path]:
    """Where outputs of these kinds go."""
    return {name: TABLE[name].path(folder, stem) for name in chosen(kinds)}
