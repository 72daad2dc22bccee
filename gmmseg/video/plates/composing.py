"""The plate from the frames: what was really seen, wherever the chosen mode was in sight."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled

_REACH = 9.0  # squared deviations, per channel, within which a sample shows the mode


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
) -> None:
    """Means of the samples about the chosen mode, the nearer the weightier, for rows top to bottom.

    frames : (n, h, w, c); pixels : (h, w, c) float64, in the frames' own units, and share : (h, w) float32, the share
    of frames that show it, are written. Two modes of one surface, as when its light changes a little, lend each other
    their samples; that is less noise.
    """
    n, _, w, c = frames.shape
    total = np.empty(c, np.float64)
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
                    seen += 1
                    for i in range(c):
                        # About low, lest the rounding of a sum of large numbers moves what never changed.
                        total[i] += near * (np.float64(frames[t, y, x, i]) - low)
            share[y, x] = np.float32(seen) / np.float32(n)
            for i in range(c):
                pixels[y, x, i] = low + (total[i] / weight if weight > 0 else means[y, x, mode, i] / scale)
