"""Where segments meet, and lines drawn there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.figures.arguments import Bytes, Integers

_FARTHEST = 11  # squared distances up to here, and sums of two of them, fit into a byte


def squared_distance(labels: Integers, top: int, bottom: int, reach: int) -> Bytes:
    """Squared distance of the pixels in rows top to bottom to the nearest border.

    A border is a pixel whose right or lower neighbour has another label, so that lines are one pixel wide at least.
    The distance is Euclidean: the least over columns first, over rows then, each a few shifted minima of bytes.

    Parameters
    ----------
    labels : (h, w) integers
    reach : int
        1 to 11; what is farther away has some number above reach².

    Returns
    -------
    (bottom − top, w) uint8
    """
    height, width = labels.shape
    first, last = max(0, top - reach), min(height, bottom + reach)
    window = labels[first : min(height, last + 1)]
    border = np.zeros((last - first, width), np.bool_)
    border[:, :-1] = window[: last - first, 1:] != window[: last - first, :-1]
    border[: len(window) - 1] |= (window[1:] != window[:-1])[: last - first]
    # What is far has 255 − reach², so that not even the largest shift makes a byte overflow.
    across = (border.view(np.uint8) - np.uint8(1)) & np.uint8(255 - reach * reach)
    beside = across.copy()
    shifted = np.empty_like(across)
    for shift in range(1, min(reach, width - 1) + 1):
        np.add(across, np.uint8(shift * shift), out=shifted)
        np.minimum(beside[:, :-shift], shifted[:, shift:], out=beside[:, :-shift])
        np.minimum(beside[:, shift:], shifted[:, :-shift], out=beside[:, shift:])
    rows = bottom - top
    result = beside[top - first : top - first + rows].copy()
    for shift in range(1, reach + 1):
        np.add(beside, np.uint8(shift * shift), out=shifted)
        for start in (top - first - shift, top - first + shift):
            inner, outer = max(0, -start), min(rows, len(beside) - start)
            if inner < outer:
                np.minimum(result[inner:outer], shifted[start + inner : start + outer], out=result[inner:outer])
    return result


@dataclass(frozen=True, eq=False)
class Pen:
    """A bright line with a dark rim, seen on bright and dark ground alike.

    Attributes
    ----------
    reach : int
        Pixels farther than this from a border stay as they are.
    keep, add : (reach² + 1,) float64
        A pixel p at squared distance s becomes keep[s] · p + add[s].
    """

    reach: int
    keep: Doubles
    add: Doubles

    @classmethod
    def of_width(cls, core: float, rim: float, strength: float = 1.0) -> Pen:
        """A line with a core of half this width and a rim of this width in pixels, with smoothed edges."""
        core = min(core, _FARTHEST / 2)
        rim = min(rim, _FARTHEST - 0.5 - core)
        distance = np.sqrt(np.arange((int(np.ceil(core + rim + 0.5)) - 1) ** 2 + 1))
        bright = strength * np.clip(core + 0.5 - distance, 0, 1)
        dark = 0.75 * strength * np.clip(core + rim + 0.5 - distance, 0, 1)
        return cls(
            int(distance[-1]),
            (1 - dark) * (1 - bright),
            10 * dark * (1 - bright) + 255 * bright,
        )

    def draw(self, labels: Integers, top: int, bottom: int, picture: Bytes) -> None:
        """Draw the borders in rows top to bottom of picture : (h, w, 3) uint8, contiguous."""
        distance = squared_distance(labels, top, bottom, max(1, self.reach)).reshape(-1)
        near = np.flatnonzero(distance <= self.reach * self.reach)
        found = distance[near]
        rows = picture[top:bottom].reshape(-1, 3)
        drawn = rows[near] * self.keep.astype(np.float32)[found, None]
        drawn += self.add.astype(np.float32)[found, None]
        rows[near] = (drawn + np.float32(0.5)).astype(np.uint8)
