"""The part of a frame that is worked on."""

from __future__ import annotations

from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import InputError

Region = str | PathLike[str] | tuple[float, float, float, float] | NDArray[Any]


def region_of(given: Region | None, shape: tuple[int, int], scale: float) -> Flags | None:
    """Where to work in frames of this shape (h, w), which are `scale` times as large as the clip's own.

    Parameters
    ----------
    given : path, (x, y, width, height), (h, w) array or None
        A picture or an array of the clip's own size or of `shape`, which is 0 where nothing is to be found; or a box
        in pixels of the clip.
    """
    if given is None:
        return None
    height, width = shape
    if isinstance(given, tuple):
        x, y, across, down = (round(float(value) * scale) for value in _four(given))
        left, top = max(0, x), max(0, y)
        region: Flags = np.zeros(shape, np.bool_)
        region[top : max(0, y + down), left : max(0, x + across)] = True
        if not region.any():
            raise InputError(f"expected a region within {width}×{height} pixels; got {given}; give x, y, width, height")
        return region
    flags = _picture(given)
    if flags.shape != shape:
        rows, columns = (round(side * scale) for side in flags.shape)
        if abs(rows - height) > 1 or abs(columns - width) > 1:
            raise InputError(
                f"expected a region of the clip's size, {round(width / scale)}×{round(height / scale)}; "
                f"got {flags.shape[1]}×{flags.shape[0]}; scale it"
            )
        down, across = (
            np.minimum(((np.arange(new) + 0.5) * old / new).astype(np.intp), old - 1)
            for new, old in zip(shape, flags.shape, strict=True)
        )
        flags = np.ascontiguousarray(flags[np.ix_(down, across)])
    if not flags.any():
        raise InputError("expected a region with some pixels; got one that is 0 everywhere; draw in white what counts")
    return flags


def _four(given: tuple[float, ...]) -> tuple[float, ...]:
    if len(given) != 4 or not np.isfinite(np.array(given, np.float64)).all():
        raise InputError(f"expected a region as x, y, width and height; got {given}")
    return given


def _picture(given: str | PathLike[str] | NDArray[Any]) -> Flags:
    """Where any channel is above 0 : (h, w) bool."""
    if isinstance(given, str | PathLike):
        from gmmseg.files import read

        image = read(given)
        return np.asarray(image.valid & (image.pixels > 0).any(axis=2))
    array = np.asarray(given)
    if array.ndim == 3:
        array = np.asarray(array.any(axis=2))
    if array.ndim != 2 or array.size == 0 or array.dtype.kind not in "buif":
        raise InputError(f"expected a region (h, w) of numbers; got {array.dtype} {array.shape}")
    return np.asarray(array > 0)
