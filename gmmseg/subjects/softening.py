"""From the odds of a small picture to the alpha of the whole one: soft where the border is, along the picture's edges.

The guided filter makes shares of the odds follow the picture's own colours in windows of a few cells. Only a band along
the border takes them; farther in, alpha is 1, and farther out 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags, Floats
from gmmseg.crew import Crew
from gmmseg.segmentation.guided import fitted_field

_BAND = 3  # pixels of the small picture to either side of the border
_STEEP = np.float32(1.1)  # what is nearly nothing is nothing: a veil of a twentieth is seen on every other ground
_ROWS = 1 << 18  # pixels of the whole picture that are read at a time


def softened(picture: NDArray[np.uint8], valid: Flags, odds: Floats, strength: float, threads: int | None) -> Floats:
    """Alpha of every pixel : (h, w) float32, 0 where not valid.

    Parameters
    ----------
    picture : (h, w, 3) uint8
    valid : (h, w) bool
    odds : (h', w') float32
        Log-odds of the cells of a grid over the picture.
    strength : float
        Of the guided filter.
    """
    from scipy.ndimage import maximum_filter, minimum_filter
    from scipy.special import expit

    (height, width), (rows, columns) = valid.shape, odds.shape
    shares = expit(odds).astype(np.float32)
    inside = shares > 0.5
    size = 2 * _BAND + 1
    sure, band = minimum_filter(inside, size), maximum_filter(inside, size)
    band &= ~sure
    table = np.stack([1 - shares, shares], axis=2).reshape(-1, 2)
    down = np.minimum(np.arange(height) * rows // height, rows - 1).astype(np.int32)
    across = np.minimum(np.arange(width) * columns // width, columns - 1).astype(np.int32)
    index = np.where(valid, down[:, None] * np.int32(columns) + across, np.int32(-1))

    def of_rows(_first: int, _last: int) -> tuple[Floats, int]:
        return table, 0

    with Crew(threads) as crew:
        field = fitted_field(picture, index, of_rows, 2, strength, crew)
        alpha = np.empty((height, width), np.float32)

        def work(begin: int, end: int) -> None:
            _fill(picture, index, field, begin, end, (sure.ravel(), band.ravel()), alpha)

        step = max(1, _ROWS // width)
        crew.share(lambda a, b: work(a * step, min(height, b * step)), -(-height // step))
    return alpha


def _fill(
    picture: NDArray[np.uint8],
    index: NDArray[np.int32],
    field: Any,
    begin: int,
    end: int,
    cells: tuple[Flags, Flags],
    alpha: Floats,
) -> None:
    """Rows of alpha."""
    from gmmseg.segmentation import cells as kernels

    step = max(1, _ROWS // index.shape[1])
    for first in range(begin, end, step):
        last = min(end, first + step)
        own = index[first:last]
        place = np.maximum(own, 0)
        alpha[first:last] = cells[0][place]
        band = cells[1][place] & (own >= 0)
        if band.any():
            shares = np.empty((*own.shape, 2), np.float32)
            kernels.evaluated(picture, index, field.functions, field.step, first, last, _LABELS, _CERTAINTY, shares)
            alpha[first:last][band] = np.clip(0.5 + _STEEP * (shares[..., 1] - 0.5), 0, 1)[band]
        alpha[first:last][own < 0] = 0


_LABELS = np.empty((0, 0), np.int16)
_CERTAINTY = np.empty((0, 0), np.float32)
