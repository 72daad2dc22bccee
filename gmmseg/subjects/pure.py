"""The subject's own colours where they are mixed with the ground's.

A pixel p = αf + (1 − α)b. Means of the subject's and the ground's colours nearby, weighted by α and 1 − α, are first
guesses of f and b; the subject's takes what is left: f + α(p − αf − (1 − α)b) (Forte and Pitié 2020).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats

_ROWS = 1 << 18  # pixels that are worked on at a time
_REACH = 144  # of the picture's diagonal, one such part is how far colours are looked for


def pure_colours(samples: NDArray[Any], alpha: Floats) -> NDArray[Any]:
    """Samples : (h, w, c) uint8 or uint16 with those of the subject alone where 0 < alpha < 1."""
    height, width = alpha.shape
    reach = max(2, round(np.hypot(height, width) / _REACH))
    step = max(4 * reach, _ROWS // width)
    pure = samples.copy()
    for first in range(0, height, step):
        last = min(height, first + step)
        own = alpha[first:last]
        mixed = (own > 0) & (own < 1)
        if mixed.any():
            top, bottom = max(0, first - reach), min(height, last + reach)
            colours = _pure(samples[top:bottom], alpha[top:bottom], 2 * reach + 1)[first - top : last - top]
            most = np.iinfo(samples.dtype).max
            pure[first:last][mixed] = np.clip(np.rint(colours[mixed]), 0, most).astype(samples.dtype)
    return pure


def _pure(samples: NDArray[Any], alpha: Floats, size: int) -> Floats:
    from scipy.ndimage import uniform_filter

    share = alpha[..., None]
    given = samples.astype(np.float32)
    means = []
    for weights in (share, 1 - share):
        total = uniform_filter(weights, (size, size, 1))
        means.append(uniform_filter(given * weights, (size, size, 1)) / np.maximum(total, np.float32(1e-4)))
    subject, ground = means
    colours: Floats = subject + share * (given - share * subject - (1 - share) * ground)
    return colours
