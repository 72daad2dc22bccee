"""The colour around a pixel, without its detail."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats

WIDTH = 2.0  # standard deviation of the mean, in pixels
REACH = 6  # pixels; what is further away has no influence


def tone(planes: Floats, valid: NDArray[np.bool_]) -> Floats:
    """Means over the neighbourhood of each channel : (h, w, c) float32; of valid pixels alone."""
    from scipy.ndimage import gaussian_filter

    def blurred(plane: Floats) -> Any:
        return gaussian_filter(plane, WIDTH, mode="nearest", truncate=3)

    seen = valid.astype(np.float32)
    share = None if valid.all() else np.maximum(blurred(seen), np.float32(1e-6))
    means = [
        blurred(plane) if share is None else blurred(plane * seen) / share
        for plane in np.moveaxis(planes.astype(np.float32, copy=False), 2, 0)
    ]
    return np.stack(means, axis=2)
