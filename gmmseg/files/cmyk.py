"""Printing inks to red, green and blue: by the picture's own ICC profile, or by the plain formula."""

from __future__ import annotations

from contextlib import suppress

import numpy as np

from gmmseg.files.image import Samples
from gmmseg.files.profiles import space_of, srgb_of


def rgb_of_inks(inks: Samples, profile: bytes | None) -> Samples:
    """(h, w, 3) of inks : (h, w, 4) uint8 or uint16, where 0 is no ink; the same dtype, in sRGB."""
    if profile is not None and space_of(profile) == "CMYK":
        with suppress(RuntimeError, ValueError):  # a profile that cannot be used is as good as none
            return srgb_of(inks, profile, "cmyk")
    full = np.iinfo(inks.dtype).max
    rgb = np.empty((*inks.shape[:2], 3), inks.dtype)
    for row, target in zip(inks, rgb, strict=True):  # row by row: the products need four times the memory
        light = full - row.astype(np.uint32)
        target[...] = (light[:, :3] * light[:, 3:] + full // 2) // full
    return rgb
