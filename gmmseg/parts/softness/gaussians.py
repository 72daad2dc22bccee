"""The Gaussian of each region's colours about every place: of a many-coloured region as a whole it would be broad.

Sums are taken at the nodes of a grid, three to a reach, and blurred. A sample counts the more the deeper it lies in its
region, since close to a border colours are mixed, and the label may be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.bands import by_bands
from gmmseg.compiled import compiled
from gmmseg.parts.softness.lattice import Lattice

SUMS = 11  # how many, Σv, Σvg, Σvggᵀ (xx, xy, xz, yy, yz, zz)
_NODES = 3  # to a reach
_BLUR = np.array([1, 8, 28, 56, 70, 56, 28, 8, 1], np.float32) / np.float32(256)
_HELD = 12  # regions that a node knows
_LEAST = 1e-4  # what a sample counts that touches a border
_SHIFT = 128.0  # taken off colours, so that squares stay small


@dataclass(frozen=True, eq=False)
class Gaussians:
    """Sums over the samples of each region about the nodes of a grid.

    Attributes
    ----------
    owners : (rows, columns, 12) int32
        The regions about a node, those with most samples first, then −1.
    sums : (rows, columns, 12, 11) float32
        Of colours less 128: the samples, and with depth as weight Σv, Σvg and Σvggᵀ.
    step, top, left : float
        Between nodes, and where the first one is, in samples.
    """

    owners: NDArray[np.int32] = field(repr=False)
    sums: NDArray[np.float32] = field(repr=False)
    step: float
    top: float
    left: float


def gaussians_of(lattice: Lattice, depth: NDArray[np.float32]) -> Gaussians:
    """The Gaussians about every place of a lattice; depth : (h', w')."""
    h, w = depth.shape
    step = max(1.0, lattice.reach / _NODES)
    rows, columns = max(2, ceil((h - 1) / step) + 1), max(2, ceil((w - 1) / step) + 1)
    top, left = ((h - 1) - (rows - 1) * step) / 2, ((w - 1) - (columns - 1) * step) / 2
    raw, sums = _held(rows, columns)
    area = max(1, int(4 * step * step))
    by_bands(
        rows,
        columns * area,
        lambda first, last: _gathered(
            lattice.colours, lattice.labels, depth, lattice.reach, step, top, left, first, last, raw, sums
        ),
    )
    owners, blurred = _held(rows, columns)
    area = len(_BLUR) ** 2
    by_bands(rows, columns * area, lambda first, last: _blurred(raw, sums, _BLUR, first, last, owners, blurred))
    return Gaussians(owners, blurred, step, top, left)


def _held(rows: int, columns: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    return np.full((rows, columns, _HELD), -1, np.int32), np.zeros((rows, columns, _HELD, SUMS), np.float32)


@compiled
def _gathered(
    colours: Any,
    labels: Any,
    depth: Any,
    reach: Any,
    step: Any,
    top: Any,
    left: Any,
    first: Any,
    last: Any,
    owners: Any,
    sums: Any,
) -> None:
    """Sums about the nodes of rows first to last, under a tent that reaches to the next nodes."""
    h, w = labels.shape
    for row in range(first, last):
        middle = top + row * step
        for column in range(owners.shape[1]):
            centre = left + column * step
            names, own = owners[row, column], sums[row, column]
            n = 0
            for y in range(max(0, int(np.ceil(middle - step))), min(h, int(np.floor(middle + step)) + 1)):
                down = 1 - abs(y - middle) / step
                for x in range(max(0, int(np.ceil(centre - step))), min(w, int(np.floor(centre + step)) + 1)):
                    label = labels[y, x]
                    part = np.float32(down * (1 - abs(x - centre) / step))
                    if label < 0 or part <= 0:
                        continue
                    i = 0
                    while i < n and names[i] != label:
                        i += 1
                    if i == n:
                        if n == _HELD:
                            continue
                        names[n] = label
                        n += 1
                    inside = min(max((depth[y, x] - 1) / reach, 0.0), 1.0)
                    v = part * np.float32(inside * inside + _LEAST)
                    a = np.float32(colours[y, x, 0] - _SHIFT)
                    b = np.float32(colours[y, x, 1] - _SHIFT)
                    c = np.float32(colours[y, x, 2] - _SHIFT)
                    s = own[i]
                    s[0] += part
                    s[1] += v
                    s[2] += v * a
                    s[3] += v * b
                    s[4] += v * c
                    s[5] += v * a * a
                    s[6] += v * a * b
                    s[7] += v * a * c
                    s[8] += v * b * b
                    s[9] += v * b * c
                    s[10] += v * c * c


@compiled
def _kept(names: Any, found: Any, n: Any, owners: Any, blurred: Any) -> None:
    """The regions with most samples of n, in order, into owners : (12,) and blurred : (12, 11)."""
    for place in range(min(n, len(owners))):
        best = -1
        for i in range(n):
            if names[i] >= 0 and (best < 0 or found[i, 0] > found[best, 0]):
                best = i
        owners[place] = names[best]
        for f in range(SUMS):
            blurred[place, f] = found[best, f]
        names[best] = -1


@compiled
def _blurred(raw: Any, sums: Any, blur: Any, first: Any, last: Any, owners: Any, blurred: Any) -> None:
    """Blur the sums region by region; a node keeps those that have most samples."""
    rows, columns, held = raw.shape
    half = len(blur) // 2
    names, found = np.empty(16 * held, np.int32), np.empty((16 * held, SUMS), np.float32)
    for row in range(first, last):
        for column in range(columns):
            n = 0
            for y in range(max(0, row - half), min(rows, row + half + 1)):
                for x in range(max(0, column - half), min(columns, column + half + 1)):
                    part = blur[y - row + half] * blur[x - column + half]
                    for j in range(held):
                        name = raw[y, x, j]
                        if name < 0:
                            break
                        i = 0
                        while i < n and names[i] != name:
                            i += 1
                        if i == n:
                            if n == len(names):
                                continue
                            names[n] = name
                            for f in range(SUMS):
                                found[n, f] = 0
                            n += 1
                        for f in range(SUMS):
                            found[i, f] += part * sums[y, x, j, f]
            _kept(names, found, n, owners[row, column], blurred[row, column])
