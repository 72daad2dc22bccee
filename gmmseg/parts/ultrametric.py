"""The ultrametric contour map (Arbeláez 2006): at which height each border goes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats
from gmmseg.bands import by_bands
from gmmseg.compiled import compiled


def contour_map(crumbs: NDArray[np.int32], merges: NDArray[np.int32], strengths: Floats) -> Floats:
    """The largest strength at which each pixel is apart from its right or its lower neighbour : (h, w) float32.

    0 inside of crumbs, and towards pixels that were left out or outside of the picture.

    Two crumbs are apart until their lowest common ancestor is made. When crumbs stand in a row in which every node is
    a stretch, that is the largest strength among the gaps between them, for strengths rise towards the root: two looks
    into a table of the largest strengths of all stretches of 1, 2, 4, … gaps.
    """
    height, width = crumbs.shape
    contours = np.empty((height, width), np.float32)
    places, gaps = np.empty(len(merges) + 1, np.int32), np.zeros(len(merges) + 1, np.float32)
    _arranged(merges, strengths, places, gaps)
    table = _largest(gaps)
    by_bands(height, width, lambda top, bottom: _drawn(crumbs, places, table, top, bottom, contours))
    return contours


def _largest(gaps: Floats) -> Floats:
    """Largest of 2^i gaps from each on : (levels, n); those beyond the last are 0."""
    levels = [gaps]
    while 1 << len(levels) < len(gaps):
        half = 1 << len(levels) - 1
        level = levels[-1].copy()
        np.maximum(level[:-half], level[half:], out=level[:-half])
        levels.append(level)
    return np.stack(levels)


@compiled
def _arranged(merges: Any, strengths: Any, places: Any, gaps: Any) -> None:
    """Places of the crumbs in the row, and the strength of the gap behind each place."""
    n = len(places)
    sizes = np.ones(n + len(merges), np.int32)
    for t in range(len(merges)):
        sizes[n + t] = sizes[merges[t, 0]] + sizes[merges[t, 1]]
    begins = np.zeros(n + len(merges), np.int32)
    for t in range(len(merges) - 1, -1, -1):
        a, b = merges[t, 0], merges[t, 1]
        begins[a] = begins[n + t]
        begins[b] = begins[a] + sizes[a]
        gaps[begins[b] - 1] = strengths[t]
    for i in range(n):
        places[i] = begins[i]


@compiled
def _apart(table: Any, a: Any, b: Any) -> Any:
    low, high = min(a, b), max(a, b)
    level = 0
    while 2 << level <= high - low:
        level += 1
    return max(table[level, low], table[level, high - (1 << level)])


@compiled
def _drawn(crumbs: Any, places: Any, table: Any, top: Any, bottom: Any, contours: Any) -> None:
    height, width = crumbs.shape
    for y in range(top, bottom):
        for x in range(width):
            here = crumbs[y, x]
            strength = np.float32(0)
            if here >= 0:
                if x + 1 < width and crumbs[y, x + 1] >= 0 and crumbs[y, x + 1] != here:
                    strength = _apart(table, places[here], places[crumbs[y, x + 1]])
                if y + 1 < height and crumbs[y + 1, x] >= 0 and crumbs[y + 1, x] != here:
                    strength = max(strength, _apart(table, places[here], places[crumbs[y + 1, x]]))
            contours[y, x] = strength
