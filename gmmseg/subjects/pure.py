"""The subject's own colours where they are mixed with the ground's.

A pixel p = αf + (1 − α)b. Means of the colours nearby, weighted by α⁴ and (1 − α)⁴, are first guesses of f and b; the
subject's takes what is left: f + α(p − αf − (1 − α)b) (after Forte and Pitié 2020, whose weights are α and 1 − α: those
leave a rim of the ground's colour where the border is wide).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats

_ROWS = 1 << 18  # pixels that are worked on at a time
_REACH = 100  # of the diagonal, one such part is how far colours are looked for
_LEAST = 8  # pixels, at least


def pure_colours(samples: NDArray[Any], alpha: Floats) -> NDArray[Any]:
    """Samples : (h, w, c) uint8 or uint16 with those of the subject alone where 0 < alpha < 1."""
    height, width = alpha.shape
    reach = max(_LEAST, round(np.hypot(height, width) / _REACH))
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
        total = uniform_filter(weights**4, (size, size, 1))
        means.append(uniform_filter(given * weights**4, (size, size, 1)) / np.maximum(total, np.float32(1e-6)))
    subject, ground = means
    colours: Floats = subject + share * (given - share * subject - (1 - share) * ground)
    return colours
