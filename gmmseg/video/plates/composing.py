"""The pixels of a plate from the samples that show the chosen modes, and how often they do."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled

_REACH = 9.0  # squared deviations, per channel, within which a sample shows the mode
_MANY = 25  # samples of which the median is the better middle; of fewer it is noisier than their mean


@compiled
def _median(values: Any, n: Any) -> Any:
    """The median of values[:n], found by counting what is below one candidate after another."""
    low, high = -np.inf, np.inf
    target = (n - 1) // 2
    for t in range(n):
        value = values[t]
        if value <= low or value >= high:
            continue
        below, same = 0, 0
        for u in range(n):
            below += values[u] < value
            same += values[u] == value
        if below > target:
            high = value
        elif below + same <= target:
            low = value
        elif n % 2 == 1 or below + same > target + 1:
            return value
        else:
            above = np.inf
            for u in range(n):
                if values[u] > value:
                    above = min(above, values[u])
            return (value + above) / 2
    return values[0]


@compiled
def composed_rows(
    frames: Any,
    low: Any,
    scale: Any,
    floor: Any,
    top: Any,
    bottom: Any,
    choice: Any,
    means: Any,
    variances: Any,
    pixels: Any,
    share: Any,
    whole: Any,
) -> None:
    """Middles of the samples about the chosen mode, channel by channel, for rows top to bottom.

    frames : (n, h, w, c); pixels : (h, w, c), in the frames' type and units, rounded if `whole`, and share : (h, w)
    float32, the share of frames that show it, are written. Two modes of one surface, as when its light changes a
    little, lend each other their samples. Of many samples the middle is the median, which a shadow now and then does
    not move; of few the mean, the nearer the weightier.
    """
    n, _, w, c = frames.shape
    total = np.empty(c, np.float64)
    near_by = np.empty((c, n), np.float64)
    for y in range(top, bottom):
        for x in range(w):
            mode = choice[y, x]
            reach = _REACH * c * max(variances[y, x, mode], floor)
            weight, seen = 0.0, 0
            total[:] = 0
            for t in range(n):
                square = 0.0
                for i in range(c):
                    difference = (np.float64(frames[t, y, x, i]) - low) * scale - means[y, x, mode, i]
                    square += difference * difference
                if square < reach:
                    near = 1 - square / reach
                    weight += near
                    for i in range(c):
                        # About low, lest the rounding of a sum of large numbers moves what never changed.
                        near_by[i, seen] = np.float64(frames[t, y, x, i]) - low
                        total[i] += near * near_by[i, seen]
                    seen += 1
            share[y, x] = np.float32(seen) / np.float32(n)
            for i in range(c):
                if seen >= _MANY:
                    value = low + _median(near_by[i], seen)
                elif weight > 0:
                    value = low + total[i] / weight
                else:
                    value = low + means[y, x, mode, i] / scale
                pixels[y, x, i] = np.rint(value) if whole else value
