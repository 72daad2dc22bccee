"""What stands in front of a background, drawn over a frame."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, pixels_of
from gmmseg.figures.uncertainty import ramp

# A colour that neither wood nor grass, sky nor tarmac has, a cold one for shadows, and how much of them is seen.
_FOREGROUND = ((222, 24, 138), 0.5)
_SHADOW = ((0, 114, 178), 0.3)
_LINE = (255, 226, 92)
_RIM = (24, 18, 8)
_HEAT = 0.82  # the most that the plate is covered by heat


def foreground_overlay(
    pixels: ArrayLike, mask: ArrayLike, shadow: ArrayLike | None = None, boxes: ArrayLike | None = None
) -> Bytes:
    """The frame with its foreground tinted and outlined, and shadows tinted faintly.

    The outline runs along the inside of the mask, so all pixels outside of mask, shadow and boxes stay as they are.

    Parameters
    ----------
    pixels : (h, w, 3) uint8
    mask : (h, w) bool
    shadow : (h, w) bool, optional
    boxes : (n, 4) integers, optional
        x, y, width and height of frames to draw.

    Returns
    -------
    (h, w, 3) uint8
    """
    from gmmseg.figures.tinting import Tint, framed, tinted

    picture = np.array(pixels_of(pixels), order="C")
    shape = picture.shape[:2]
    reach = _thickness(shape)
    line = np.array(_LINE)
    nothing = np.zeros(shape, np.bool_) if shadow is None else _flags(shadow, shape)
    tinted(picture, _flags(mask, shape), nothing, Tint.of(*_FOREGROUND), Tint.of(*_SHADOW), line, reach)
    if boxes is not None and np.size(boxes):
        framed(picture, np.asarray(boxes, np.int64), line, np.array(_RIM), reach)
    return picture


def foreground_alone(pixels: ArrayLike, mask: ArrayLike) -> Bytes:
    """The frame's foreground as it is, on black : (h, w, 3) uint8."""
    from gmmseg.figures.tinting import kept

    frame = np.ascontiguousarray(pixels_of(pixels))
    picture = np.zeros_like(frame)
    kept(frame, _flags(mask, frame.shape[:2]), picture)
    return picture


def activity_picture(plate: ArrayLike, share: ArrayLike, top: float) -> Bytes:
    """The background with a glow where there was often foreground.

    Parameters
    ----------
    plate : (h, w, 3) uint8
    share : (h, w) floating
        Of the time; nothing is drawn where it is 0.
    top : float
        The share that glows brightest; what is above looks the same.

    Returns
    -------
    (h, w, 3) uint8
    """
    ground = pixels_of(plate)
    shares = np.asarray(share, np.float32)
    if shares.shape != ground.shape[:2]:
        raise InputError(f"expected shares of shape {ground.shape[:2]}, as the plate has; got {shares.shape}")
    level = np.clip(shares / max(top, 1e-9), 0, 1)
    # The plate steps back into grey, for the glow to be the only colour.
    grey = (ground @ np.array([0.299, 0.587, 0.114], np.float32))[..., None] * np.float32(0.75)
    cover = np.where(level > 0, _HEAT * np.sqrt(level), 0).astype(np.float32)[..., None]
    glow = ramp()[np.rint(255 * level).astype(np.intp)]
    mixed: Bytes = np.rint(grey + cover * (glow - grey)).astype(np.uint8)
    return mixed


def eight_bit(pixels: NDArray[Any], levels: tuple[float, float] | None = None) -> Bytes:
    """A frame as people see it : (h, w, 3) uint8, of grey or colour, 8 or 16 bits.

    `levels` are what black and white are in 16 bits; 0 and 65535 unless given.
    """
    if pixels.dtype == np.uint16:
        low, high = levels or (0.0, 65535.0)
        shades = (np.arange(65536) - low) * (255 / (high - low))
        pixels = np.rint(np.clip(shades, 0, 255)).astype(np.uint8)[pixels]
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    return pixels_of(pixels)


def _flags(given: ArrayLike, shape: tuple[int, ...]) -> Flags:
    flags = np.asarray(given)
    if flags.dtype != np.bool_ or flags.shape != shape:
        raise InputError(f"expected a mask of shape {shape} and type bool; got {flags.shape} and {flags.dtype}")
    return np.ascontiguousarray(flags)


def _thickness(shape: tuple[int, ...]) -> int:
    """Of lines, in pixels: one for small frames, two for full HD, more beyond."""
    return max(1, round(math.sqrt(shape[0] * shape[1]) / 700))
