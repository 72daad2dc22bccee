"""Shares smoothed along the picture's own edges.

The guided filter (He, Sun and Tang 2010): in every window the shares p are explained as a linear function of the
picture's colours g, p ≈ aᵀg + b by least squares with ε|a|² against noise; every pixel takes the mean of the functions
of the windows it lies in, at its own colour. So shares follow edges of the picture and are flat where it is flat; being
linear in p, they still sum to one.

The windows are laid on a grid of cells whose side is a fixed share of the picture's diagonal. Sums are taken within
cells, windows are 5 × 5 cells, and mean functions are read bilinearly between the cells' centres (after He and Sun's
fast guided filter, 2015). So the cost does not grow with the width of the windows, and a picture and its enlargement
are smoothed alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Floats
from gmmseg.crew import Crew

_CELLS = 144  # along the diagonal, at a strength of 1
_REACH = 2  # cells that a window has on either side of its middle
_NOISE = 1e-3  # ε, in squares of the guide's range


@dataclass(frozen=True, eq=False)
class Field:
    """Linear functions of the guide, one for each component, on a grid of cells.

    Attributes
    ----------
    functions : (rows, columns, 4, k) float32
        The constant, and the factors of the guide's three channels, taken from −½ to ½.
    step : int
        The side of a cell in pixels.
    """

    functions: Floats
    step: int


def step_of(shape: tuple[int, int], strength: float) -> int:
    """The side of the cells for a picture of this shape, in pixels."""
    return max(1, round(strength * hypot(*shape) / _CELLS))


def fitted_field(
    guide: NDArray[np.uint8], index: NDArray[np.int32], bands: Any, k: int, strength: float, crew: Crew
) -> Field:
    """The field of a picture.

    guide : (h, w, 3) uint8. index : (h, w) int32, −1 where left out. bands(first, last) gives the shares of the pixels
    of rows first to last as a table : (n, k) float32 and the number of its first row in `index`.
    """
    from gmmseg.segmentation import cells

    h, w = index.shape
    step = step_of((h, w), strength)
    rows, columns = -(-h // step), -(-w // step)
    sums = np.zeros((rows, columns, cells.GUIDE + 4 * k))

    def work(begin: int, end: int) -> None:
        table, offset = bands(begin * step, min(end * step, h))
        cells.gathered(guide, index, table, offset, step, begin, end, sums)

    crew.share(work, rows)
    return Field(_functions(sums, k).astype(np.float32), step)


def _functions(sums: Doubles, k: int) -> Doubles:
    """Mean least-squares functions of the windows over each cell : (rows, columns, 4, k)."""
    windows = _boxed(sums)
    count = np.maximum(windows[..., :1], 1)
    means = windows / count
    g = means[..., 1:4]
    p = means[..., 10 : 10 + k]
    xx, xy, xz, yy, yz, zz = (means[..., 4 + i] for i in range(6))
    inverse = _inverse(
        xx - g[..., 0] ** 2 + _NOISE,
        xy - g[..., 0] * g[..., 1],
        xz - g[..., 0] * g[..., 2],
        yy - g[..., 1] ** 2 + _NOISE,
        yz - g[..., 1] * g[..., 2],
        zz - g[..., 2] ** 2 + _NOISE,
    )
    products = means[..., 10 + k :].reshape(*means.shape[:2], 3, k)
    slopes = inverse @ (products - g[..., None] * p[..., None, :])
    constants = p - (g[..., None] * slopes).sum(axis=2)
    functions = np.concatenate([constants[..., None, :], slopes], axis=2)
    # Windows without a pixel say nothing; a cell with pixels always has its own window.
    seen = (windows[..., 0] > 0).astype(np.float64)
    flat = (functions * seen[..., None, None]).reshape(*seen.shape, -1)
    weight = np.maximum(_boxed(seen[..., None]), 1)
    averaged: Doubles = (_boxed(flat) / weight).reshape(functions.shape)
    return averaged


def _boxed(planes: Doubles) -> Doubles:
    """Sums over 5 × 5 cells of planes : (rows, columns, c), with nothing beyond the rim."""
    for axis in (0, 1):
        pad = [(0, 0)] * planes.ndim
        pad[axis] = (_REACH + 1, _REACH)
        running = np.cumsum(np.pad(planes, pad), axis=axis)
        n = planes.shape[axis]
        upper = np.take(running, range(2 * _REACH + 1, n + 2 * _REACH + 1), axis=axis)
        planes = upper - np.take(running, range(n), axis=axis)
    return planes


def _inverse(xx: Doubles, xy: Doubles, xz: Doubles, yy: Doubles, yz: Doubles, zz: Doubles) -> Doubles:
    """Inverses of symmetric 3 × 3 matrices from their entries, by cofactors : (…, 3, 3)."""
    a, b, c = yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy
    d, e, f = xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy
    determinant = xx * a + xy * b + xz * c
    rows = np.stack([a, b, c, b, d, e, c, e, f], axis=-1) / determinant[..., None]
    return rows.reshape(*xx.shape, 3, 3)
