"""What full light is in a picture's own samples."""

from __future__ import annotations

import numpy as np

from gmmseg.files.image import Image

_DEPTHS = (8, 10, 12, 14, 16)  # bits that cameras and scanners fill; files of 16 bits often hold fewer


def full_scale(image: Image) -> float:
    """The sample that means full light: the largest that the bits in use can hold, or 1 for floats."""
    if image.pixels.dtype == np.float32:
        return 1.0
    if image.pixels.dtype == np.uint8:
        return 255.0
    peak = int(image.pixels.max())
    return float(next(2**bits - 1 for bits in _DEPTHS if peak < 2**bits))
