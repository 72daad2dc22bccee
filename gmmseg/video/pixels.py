"""Frames of every type as the models see them, in levels of 0 to 255, and the way back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arguments import is_number
from gmmseg.arrays import Flags
from gmmseg.errors import InputError

Levels = tuple[float, float]

UNIT = (0.0, 1.0)  # what frames of floats lie in if nothing else is said
_SLACK = 0.01  # that far outside of it a filter may lead
_MARGIN = 0.5  # of what the first frame holds, below and above: what comes later may be colder or hotter
_WIDTH = 255.0  # the least distance between levels that are found: a flat first frame says nothing


def checked(frame: Any) -> NDArray[Any]:
    """A frame as a C-contiguous array (h, w) or (h, w, 3) of uint8, uint16 or a float type, in native byte order."""
    try:
        pixels = np.asarray(frame)
    except (ValueError, TypeError):
        raise InputError(f"expected a frame as an array of pixels; got {type(frame).__name__}") from None
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    if pixels.ndim not in {2, 3} or (pixels.ndim == 3 and pixels.shape[2] != 3) or pixels.size == 0:
        advice = "; leave alpha out, as in frame[:, :, :3]" if pixels.ndim == 3 and pixels.shape[2] == 4 else ""
        raise InputError(f"expected a frame (h, w), (h, w, 1) or (h, w, 3); got {pixels.shape}{advice}")
    if pixels.dtype.type not in {np.uint8, np.uint16, np.float16, np.float32, np.float64}:
        raise InputError(f"expected a frame of uint8, uint16 or floats; got {pixels.dtype}; convert it with astype")
    return np.ascontiguousarray(pixels, pixels.dtype.newbyteorder("="))


def described(shape: tuple[int, ...], dtype: Any) -> str:
    """A frame's kind in words."""
    return f"{shape[1]}×{shape[0]} {'colour' if len(shape) == 3 else 'grey'} {np.dtype(dtype)}"


def region_of(name: str, given: Any) -> Flags | None:
    """A region, copied, or None."""
    if given is None:
        return None
    region = np.array(given)
    if region.ndim != 2 or region.dtype != np.bool_:
        raise InputError(f"expected {name} as (h, w) bool; got {region.dtype} {region.shape}; use mask > 0")
    return region


def levels_of(given: Any) -> Levels | None:
    """Levels that a user gave, or None."""
    if given is None:
        return None
    try:
        low, high = given
    except (TypeError, ValueError):
        raise InputError(f"expected levels as (low, high); got {given!r}") from None
    if not is_number(low) or not is_number(high) or not low < high:
        raise InputError(f"expected levels as two numbers, the lower first; got {given!r}")
    return float(low), float(high)


def found_levels(pixels: NDArray[Any], modelled: Flags | None) -> Levels | None:
    """Levels for frames like this first one; None where the pixels are levels already.

    A thermal camera uses a few hundred of 65536 values: the ones between which nearly all of the frame lies, and half
    as much again on either side.
    """
    if pixels.dtype == np.uint8:
        return None
    if pixels.dtype != np.uint16:
        return UNIT
    values = pixels if modelled is None or not modelled.any() else pixels[modelled]
    least, most = (float(value) for value in np.percentile(values, (0.1, 99.9)))
    width = max(most - least, _WIDTH)
    middle = (least + most) / 2
    reach = (0.5 + _MARGIN) * width
    return max(middle - reach, 0.0), min(middle + reach, 65535.0)


def in_levels(pixels: NDArray[Any], levels: Levels | None) -> NDArray[Any]:
    """Pixels from 0 to 255, float32, or uint8 as they are; what lies beyond the levels is cut off."""
    if pixels.dtype.kind == "f":
        least, most = float(pixels.min()), float(pixels.max())
        if not np.isfinite(least) or not np.isfinite(most):
            raise InputError(
                "expected a frame of finite numbers; got NaN or infinity; fill them, as with numpy.nan_to_num"
            )
        if levels == UNIT and (least < -_SLACK or most > 1 + _SLACK):
            raise InputError(
                f"expected a frame of floats from 0 to 1; got {least:g} to {most:g}; say what they lie in, as with "
                "levels=(0, 255)"
            )
    if levels is None:
        return pixels
    low, high = levels
    scaled = pixels.astype(np.float32)
    scaled -= np.float32(low)
    scaled *= np.float32(255 / (high - low))
    return scaled.clip(0, 255, out=scaled)


def from_levels(pixels: NDArray[np.float32], levels: Levels | None, dtype: Any) -> NDArray[Any]:
    """Levels as pixels of a frame's own dtype and range."""
    low, high = (0.0, 255.0) if levels is None else levels
    values = low + pixels.astype(np.float64) * ((high - low) / 255)
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return values.astype(kind)
    return np.rint(values).clip(0, np.iinfo(kind).max).astype(kind)
