"""How deep in its region every pixel lies."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.bands import by_bands
from gmmseg.compiled import compiled

_FAR = 1 << 14  # pixels; no reach is as long


def depths(labels: NDArray[np.int32], reach: float) -> NDArray[np.float32]:
    """The distance of each pixel's middle from the nearest of another region, at most reach + 1 : (h, w) float32.

    Pixels that are left out, −1, are no region, and nothing is seen across them. Exact: along columns first, then along
    rows, where a pixel of the same label knows what its own column has (after Felzenszwalb and Huttenlocher 2012).
    """
    h, w = labels.shape
    far = min(_FAR, int(reach) + 2)
    upright = np.empty((h, w), np.int16)
    by_bands(w, h, lambda first, last: _along_columns(labels, far, first, last, upright))
    found = np.empty((h, w), np.float32)
    by_bands(h, w, lambda first, last: _along_rows(labels, upright, far, np.float32(reach + 1), first, last, found))
    return found


@compiled
def _along_columns(labels: Any, far: Any, first: Any, last: Any, upright: Any) -> None:
    h = len(labels)
    for x in range(first, last):
        upright[0, x] = far
    for y in range(1, h):
        for x in range(first, last):
            here, there = labels[y, x], labels[y - 1, x]
            upright[y, x] = min(far, upright[y - 1, x] + 1) if here == there else (far if there < 0 else 1)
    for y in range(h - 2, -1, -1):
        for x in range(first, last):
            here, there = labels[y, x], labels[y + 1, x]
            below = min(far, upright[y + 1, x] + 1) if here == there else (far if there < 0 else 1)
            upright[y, x] = min(upright[y, x], below)


@compiled
def _along_rows(labels: Any, upright: Any, far: Any, most: Any, first: Any, last: Any, found: Any) -> None:
    w = labels.shape[1]
    for y in range(first, last):
        for x in range(w):
            here = labels[y, x]
            best = np.int64(upright[y, x]) * upright[y, x]
            for way in (-1, 1):
                for i in range(1, far):
                    if i * i >= best:
                        break
                    at = x + way * i
                    if at < 0 or at >= w or labels[y, at] < 0:
                        break
                    if labels[y, at] != here:
                        best = i * i
                        break
                    best = min(best, i * i + np.int64(upright[y, at]) * upright[y, at])
            found[y, x] = min(most, np.float32(np.sqrt(best))) if here >= 0 else np.float32(0)
