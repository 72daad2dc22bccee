"""The kinds of output of an anomaly, and the names of their files."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike

from gmmseg.errors import InputError
from gmmseg.outputs.kinds import Kind

TABLE: dict[str, Kind] = {
    "heat": Kind("the heat map, dark to bright, with a legend that marks the threshold", "heat", (".png",)),
    "mask": Kind("white where something is odd", "mask", (".png", ".tif")),
    "overlay": Kind("the photo, dark and grey where it is normal, with numbered boxes", "overlay", (".jpg", ".png")),
    "csv": Kind("a table with place, area and scores of each odd piece", "boxes", (".csv",)),
    "json": Kind("the same as JSON, with threshold, settings and versions", "boxes", (".json",)),
    "score": Kind("−log density in nats of each pixel, a TIFF of floats", "score", (".tif",)),
    "npz": Kind("score, mask and rate of each pixel, for NumPy", "score", (".npz",)),
    "model": Kind("the model, to hold other pictures against", "model", (".npz",)),
}
KINDS: dict[str, str] = {name: kind.about for name, kind in TABLE.items()}
USUAL = ("heat", "mask", "overlay", "csv")


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


def present(kinds: str | Iterable[str] | None, folder: str | PathLike[str], stem: str) -> bool:
    """Whether outputs of all these kinds are there."""
    return all(
        any(TABLE[name].path(folder, stem, suffix).is_file() for suffix in TABLE[name].suffixes)
        for name in chosen(kinds)
    )
