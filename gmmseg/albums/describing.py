"""A small picture as numbers.

`mean` is three numbers and clusters what differs in its overall colour: skies, sunsets, forests. `mean+std` parts a
plain picture from one of many colours with the same mean. `histogram` sees which colours there are, wherever they are;
the square roots of its shares are compared, so that their distance is Hellinger's and a little of a new colour counts
more than a little more of a common one. `layout` sees where colours are: a sky above a field is not a field above a
sky. The two long ones are projected before they are clustered; see `gmmseg.albums.projection`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.features.colour import converted
from gmmseg.files.shrinking import shrunk
from gmmseg.files.small import Small

_GRID = 64  # cells along the longer side of what a histogram is taken of
PARTS = 4  # rows and columns of a layout
# Centres of the bins along L*, a* and b*: 25 and 20 apart are steps that everybody sees, and beyond the last a colour
# hardly goes on.
_AXES = (np.linspace(0, 100, 5), np.linspace(-60, 80, 8), np.linspace(-80, 80, 9))


@dataclass(frozen=True)
class Descriptor:
    """One way to describe a picture.

    Attributes
    ----------
    row : callable
        (d,) float64 of a small picture.
    length : int
        How many numbers there are.
    columns : tuple of str or None
        Their names; None where they are many and are projected.
    resolution : float
        Differences that mean nothing, of any of the numbers; no cluster is narrower.
    """

    row: Callable[[Small], Doubles]
    length: int
    columns: tuple[str, ...] | None
    resolution: float


def _mean(small: Small) -> Doubles:
    return small.mean


def _mean_and_spread(small: Small) -> Doubles:
    """The standard deviations are those of the small picture, so that they mean the same for pictures of all sizes."""
    mean = small.mean
    weights = small.weights.astype(np.float64)
    variances = np.einsum("hw,hwc->c", weights, (small.pixels - mean) ** 2) / weights.sum()
    return np.concatenate([mean, np.sqrt(variances)])


def _histogram(small: Small) -> Doubles:
    """Square roots of the shares of soft bins: a colour is shared among the eight around it."""
    height, width = small.weights.shape
    longer = max(height, width)
    if longer > _GRID:
        height, width = (max(1, round(length * _GRID / longer)) for length in (height, width))
    colours, weights = shrunk(small.pixels, height, width, small.weights)
    lab = converted(colours.reshape(-1, 3) / 255, "lab").astype(np.float64)
    places, shares = [], []
    for values, centres in zip(lab.T, _AXES, strict=True):
        at = np.clip((values - centres[0]) / (centres[1] - centres[0]), 0, len(centres) - 1)
        low = np.minimum(at.astype(np.intp), len(centres) - 2)
        places.append((low, low + 1))
        shares.append((1 - (at - low), at - low))
    (_, many_a, many_b) = (len(centres) for centres in _AXES)
    counts = np.zeros(_BINS)
    for corner in np.ndindex(2, 2, 2):
        (l, a, b), (x, y, z) = (
            [each[side] for each, side in zip(axes, corner, strict=True)] for axes in (places, shares)
        )
        own = x * y * z * weights.reshape(-1)
        counts += np.bincount((l * many_a + a) * many_b + b, own, minlength=counts.size)
    roots: Doubles = np.sqrt(counts / counts.sum())
    return roots


def _layout(small: Small) -> Doubles:
    """The mean colour of each part in L*a*b*; parts with nothing to see take the whole picture's."""
    pixels, weights = small.pixels, small.weights
    for axis in (0, 1):
        if pixels.shape[axis] < PARTS:  # so few that parts would be empty: each is seen several times
            seen = np.arange(PARTS) * pixels.shape[axis] // PARTS
            pixels, weights = pixels.take(seen, axis), weights.take(seen, axis)
    colours, shares = shrunk(pixels, PARTS, PARTS, weights)
    colours[shares == 0] = small.mean
    return converted(colours.reshape(-1, 3) / 255, "lab").astype(np.float64).reshape(-1)


_RGB = ("red", "green", "blue")
_BINS = int(np.prod([len(centres) for centres in _AXES]))
DESCRIPTORS: dict[str, Descriptor] = {
    "mean": Descriptor(_mean, 3, _RGB, 1.0),
    "mean+std": Descriptor(_mean_and_spread, 6, (*_RGB, *(f"spread of {name}" for name in _RGB)), 1.0),
    "histogram": Descriptor(_histogram, _BINS, None, 0.01),
    "layout": Descriptor(_layout, 3 * PARTS**2, None, 1.0),
}
