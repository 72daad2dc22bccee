"""Planes blurred, halved and doubled."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.arrays import Floats
from gmmseg.compiled import compiled
from gmmseg.crew import Crew


def blurred(stack: Floats, sigma: float, crew: Crew) -> Floats:
    """Each plane of a stack : (k, h, w) float32 under a Gaussian of this deviation in pixels, its edges repeated."""
    taps = _taps(sigma)
    source = np.ascontiguousarray(stack)
    out = np.empty_like(source)
    crew.share(lambda begin, end: _blurred(source[begin:end], taps, out[begin:end]), len(stack))
    return out


def halved(stack: Floats) -> Floats:
    """Means of 2 × 2 pixels : (k, h, w) to (k, ⌈h/2⌉, ⌈w/2⌉) float32; those at an odd edge are of what there is."""
    k, h, w = stack.shape
    out = np.empty((k, (h + 1) // 2, (w + 1) // 2), np.float32)
    _halved(np.ascontiguousarray(stack), out)
    return out


def _taps(sigma: float) -> Floats:
    reach = max(1, round(3 * sigma))
    steps = np.arange(-reach, reach + 1)
    weights = np.exp(-(steps**2) / (2 * sigma**2))
    taps: Floats = (weights / weights.sum()).astype(np.float32)
    return taps


@compiled
def _blurred(stack: Any, taps: Any, out: Any) -> None:
    k, h, w = stack.shape
    reach = len(taps) // 2
    line = np.empty(w + 2 * reach, np.float32)
    across = np.empty((h, w), np.float32)
    for c in range(k):
        for y in range(h):
            line[reach : reach + w] = stack[c, y]
            for i in range(reach):
                line[i] = stack[c, y, 0]
                line[reach + w + i] = stack[c, y, w - 1]
            for x in range(w):
                across[y, x] = taps[reach] * line[x + reach]
            for i in range(1, reach + 1):
                tap = taps[reach + i]
                for x in range(w):
                    across[y, x] += tap * (line[x + reach - i] + line[x + reach + i])
        for y in range(h):
            for x in range(w):
                out[c, y, x] = taps[reach] * across[y, x]
            for i in range(1, reach + 1):
                tap = taps[reach + i]
                above, below = max(0, y - i), min(h - 1, y + i)
                for x in range(w):
                    out[c, y, x] += tap * (across[above, x] + across[below, x])


@compiled
def _halved(stack: Any, out: Any) -> None:
    k, h, w = stack.shape
    quarter = np.float32(0.25)
    for c in range(k):
        for y in range(out.shape[1]):
            top, bottom = 2 * y, min(2 * y + 1, h - 1)
            for x in range(out.shape[2]):
                left, right = 2 * x, min(2 * x + 1, w - 1)
                total = stack[c, top, left] + stack[c, top, right] + stack[c, bottom, left] + stack[c, bottom, right]
                out[c, y, x] = quarter * total
