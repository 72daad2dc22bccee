"""A cut-out as files of many kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from gmmseg import files
from gmmseg.errors import InputError
from gmmseg.figures.palette import distinct_colors
from gmmseg.files.targets import Target
from gmmseg.mixture import Mixture
from gmmseg.outputs.geography import placed
from gmmseg.outputs.saving import each_filed
from gmmseg.outputs.tables import versions
from gmmseg.subjects.found import Cutout
from gmmseg.subjects.kinds import CATALOGUE, TABLE
from gmmseg.subjects.pure import pure_colours

_JPEG = 65500  # pixels a side
_SHOWN = 2  # of the mixtures of several sizes, the one that is told of
_LEFT_OUT = 255  # as labels of segments have it


def save(
    found: Cutout,
    folder: str | PathLike[str],
    kinds: str | Iterable[str] | None = None,
    *,
    stem: str | None = None,
    command: str = "",
) -> tuple[Path, ...]:
    """Write outputs of several kinds into a folder.

    Parameters
    ----------
    found : Cutout
    folder : path
        Made if it is not there.
    kinds : str or iterable of str, optional
        Names of `gmmseg.subjects.KINDS`, or text with commas between them; by default cutout, alpha, overlay.
    stem : str, optional
        What names begin with; by default the picture's own name without its suffix.
    command : str
        The command line that does the same, for the JSON.

    Returns
    -------
    tuple of Path
        What was written, in the order of `kinds`. Every file appears whole or not at all.
    """
    stem = Path(found.image.name).stem if stem is None else stem

    return each_filed(
        CATALOGUE.chosen(kinds),
        lambda name: TABLE[name].path(folder, stem, _suffix(found, name)),
        lambda name, path: _WRITERS[name](found, path, command),
    )


def write(found: Cutout, kind: str, target: str | PathLike[str] | BinaryIO, *, command: str = "") -> None:
    """Write one kind of output to a path, or into a file that is open for bytes."""
    names = CATALOGUE.chosen(kind)
    if len(names) != 1:
        raise InputError(f"expected one kind of output; got {kind!r}; save several into a folder")
    _WRITERS[names[0]](found, target, command)


def story(found: Cutout, command: str = "") -> dict[str, object]:
    """The subject and how it was found, ready for JSON."""
    height, width = found.alpha.shape
    hints = found.hints
    return {
        "file": found.image.name,
        "width": width,
        "height": height,
        "left_out": int(found.image.valid.size - found.image.valid.sum()),
        "box": found.box,
        "area": int(found.mask.sum()),
        "alpha_area": round(float(found.alpha.sum(dtype=np.float64)), 3),
        "given": {
            "box": hints.box,
            "foreground": int(hints.foreground.sum()),
            "background": int(hints.marked.sum()),
        },
        "subject": _colours(found.subject[_SHOWN]),
        "ground": _colours(found.ground[_SHOWN]),
        "command": command or None,
        "seconds": found.seconds,
        "versions": versions(),
    }


def _colours(mixture: Mixture) -> list[dict[str, object]]:
    """The components, the largest first."""
    from gmmseg.features.inverse import rgb_of

    order = np.argsort(-mixture.weights, kind="stable")
    colours = rgb_of(mixture.means[order], "lab").tolist()
    return [
        {"share": round(float(mixture.weights[i]), 6), "color": "#{:02x}{:02x}{:02x}".format(*colour)}
        for i, colour in zip(order.tolist(), colours, strict=True)
    ]


def _suffix(found: Cutout, name: str) -> str:
    usual, *other = TABLE[name].suffixes
    unusual = max(found.alpha.shape) > _JPEG if usual == ".jpg" else bool(found.image.geo)
    return other[0] if other and unusual else usual


def _cutout(found: Cutout, target: Target, _command: str) -> None:
    """The samples of the file, without the ground's colours in them, and alpha; black where alpha is 0."""
    image = found.image
    samples = _samples(found)
    full = np.iinfo(samples.dtype).max
    alpha = found.alpha
    if image.alpha is not None:
        alpha = alpha * (image.alpha.astype(np.float32) / np.float32(np.iinfo(image.alpha.dtype).max))
    cut = np.empty((*alpha.shape, samples.shape[2] + 1), samples.dtype)
    cut[..., -1] = np.rint(alpha * np.float32(full))
    np.multiply(pure_colours(samples, found.alpha), (cut[..., -1] > 0)[..., None], out=cut[..., :-1])
    files.write_picture(
        target,
        cut,
        format=_suffix(found, "cutout"),
        profile=None if image.colour == "bands" else image.profile,
        resolution=image.resolution,
        geo=placed(image.geo),
    )


def _samples(found: Cutout) -> NDArray[Any]:
    """The picture as it can stand in a PNG : (h, w, 1 or 3) uint8 or uint16."""
    image = found.image
    if image.colour == "bands":
        return found.picture
    if image.pixels.dtype == np.float32:
        return np.rint(image.pixels * np.float32(65535)).astype(np.uint16)
    return image.pixels


def _alpha(found: Cutout, target: Target, _command: str) -> None:
    image = found.image
    grey = np.rint(found.alpha * np.float32(255)).astype(np.uint8)
    files.write_picture(
        target, grey, format=_suffix(found, "alpha"), resolution=image.resolution, geo=placed(image.geo)
    )


def _overlay(found: Cutout, target: Target, _command: str) -> None:
    from gmmseg.figures.subject import subject_overlay

    files.write_picture(
        target,
        subject_overlay(found.picture, found.alpha),
        format=_suffix(found, "overlay"),
        resolution=found.image.resolution,
    )


def _labels(found: Cutout, target: Target, _command: str) -> None:
    image = found.image
    whole = bool(image.valid.all())
    labels = np.where(image.valid, found.mask, np.uint8(_LEFT_OUT)).astype(np.uint8)
    palette = distinct_colors(2)
    if not whole:
        palette = np.concatenate([palette, np.zeros((_LEFT_OUT + 1 - len(palette), 3), np.uint8)])
    files.write_picture(
        target,
        labels,
        format=_suffix(found, "labels"),
        palette=palette,
        transparent=None if whole else _LEFT_OUT,
        resolution=image.resolution,
        geo=placed(image.geo, _LEFT_OUT),
    )


_WRITERS: dict[str, Callable[[Cutout, Target, str], None]] = {
    "cutout": _cutout,
    "alpha": _alpha,
    "overlay": _overlay,
    "labels": _labels,
    "json": lambda found, target, command: files.write_json(target, story(found, command)),
}
