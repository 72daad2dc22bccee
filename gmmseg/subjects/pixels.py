"""From odds of crumbs to odds of pixels, so that thin parts have them too that are in no crumb of their own.

Each pixel hears what its crumb is, up to a point, what its own colour says, and its eight neighbours, the more the more
it is like them: an Ising model whose weights fall with contrast as GrabCut's do, exp(−|Δ|² / 2⟨|Δ|²⟩), solved by the
mean field. Pixels are visited in four lattices in turn, none of which has neighbours within, so the order within is of
no consequence.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Flags, Floats
from gmmseg.compiled import compiled
from gmmseg.features.colour import converted

_STEPS = 8
_MOST = 1 - 1e-7  # a mean beyond would be infinite odds


def settled(picture: NDArray[np.uint8], valid: Flags, odds: Doubles, pull: float) -> Floats:
    """Log-odds of pixels : (h, w) float32 that agree with each other.

    Parameters
    ----------
    picture : (h, w, 3) uint8
    valid : (h, w) bool
        Other pixels have no say, and odds of 0.
    odds : (h, w) float64
        Log-odds that each pixel would have by itself.
    pull : float
        Of neighbours of one colour, in halves of log-odds.
    """
    lab = converted(picture.reshape(-1, 3), "lab").reshape(picture.shape)
    own = np.where(valid, odds, 0).astype(np.float32)
    weights = np.zeros((4, *own.shape), np.float32)
    _weighed(lab, valid, np.float32(pull), np.float32(_sharpness(lab, valid)), weights)
    means = np.tanh(own / 2)
    _solved(own, weights, _STEPS, means)
    return np.asarray(2 * np.arctanh(np.clip(means, -_MOST, _MOST)), np.float32)


def _sharpness(lab: Floats, valid: Flags) -> float:
    """1 / 2⟨|Δ|²⟩ over neighbours along rows and columns."""
    total, count = 0.0, 0
    for axis in range(2):
        both = np.logical_and(*_shifted(valid, axis))
        near, far = _shifted(lab, axis)
        total += float(np.square(far - near).sum(axis=2, dtype=np.float64)[both].sum())
        count += int(both.sum())
    return count / (2 * total) if total > 0 else 0.0


def _shifted(values: Any, axis: int) -> tuple[Any, Any]:
    return (values[:-1], values[1:]) if axis == 0 else (values[:, :-1], values[:, 1:])


@compiled
def _weighed(lab: Any, valid: Any, pull: Any, sharpness: Any, weights: Any) -> None:
    """Weights to the right, below, below to the right, and below to the left."""
    h, w = valid.shape
    for y in range(h):
        for x in range(w):
            if not valid[y, x]:
                continue
            for k in range(4):
                v = y if k == 0 else y + 1
                u = x if k == 1 else x - 1 if k == 3 else x + 1
                if v >= h or u < 0 or u >= w or not valid[v, u]:
                    continue
                far = np.float32(0)
                for c in range(3):
                    far += (lab[y, x, c] - lab[v, u, c]) ** 2
                near = np.float32(1) if k < 2 else np.float32(0.70710678)
                weights[k, y, x] = pull * near * np.exp(-sharpness * far)


@compiled
def _solved(own: Any, weights: Any, steps: Any, means: Any) -> None:
    h, w = own.shape
    for _ in range(steps):
        for lattice in range(4):
            for y in range(lattice // 2, h, 2):
                for x in range(lattice % 2, w, 2):
                    s = np.float32(0)
                    if x + 1 < w:
                        s += weights[0, y, x] * means[y, x + 1]
                    if x > 0:
                        s += weights[0, y, x - 1] * means[y, x - 1]
                    if y + 1 < h:
                        s += weights[1, y, x] * means[y + 1, x]
                        if x + 1 < w:
                            s += weights[2, y, x] * means[y + 1, x + 1]
                        if x > 0:
                            s += weights[3, y, x] * means[y + 1, x - 1]
                    if y > 0:
                        s += weights[1, y - 1, x] * means[y - 1, x]
                        if x > 0:
                            s += weights[2, y - 1, x - 1] * means[y - 1, x - 1]
                        if x + 1 < w:
                            s += weights[3, y - 1, x + 1] * means[y - 1, x + 1]
                    means[y, x] = np.tanh(own[y, x] / np.float32(2) + s)
