"""What can describe a picture, and what can be written of a collection: names and a line about each."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from gmmseg.choosing import chosen_kinds
from gmmseg.errors import InputError

FEATURES: dict[str, str] = {
    "mean": "the mean red, green and blue",
    "mean+std": "the mean red, green and blue, and how much each varies over the picture",
    "histogram": "which colours there are, and how much of each",
    "layout": "which colours are where: the means of 4 × 4 parts",
}

KINDS: dict[str, str] = {
    "overview": "one sheet with the most certain pictures of every cluster",
    "sheets": "a contact sheet for each cluster, with each picture's probability",
    "csv": "a table with the cluster and the probabilities of each picture",
    "json": "the same as JSON, with settings, and the share and colour of each cluster",
    "model": "the model, for pictures to come",
}
USUAL = ("overview", "sheets", "csv", "json", "model")

_NAMES = {
    "overview": "overview.jpg",
    "sheets": "sheets",
    "csv": "pictures.csv",
    "json": "collection.json",
    "model": "model.npz",
}


def chosen(kinds: str | Iterable[str] | None) -> tuple[str, ...]:
    """The kinds that are meant, each once."""
    return chosen_kinds(kinds, KINDS, USUAL)


def features_named(name: str) -> str:
    """The name of the features, checked."""
    if not isinstance(name, str) or name not in FEATURES:
        raise InputError(f"expected features among {', '.join(FEATURES)}; got {name!r}")
    return name


def planned(kinds: str | Iterable[str] | None, folder: str | PathLike[str]) -> dict[str, Path]:
    """Where outputs of these kinds go; the sheets into a folder of their own."""
    return {name: Path(folder) / _NAMES[name] for name in chosen(kinds)}


def present(kinds: str | Iterable[str] | None, folder: str | PathLike[str]) -> tuple[Path, ...]:
    """Which of these outputs are there already."""
    return tuple(path for path in planned(kinds, folder).values() if _is_there(path))


def _is_there(path: Path) -> bool:
    return any(path.iterdir()) if path.is_dir() else path.exists()
