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
            gathered(frames, low, scale, y, x, samples)
            expected(samples, k, weights[y, x], means[y, x], variances[y, x], shares[x], room[0], room[1])
        for j in range(k, most):
            shares[x, j] = 0


@compiled
def _costs(
    weights: Any, means: Any, shares: Any, far_weights: Any, far_means: Any, far_shares: Any, costs: Any
) -> None:
    """What each pair of modes of two neighbours costs : (k, k) uint16, in units of 1/UNIT."""
    k, n = shares.shape
    c = means.shape[1]
    for a in range(k):
        for b in range(k):
            costs[a, b] = 0
            if weights[a] == 0 or far_weights[b] == 0:
                continue  # never chosen
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
            costs[a, b] = np.uint16(cost * np.float32(UNIT) + np.float32(0.5))


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
    across: Any,
    down: Any,
) -> None:
    """Costs between each pixel of rows top to bottom and the next to the right, `across`, and below it, `down`.

    Both are (h, w, k, k) uint16. Where two modes are seen in the same frames, nothing can be told from how they differ:
    the scene, or an object, looks so. Where one is seen in frames in which the other is not, the border of something
    ran between the two pixels in those frames; and as things stand out from what is behind them, the mode that
    differs more from its neighbour is the thing. So a pair costs its contrast, times 1 − |both| / |either|, counted
    in frames, where that is small; and more where the two were hardly ever seen together, which would cut through a
    thing.
    """
    n, h, w, _ = frames.shape
    k = weights.shape[2]
    here, below = np.empty((w, k, n), np.float32), np.empty((w, k, n), np.float32)
    _row(frames, low, scale, top, weights, means, variances, here)
    for y in range(top, bottom):
        for x in range(w - 1):
            _costs(weights[y, x], means[y, x], here[x], weights[y, x + 1], means[y, x + 1], here[x + 1], across[y, x])
        if y + 1 < h:
            _row(frames, low, scale, y + 1, weights, means, variances, below)
            for x in range(w):
                _costs(weights[y, x], means[y, x], here[x], weights[y + 1, x], means[y + 1, x], below[x], down[y, x])
            here, below = below, here
