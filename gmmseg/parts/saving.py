"""A cut of a tree as files: the outputs of a segmentation, and those of the tree itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gmmseg import files, outputs
from gmmseg.errors import InputError
from gmmseg.files.targets import Target
from gmmseg.outputs.drawings import write_contours, write_overlay, write_posterised
from gmmseg.outputs.geography import placed
from gmmseg.outputs.numbers import write_labels
from gmmseg.outputs.places import suffix_of
from gmmseg.outputs.saving import each_saved
from gmmseg.outputs.wishes import Wishes
from gmmseg.parts.cut import Cut
from gmmseg.parts.kinds import CATALOGUE, HARD, TABLE
from gmmseg.parts.report import write_report
from gmmseg.parts.storage import write_tree

_FULL = 65535  # of grey: a height of 1
# What each kind is called among the outputs of a segmentation whose suffix it shares.
_LIKE = {"labels": "regions", "overlay": "overlay", "borders": "contours", "contours": "labels"}


def save(
    cut: Cut,
    folder: str | PathLike[str],
    kinds: str | Iterable[str] | None = None,
    *,
    stem: str | None = None,
    palette: str = "distinct",
    command: str = "",
    depth: int = 8,
) -> tuple[Path, ...]:
    """Write outputs of several kinds into a folder.

    kinds : names of `gmmseg.parts.KINDS`; by default labels, overlay and mean. Soft masks are made only for kinds that
    have some of them. The other options, and what comes back, are those of `gmmseg.outputs.save`.
    """
    names = CATALOGUE.chosen(kinds)
    wishes = Wishes(palette, command, depth)
    stem = Path(cut.image.name).stem if stem is None else stem
    if is_soft(names):
        _ = cut.segmentation  # once, before several threads want it

    def one(name: str) -> tuple[Path, ...]:
        if name not in _WRITERS:
            return outputs.save(
                cut.segmentation, folder, name, stem=stem, palette=palette, command=command, depth=depth
            )
        suffix = _suffix(cut, name)
        path = TABLE[name].path(folder, stem, suffix)
        files.folder(path.parent)
        _WRITERS[name](cut, path, wishes, suffix)
        return (path,)

    return each_saved(names, one)


def write(cut: Cut, kind: str, target: str | PathLike[str] | BinaryIO, **options: object) -> None:
    """Write an output that is one file to a path, or into a file that is open for bytes; see `gmmseg.outputs.write`."""
    names = CATALOGUE.chosen(kind)
    if len(names) != 1 or TABLE[names[0]].many:
        raise InputError(
            f"expected a kind of output that is one file; got {kind!r}, which is several; save it into a folder"
        )
    if names[0] not in _WRITERS:
        outputs.write(cut.segmentation, names[0], target, **options)  # type: ignore[arg-type]
        return
    wishes = Wishes(**options)  # type: ignore[arg-type]
    own = Path(target).suffix.lower() if isinstance(target, str | PathLike) else ""
    _WRITERS[names[0]](cut, target, wishes, own if own in TABLE[names[0]].suffixes else _suffix(cut, names[0]))


def is_soft(kinds: Iterable[str]) -> bool:
    """Whether any of these kinds has soft masks in it."""
    return any(name not in HARD for name in kinds)


def _suffix(cut: Cut, name: str) -> str:
    return suffix_of(_LIKE[name], cut) if name in _LIKE else TABLE[name].suffixes[0]


def _write_contours(cut: Cut, target: Target, _wishes: Wishes, suffix: str) -> None:
    """Heights from 0 to 1 as grey; the faintest border is not quite black."""
    strengths = cut.tree.contours()
    grey = np.where(strengths > 0, np.maximum(np.rint(strengths * np.float32(_FULL)), 1), 0).astype(np.uint16)
    image = cut.image
    files.write_picture(target, grey, format=suffix, resolution=image.resolution, geo=placed(image.geo))


_WRITERS: dict[str, Callable[[Cut, Target, Wishes, str], None]] = {
    "labels": write_labels,
    "overlay": write_overlay,
    "mean": write_posterised,
    "borders": write_contours,
    "contours": _write_contours,
    "report": write_report,
    "tree": lambda cut, target, _wishes, _suffix: write_tree(target, cut.tree),
}
