"""What is inside each crumb, as sums that add up when crumbs merge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Floats
from gmmseg.compiled import compiled


@dataclass(frozen=True, eq=False)
class Statistics:
    """Sums over the pixels of each of n crumbs.

    Attributes
    ----------
    areas : (n,) float64
    places : (n, 2) float64
        y and x.
    colours : (n, 3) float64
        Of L*, a*, b*.
    squares : (n, 6) float64
        Of their products LL, La, Lb, aa, ab, bb.
    palettes, textures : (n, k), (n, m) float64
        Of the responsibilities of the mixtures of colours and of textures.
    """

    areas: Doubles
    places: Doubles
    colours: Doubles
    squares: Doubles
    palettes: Doubles
    textures: Doubles


def statistics_of(crumbs: NDArray[np.int32], n: int, lab: Floats, palettes: Floats, textures: Floats) -> Statistics:
    """Sums over each of n crumbs of planes (c, h, w), and of those of half the size; −1 is left out."""
    squares = np.stack([lab[i] * lab[j] for i in range(3) for j in range(i, 3)])
    areas, places = np.zeros(n), np.zeros((n, 2))
    _placed(crumbs, areas, places)
    return Statistics(areas, places, *(_sums(crumbs, n, planes) for planes in (lab, squares, palettes, textures)))


def _sums(crumbs: NDArray[np.int32], n: int, planes: Floats) -> Doubles:
    sums = np.zeros((len(planes), n))
    _summed(crumbs, planes, 1 if planes.shape[1:] == crumbs.shape else 2, sums)
    return np.ascontiguousarray(sums.T)


@compiled
def _placed(crumbs: Any, areas: Any, places: Any) -> None:
    for y in range(crumbs.shape[0]):
        for x in range(crumbs.shape[1]):
            if crumbs[y, x] >= 0:
                areas[crumbs[y, x]] += 1
                places[crumbs[y, x], 0] += y
                places[crumbs[y, x], 1] += x


@compiled
def _summed(crumbs: Any, planes: Any, step: Any, sums: Any) -> None:
    for c in range(len(planes)):
        for y in range(crumbs.shape[0]):
            for x in range(crumbs.shape[1]):
                if crumbs[y, x] >= 0:
                    sums[c, crumbs[y, x]] += planes[c, y // step, x // step]
