"""Each pixel in its expected colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.bands import by_bands
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, colors_of


def soft_colours(probabilities: ArrayLike, colors: ArrayLike) -> Bytes:
    """The mean of the segments' colours, weighted by how much each pixel belongs to each: Σ pᵢ colorᵢ.

    Parameters
    ----------
    probabilities : (h, w, k) float32
        Each pixel's sum to one, or are all zero where it was left out, which is black then.
    colors : (k, 3) uint8

    Returns
    -------
    (h, w, 3) uint8
    """
    shares = np.asarray(probabilities)
    if shares.dtype.kind != "f" or shares.ndim != 3 or shares.size == 0:
        raise InputError(
            f"expected probabilities of shape (h, w, k) and a floating type; got {shares.shape} and {shares.dtype}"
        )
    height, width, k = shares.shape
    table = colors_of(colors)
    if len(table) != k:
        raise InputError(f"expected {k} colors, as there are planes of probabilities; got {len(table)}")
    weights = table.astype(np.float32)
    picture = np.empty((height, width, 3), np.uint8)

    def work(top: int, bottom: int) -> None:
        # Not a product of matrices: BLAS is slow at such narrow ones, and would start threads of its own.
        for channel in range(3):
            mean = shares[top:bottom, :, 0] * weights[0, channel]
            for c in range(1, k):
                mean += shares[top:bottom, :, c] * weights[c, channel]
            np.fmax(mean, 0, out=mean)  # the greater of NaN and 0 is 0
            np.minimum(mean, 255, out=mean)
            mean += 0.5
            picture[top:bottom, :, channel] = mean.astype(np.uint8)

    by_bands(height, width, work)
    return picture
