"""A large picture in tiles that are worked on side by side."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from gmmseg.arrays import Floats
from gmmseg.crew import Crew

_SIDE = 256  # patches along each side of a tile; those of a tile are a few dozen megabytes

Work = Callable[[slice, slice], tuple[Floats, Floats]]


def by_tiles(shape: tuple[int, int, int], size: int, work: Work, crew: Crew) -> Floats:
    """The average of overlapping patches over a picture : (h, w, c); 0 where there are none.

    work(rows, columns) yields the weighted sum of the patches within these pixels, and of the weights : (…, c) each.
    Tiles overlap by a patch less one pixel, so that every patch is in one tile; their sums are added in order.
    """
    h, w, _ = shape
    places = [(y, x) for y in _cuts(h, size) for x in _cuts(w, size)]
    found: list[tuple[Floats, Floats]] = [(np.empty(0), np.empty(0))] * len(places)

    def some(begin: int, end: int) -> None:
        for number in range(begin, end):
            found[number] = work(*places[number])

    crew.share(some, len(places))
    total, share = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for place, (sums, weights) in zip(places, found, strict=True):
        total[place] += sums
        share[place] += weights
    return np.divide(total, share, out=total, where=share > 0)


def _cuts(length: int, size: int) -> list[slice]:
    """Stretches of pixels, each with about the same number of patches."""
    patches = length - size + 1
    count = max(1, round(patches / _SIDE))
    edges = [patches * n // count for n in range(count + 1)]
    return [slice(begin, end + size - 1) for begin, end in itertools.pairwise(edges)]
