"""A picture for the eye: 8 bits of sRGB, whatever it was measured in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.files import Image, in_srgb
from gmmseg.files.depth import full_scale


def displayed(image: Image) -> NDArray[np.uint8]:
    """The picture as the eye should see it : (h, w, 3) uint8 sRGB; it shares the image's memory where it can.

    RGB and grey are scaled by the bits in use. Of bands the first three are shown, or the first alone, each stretched
    between its 1st and 99th percentile.
    """
    image = in_srgb(image)
    pixels = image.pixels
    if image.colour == "bands":
        pixels = pixels[..., : 3 if pixels.shape[2] >= 3 else 1]
        pixels = np.stack([_stretched(band, image.valid) for band in np.moveaxis(pixels, 2, 0)], axis=2)
    elif pixels.dtype != np.uint8:
        scale = np.float32(255 / full_scale(image))
        pixels = (np.clip(pixels * scale, 0, 255) + np.float32(0.5)).astype(np.uint8)
    if pixels.shape[2] == 1:
        pixels = np.repeat(pixels, 3, axis=2)
    return np.ascontiguousarray(pixels)


def _stretched(band: NDArray[Any], valid: NDArray[np.bool_]) -> NDArray[np.uint8]:
    inside = band[valid]
    if inside.size == 0:
        return np.zeros(band.shape, np.uint8)
    low, high = np.percentile(inside[:: max(1, inside.size // 100_000)].astype(np.float64), [1, 99])
    if high <= low:
        low, high = float(inside.min()), float(inside.max())
    scale = 255 / (high - low) if high > low else 0.0
    shown: NDArray[np.uint8] = (np.clip((band.astype(np.float32) - low) * scale, 0, 255) + 0.5).astype(np.uint8)
    return shown
