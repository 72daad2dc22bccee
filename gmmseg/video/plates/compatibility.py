"""How well the modes of neighbouring pixels go together: whether they are seen in the same frames, and how alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.video.plates.climbing import expected, gathered

_PLAIN = 40.0  # levels of 255 between two modes that differ as much as any
_FULL = 3.0  # a border that is seen in a third of the frames tells as much as one that always is
_CUT = 2.0  # what it costs more where two modes are never seen together
UNIT = 16384  # a cost of 1; the most is 1 + _CUT


@compiled
def _row(frames: Any, low: Any, scale: Any, y: Any, weights: Any, means: Any, variances: Any, shares: Any) -> None:
    """Responsibilities along a row of pixels : (w, k, n)."""
    n, _, w, c = frames.shape
    most = weights.shape[2]
    samples = np.empty((c, n), np.float32)
    room = np.empty((2, n), np.float32)
    for x in range(w):
        k = 1
        while k < most and weights[y, x, k] > 0:
            k += 1
        if k == 1:
            shares[x, 0] = 1
        else:
            gathered(frames, low, scale, y, x, 1, samples)
            expected(samples, k, weights[y, x], means[y, x], variances[y, x], shares[x], room[0], room[1])
        for j in range(k, most):
            shares[x, j] = 0


@compiled
def edges(modes: Any, starts: Any, right: Any, below: Any) -> int:
    """Where the costs of each pixel's edges begin; how many costs there are.

    modes : (h, w) uint8. An edge between pixels of k and j modes has k · j costs, which are few, as most pixels have
    one mode or two; they lie row by row in one array. starts : (h,) int64 are where rows begin, right and below :
    (h, w) uint32 where a pixel's edges begin behind that; all are written.
    """
    h, w = modes.shape
    total = 0
    for y in range(h):
        starts[y] = total
        place = 0
        for x in range(w):
            k = np.int64(modes[y, x])
            right[y, x] = place
            if x + 1 < w:
                place += k * modes[y, x + 1]
            below[y, x] = place
            if y + 1 < h:
                place += k * modes[y + 1, x]
        total += place
    return total


@compiled
def _costs(
    k: Any,
    weights: Any,
    means: Any,
    shares: Any,
    far: Any,
    far_weights: Any,
    far_means: Any,
    far_shares: Any,
    costs: Any,
    place: Any,
) -> None:
    """What each pair of the k and `far` modes of two neighbours costs : uint16, in units of 1/UNIT, from `place` on."""
    n = shares.shape[1]
    c = means.shape[1]
    for a in range(k):
        for b in range(far):
            both = np.float32(0)
            for t in range(n):
                both += shares[a, t] * far_shares[b, t]
            both /= np.float32(n)
            together = both / (weights[a] + far_weights[b] - both)
            strange = max(np.float32(0), np.float32(1) - 2 * both / min(weights[a], far_weights[b]))
            square = np.float32(0)
            for i in range(c):
                difference = means[a, i] - far_means[b, i]
                square += difference * difference
            contrast = min(np.sqrt(square / np.float32(c)) / np.float32(_PLAIN), np.float32(1))
            apart = min(np.float32(1), max(np.float32(0), np.float32(_FULL) * (np.float32(1) - together)))
            cost = (apart + np.float32(_CUT) * strange) * contrast
            costs[place + a * far + b] = np.uint16(cost * np.float32(UNIT) + np.float32(0.5))


@compiled
def compared_rows(
    frames: Any,
    low: Any,
    scale: Any,
    top: Any,
    bottom: Any,
    weights: Any,
    means: Any,
    variances: Any,
    modes: Any,
    starts: Any,
    right: Any,
    below: Any,
    costs: Any,
) -> None:
    """Costs between each pixel of rows top to bottom and the next to the right and below it, where `edges` says.

    Where two modes are seen in the same frames, nothing can be told from how they differ:
    the scene, or an object, looks so. Where one is seen in frames in which the other is not, the border of something
    ran between the two pixels in those frames; and as things stand out from what is behind them, the mode that
    differs more from its neighbour is the thing. So a pair costs its contrast, times 1 − |both| / |either|, counted
    in frames, where that is small; and more where the two were hardly ever seen together, which would cut through a
    thing.
    """
    n, h, w, _ = frames.shape
    k = weights.shape[2]
    here, under = np.empty((w, k, n), np.float32), np.empty((w, k, n), np.float32)
    _row(frames, low, scale, top, weights, means, variances, here)
    for y in range(top, bottom):
        if y + 1 < h:
            _row(frames, low, scale, y + 1, weights, means, variances, under)
        for x in range(w):
            own, weight, mean, share = np.int64(modes[y, x]), weights[y, x], means[y, x], here[x]
            place = starts[y] + np.int64(right[y, x])
            if x + 1 < w:
                far = np.int64(modes[y, x + 1])
                _costs(own, weight, mean, share, far, weights[y, x + 1], means[y, x + 1], here[x + 1], costs, place)
            place = starts[y] + np.int64(below[y, x])
            if y + 1 < h:
                far = np.int64(modes[y + 1, x])
                _costs(own, weight, mean, share, far, weights[y + 1, x], means[y + 1, x], under[x], costs, place)
        here, under = under, here
