"""Smaller pictures by averaging areas: every sample counts by how much of it lies in a cell."""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles, Floats
from gmmseg.files.image import Samples

_ROUNDING = 1e-9  # what is left of nothing
Span = tuple[float, float]


def shrunk(
    samples: Samples,
    height: int,
    width: int,
    weights: Floats | None = None,
    spans: tuple[Span, Span] | None = None,
) -> tuple[Doubles, Doubles]:
    """Weighted means of the cells of a grid, and the cells' weights.

    Cells are all of one size, whether or not that is a whole number of samples, so means and sums over the whole
    picture stay what they are. One cell's samples at a time are held as floats.

    Parameters
    ----------
    samples : (h, w, c)
        Of any real type.
    height, width : int
        Of the grid; at most h and w.
    weights : (h, w) float, optional
        How much each sample counts, from 0 to 1.
    spans : ((top, bottom), (left, right)), optional
        Where the grid lies, within 0 to h and 0 to w.

    Returns
    -------
    means : (height, width, c) float64
        0 where a cell has no weight.
    shares : (height, width) float64
        The mean weight of each cell, from 0 to 1.
    """
    (top, bottom), (left, right) = spans or ((0, samples.shape[0]), (0, samples.shape[1]))
    rows, columns = np.linspace(top, bottom, height + 1), np.linspace(left, right, width + 1)
    area = (bottom - top) * (right - left) / (height * width)
    if weights is None:
        return _over_columns(_over_rows(samples, None, rows), columns) / area, np.ones((height, width))
    shares = np.clip(_over_columns(_over_rows(weights[..., None], None, rows), columns) / area, 0, 1)
    shares[shares < _ROUNDING] = 0
    sums = _over_columns(_over_rows(samples, weights, rows), columns) / area
    means = np.divide(sums, shares, out=np.zeros_like(sums), where=shares > 0)
    return means, shares[..., 0]


def _over_rows(samples: Samples, weights: Floats | None, edges: Doubles) -> Doubles:
    """Sums over the rows between the edges : (n, w, c)."""
    first = np.minimum(edges.astype(np.intp), samples.shape[0] - 1)
    begin, end = first[:-1], np.maximum(first[1:], first[:-1] + 1)
    sums = np.empty((len(begin), *samples.shape[1:]))
    for cell, (a, b) in enumerate(zip(begin.tolist(), end.tolist(), strict=True)):
        band = samples[a:b] if weights is None else samples[a:b] * weights[a:b, :, None]
        np.add.reduce(band, axis=0, dtype=np.float64, out=sums[cell])
    # Whole rows from the one that the edge lies in were added: what is above the edge goes, what is below the next
    # edge's row comes.
    there = samples[first] if weights is None else samples[first] * weights[first, :, None]
    sums -= (edges[:-1] - begin)[:, None, None] * there[:-1]
    sums += (edges[1:] - end)[:, None, None] * there[1:]
    return sums


def _over_columns(sums: Doubles, edges: Doubles) -> Doubles:
    """Sums over the columns between the edges : (h, n, c)."""
    return _over_rows(sums.swapaxes(0, 1), None, edges).swapaxes(0, 1)
