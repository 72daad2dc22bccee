"""The basins of a landscape: a watershed from its regional minima (Vincent and Soille 1991; Meyer 1994)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats
from gmmseg.compiled import compiled

_LEVELS = 512


def basins(landscape: Floats) -> NDArray[np.int32]:
    """The basin of each pixel : (h, w) int32, without pixels for the lines between them.

    landscape : (h, w) float32, at least 0. Heights are told apart in 512 steps; a plateau is shared by those who
    come first.
    """
    top = float(landscape.max())
    scale = np.float32((_LEVELS - 1) / top) if top > 0 else np.float32(0)
    levels = (landscape * scale).astype(np.int32)
    labels = np.empty(landscape.shape, np.int32)
    _minima(levels, labels)
    flooded(levels, labels, _LEVELS)
    return labels


@compiled
def _minima(levels: Any, labels: Any) -> None:
    """Number the plateaus that no lower pixel touches; −1 elsewhere."""
    h, w = levels.shape
    for y in range(h):
        for x in range(w):
            labels[y, x] = -1
    seen = np.zeros(h * w, np.bool_)
    plateau = np.empty(h * w, np.int32)
    count = 0
    for start in range(h * w):
        if seen[start]:
            continue
        seen[start] = True
        plateau[0] = start
        size, at, lowest = 1, 0, True
        level = levels[start // w, start % w]
        while at < size:
            y, x = plateau[at] // w, plateau[at] % w
            at += 1
            for side in range(4):
                v, u = y + (side == 3) - (side == 0), x + (side == 2) - (side == 1)
                if v < 0 or u < 0 or v >= h or u >= w:
                    continue
                if levels[v, u] < level:
                    lowest = False
                elif levels[v, u] == level and not seen[v * w + u]:
                    seen[v * w + u] = True
                    plateau[size] = v * w + u
                    size += 1
        if lowest:
            for i in range(size):
                labels[plateau[i] // w, plateau[i] % w] = count
            count += 1


@compiled
def flooded(levels: Any, labels: Any, count: Any) -> None:
    """Let labels : (h, w) spread over the pixels that are −1, the lowest levels : (h, w) from 0 to `count` − 1 first.

    Pixels below −1 are never flooded. A queue for each level makes it linear in the pixels.
    """
    h, w = levels.shape
    heads, tails = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    after = np.full(h * w, -1, np.int32)
    for y in range(h):
        for x in range(w):
            if labels[y, x] < 0:
                continue
            open_ = (
                (y > 0 and labels[y - 1, x] == -1)
                or (x > 0 and labels[y, x - 1] == -1)
                or (x + 1 < w and labels[y, x + 1] == -1)
                or (y + 1 < h and labels[y + 1, x] == -1)
            )
            if open_:
                _queued(heads, tails, after, levels[y, x], y * w + x)
    level = 0
    while level < count:
        place = heads[level]
        if place < 0:
            level += 1
            continue
        heads[level] = after[place]
        y, x = place // w, place % w
        for side in range(4):
            v, u = y + (side == 3) - (side == 0), x + (side == 2) - (side == 1)
            if v < 0 or u < 0 or v >= h or u >= w or labels[v, u] != -1:
                continue
            labels[v, u] = labels[y, x]
            _queued(heads, tails, after, max(level, levels[v, u]), v * w + u)


@compiled
def _queued(heads: Any, tails: Any, after: Any, level: Any, place: Any) -> None:
    after[place] = -1
    if heads[level] < 0:
        heads[level] = place
    else:
        after[tails[level]] = place
    tails[level] = place
