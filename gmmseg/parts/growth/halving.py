"""Planes of half the size, and back, so that a mirrored plane gives the mirrored result.

Of an even number of pixels each stands for two; of an odd number each stands for every second one and halves of its
neighbours.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.arrays import Floats
from gmmseg.compiled import compiled
from gmmseg.crew import Crew


def halved(stack: Floats, crew: Crew) -> Floats:
    """Means over neighbouring pixels : (k, h, w) to (k, ⌈h/2⌉, ⌈w/2⌉) float32."""
    k, h, w = stack.shape
    source = np.ascontiguousarray(stack)
    out = np.empty((k, (h + 1) // 2, (w + 1) // 2), np.float32)
    crew.share(lambda begin, end: _halved(source[begin:end], out[begin:end]), k)
    return out


def doubled(stack: Floats, shape: tuple[int, int], crew: Crew) -> Floats:
    """Values between the pixels of (k, ⌈h/2⌉, ⌈w/2⌉), at those of `shape` : (k, h, w) float32."""
    source = np.ascontiguousarray(stack)
    out = np.empty((len(stack), *shape), np.float32)
    crew.share(lambda begin, end: _doubled(source[begin:end], out[begin:end]), len(stack))
    return out


@compiled
def _halved(stack: Any, out: Any) -> None:
    k, h, w = stack.shape
    half, quarter = np.float32(0.5), np.float32(0.25)
    line = np.empty(w, np.float32)
    for c in range(k):
        for v in range(out.shape[1]):
            y = 2 * v
            before, after = stack[c, max(0, y - 1)], stack[c, min(y + 1, h - 1)]
            if h % 2:
                for x in range(w):
                    line[x] = half * stack[c, y, x] + quarter * (before[x] + after[x])
            else:
                for x in range(w):
                    line[x] = half * (stack[c, y, x] + after[x])
            if w % 2:
                for u in range(out.shape[2]):
                    x = 2 * u
                    out[c, v, u] = half * line[x] + quarter * (line[max(0, x - 1)] + line[min(x + 1, w - 1)])
            else:
                for u in range(out.shape[2]):
                    out[c, v, u] = half * (line[2 * u] + line[2 * u + 1])


@compiled
def _doubled(stack: Any, out: Any) -> None:
    k, h, w = out.shape
    line = np.empty(stack.shape[2], np.float32)
    one = np.float32(1)
    for c in range(k):
        for y in range(h):
            own, other, part = _between(y, h)
            for u in range(len(line)):
                line[u] = part * stack[c, own, u] + (one - part) * stack[c, other, u]
            for x in range(w):
                own, other, part = _between(x, w)
                out[c, y, x] = part * line[own] + (one - part) * line[other]


@compiled
def _between(x: Any, size: Any) -> Any:
    """The two pixels of half the size that x lies between, and the share of the first."""
    own = x // 2
    if size % 2:
        return own, min(own + 1, size // 2), np.float32(1) if x % 2 == 0 else np.float32(0.5)
    return own, min(max(own + 2 * (x % 2) - 1, 0), size // 2 - 1), np.float32(0.75)
