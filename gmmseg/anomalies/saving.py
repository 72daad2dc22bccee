"""An anomaly as files of many kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gmmseg import files
from gmmseg.anomalies.found import Anomaly
from gmmseg.anomalies.kinds import CATALOGUE, TABLE
from gmmseg.errors import InputError
from gmmseg.files.targets import Target
from gmmseg.outputs.geography import placed
from gmmseg.outputs.saving import each_filed
from gmmseg.outputs.tables import versions

_JPEG = 65500  # pixels a side
_MIDDLE = 0.5  # the share of normal pixels that score higher than the darkest of a heat map


def save(
    found: Anomaly,
    folder: str | PathLike[str],
    kinds: str | Iterable[str] | None = None,
    *,
    stem: str | None = None,
    command: str = "",
) -> tuple[Path, ...]:
    """Write outputs of several kinds into a folder.

    Parameters
    ----------
    found : Anomaly
    folder : path
        Made if it is not there.
    kinds : str or iterable of str, optional
        Names of `gmmseg.anomalies.kinds.KINDS`, or text with commas between them; by default heat, mask, overlay, csv.
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


def write(found: Anomaly, kind: str, target: str | PathLike[str] | BinaryIO, *, command: str = "") -> None:
    """Write one kind of output to a path, or into a file that is open for bytes."""
    names = CATALOGUE.chosen(kind)
    if len(names) != 1:
        raise InputError(f"expected one kind of output; got {kind!r}; save several into a folder")
    _WRITERS[names[0]](found, target, command)


def story(found: Anomaly, command: str = "") -> dict[str, object]:
    """The odd pieces and how they were found, ready for JSON."""
    height, width = found.mask.shape
    model = found.model
    return {
        "file": found.image.name,
        "width": width,
        "height": height,
        "left_out": int(found.image.valid.size - found.image.valid.sum()),
        "threshold": found.threshold,
        "false_alarms": found.false_alarms,
        "peak": found.peak,
        "odd_pixels": int(found.mask.sum()),
        "normal_pictures": model.pictures,
        "features": str(model.spec),
        "k": model.mixture.k,
        "covariance": model.mixture.covariance,
        "smooth": model.smooth,
        "tail": {"begins": float(model.tail.levels[-1]), "scale": model.tail.scale, "shape": model.tail.shape},
        "command": command or None,
        "seconds": found.seconds,
        "versions": versions(),
        "boxes": found.records(),
    }


def _suffix(found: Anomaly, name: str) -> str:
    usual, *other = TABLE[name].suffixes
    unusual = max(found.mask.shape) > _JPEG if usual == ".jpg" else bool(found.image.geo)
    return other[0] if other and unusual else usual


def _heat(found: Anomaly, target: Target, _command: str) -> None:
    from gmmseg.figures.heat import heat_picture

    low = found.model.tail.threshold(_MIDDLE)
    files.write_picture(target, heat_picture(found.score, low, found.threshold), format=".png")


def _overlay(found: Anomaly, target: Target, _command: str) -> None:
    from gmmseg.figures.heat import odd_overlay

    boxes = [(box.number, box.x, box.y, box.width, box.height) for box in found.boxes]
    files.write_picture(
        target,
        odd_overlay(found.picture, found.mask, boxes),
        format=_suffix(found, "overlay"),
        resolution=found.image.resolution,
    )


def _mask(found: Anomaly, target: Target, _command: str) -> None:
    image = found.image
    files.write_picture(
        target, found.mask, format=_suffix(found, "mask"), resolution=image.resolution, geo=placed(image.geo)
    )


def _score(found: Anomaly, target: Target, _command: str) -> None:
    image = found.image
    files.write_picture(target, found.score, format=".tif", resolution=image.resolution, geo=placed(image.geo))


def _table(found: Anomaly, target: Target, _command: str) -> None:
    names = ("number", "x", "y", "width", "height", "area", "peak", "mean", "rarity")
    if found.boxes:
        files.write_csv(target, found.records())
    else:
        files.write_text(target, ",".join(names) + "\n")


def _arrays(found: Anomaly, target: Target, _command: str) -> None:
    files.write_npz(target, score=found.score, mask=found.mask, rate=found.rate.astype(np.float32))


_WRITERS: dict[str, Callable[[Anomaly, Target, str], None]] = {
    "heat": _heat,
    "mask": _mask,
    "overlay": _overlay,
    "csv": _table,
    "json": lambda found, target, command: files.write_json(target, story(found, command)),
    "score": _score,
    "npz": _arrays,
    "model": lambda found, target, _command: found.model.save(target),
}
