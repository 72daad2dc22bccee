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
    from gmmseg.segmentation import cells

    windows = _boxed(sums)
    functions = np.zeros((*sums.shape[:2], 4, k))
    cells.solved(windows, _NOISE, functions)
    # Windows without a pixel say nothing; a cell with pixels always has its own window.
    seen = (windows[..., :1] > 0).astype(np.float64)
    averaged: Doubles = _boxed(functions.reshape(*sums.shape[:2], 4 * k)) / np.maximum(_boxed(seen), 1)
    return averaged.reshape(functions.shape)


def _boxed(planes: Doubles) -> Doubles:
    """Sums over 5 × 5 cells of planes : (rows, columns, c), with nothing beyond the rim."""
    from gmmseg.segmentation import cells

    down, across = np.empty_like(planes), np.empty_like(planes)
    cells.summed(planes, _REACH, 0, down)
    cells.summed(down, 0, _REACH, across)
    return across
