"""A picture and its regions on a lattice coarse enough that borders are a dozen samples wide.

Every sample is the mean of an upright box of the picture; boxes are all of one size, which need not be whole, so that a
mirrored picture has a mirrored lattice. Small pictures are their own lattice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import hypot
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.bands import by_bands
from gmmseg.compiled import compiled

_REACH = 1 / 36  # of the diagonal
_LEAST = 2.0  # pixels
_SAMPLES = 12  # across the reach, beyond which the lattice is coarser than the picture


@dataclass(frozen=True, eq=False)
class Lattice:
    """The samples of a picture.

    Attributes
    ----------
    colours : (h', w', 3) float32
        Mean colour of the valid pixels of a box, 0 to 255.
    labels : (h', w') int32
        The region that has most of the box, −1 where it is left out.
    reach : float
        How far from a border pixels may be shared, in samples.
    """

    colours: NDArray[np.float32] = field(repr=False)
    labels: NDArray[np.int32] = field(repr=False)
    reach: float


def lattice_of(picture: NDArray[np.uint8], labels: NDArray[np.integer[Any]]) -> Lattice:
    """The lattice of a picture : (h, w, 3) and its regions : (h, w)."""
    h, w = labels.shape
    reach = max(_LEAST, _REACH * hypot(h, w))
    step = max(1, int(reach / _SAMPLES))
    if step == 1:
        return Lattice(picture.astype(np.float32), labels.astype(np.int32), reach)
    rows, columns = -(-h // step), -(-w // step)
    colours, names = np.empty((rows, columns, 3), np.float32), np.empty((rows, columns), np.int32)
    by_bands(rows, columns * step * step, lambda first, last: _boxed(picture, labels, first, last, colours, names))
    return Lattice(colours, names, reach / step)


@compiled
def _boxed(picture: Any, labels: Any, first: Any, last: Any, colours: Any, names: Any) -> None:
    """Write rows first to last of the means over boxes, and of the labels with the largest part of them."""
    h, w = labels.shape
    rows, columns = names.shape
    tall, wide = h / rows, w / columns
    seen, parts = np.empty(64, np.int32), np.empty(64)
    for row in range(first, last):
        top, bottom = row * tall, (row + 1) * tall
        for column in range(columns):
            left, right = column * wide, (column + 1) * wide
            a = b = c = total = 0.0
            n = 0
            for y in range(int(top), min(h, int(np.ceil(bottom)))):
                down = min(bottom, y + 1.0) - max(top, float(y))
                for x in range(int(left), min(w, int(np.ceil(right)))):
                    label = labels[y, x]
                    part = down * (min(right, x + 1.0) - max(left, float(x)))
                    if label < 0 or part <= 0:
                        continue
                    a += part * picture[y, x, 0]
                    b += part * picture[y, x, 1]
                    c += part * picture[y, x, 2]
                    total += part
                    i = 0
                    while i < n and seen[i] != label:
                        i += 1
                    if i == n:
                        if n == len(seen):
                            continue
                        seen[n], parts[n] = label, 0
                        n += 1
                    parts[i] += part
            best = -1
            for i in range(n):
                if best < 0 or parts[i] > parts[best] + 1e-9:
                    best = i
            names[row, column] = seen[best] if best >= 0 else -1
            for i in range(3):
                colours[row, column, i] = 0
            if total > 0:
                colours[row, column, 0] = a / total
                colours[row, column, 1] = b / total
                colours[row, column, 2] = c / total
