"""Pixels side by side: the loops over a block, from which the compiler makes vectors.

There is no branch in them, and nothing that the compiler could take for an index from the end, which would cost it the
vectors: they run from 0, and a strip is chosen by an axis of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.mixture.kernels.lanes import LANES, exp2, transpose

BLOCK = 512  # pixels
STRIP = 64

ONE, NONE = np.float32(1), np.float32(0)

_HALF_BIT = np.float32(0.7213475204444817)  # e^(−q/2) = 2^(−q · log₂e / 2)


@compiled
def posterior(nearest: Any, threshold: Any) -> Any:
    """1 / (1 + e^((threshold − nearest) / 2)), never quite 0 or 1."""
    bits = min(max((nearest - threshold) * _HALF_BIT, np.float32(-20)), np.float32(20))
    unlikely = exp2(-abs(bits))
    return (ONE if bits >= NONE else unlikely) / (ONE + unlikely)


@compiled
def load(frame: Any, first: int, size: int, axes: Any, x: Any) -> None:
    """Make `x` : (channels, BLOCK) the pixels of a block, one channel after the other."""
    whole = size - size % LANES
    for i in range(0, whole, LANES):
        transpose(frame, first + i, x, i, axes)
    for i in range(whole, size):
        for j in range(len(axes)):
            x[j, i] = frame[first + i, j]


@compiled
def compare(x: Any, axes: Any, front: Any, fit: Any, threshold: Any, distance: Any, fitted: Any, chance: Any) -> None:
    """Whether q of the first modes is under `fit`."""
    for i in range(BLOCK):
        total = NONE
        for j in range(len(axes)):
            delta = np.float32(x[j, i]) - front[1 + j, i]
            total += delta * delta
        q = total / front[0, i]
        distance[i] = total
        fitted[i] = q < fit
        chance[i] = posterior(q, threshold)


@compiled
def weigh_one(strip: int, alone: Any, fitted: Any, gain: Any) -> None:
    """As `weigh`, for a strip where no pixel has a second mode."""
    for i in range(STRIP):
        gain[strip, i] = alone if fitted[strip, i] else NONE


@compiled
def weigh_two(weights: Any, strip: int, rate: Any, least: Any, fitted: Any, gain: Any) -> Any:
    """As `weigh`, for a strip where no pixel has a third mode."""
    keep = ONE - rate
    for i in range(STRIP):
        inside = np.float32(fitted[strip, i])
        first = keep * weights[0, strip, i] - least + rate
        second = keep * weights[1, strip, i] - least
        second = second if second >= least else NONE
        scale = inside / (first + second)
        weights[0, strip, i] = first * scale + (ONE - inside) * weights[0, strip, i]
        weights[1, strip, i] = second * scale + (ONE - inside) * weights[1, strip, i]
        gain[strip, i] = inside * rate / first
    largest = NONE
    for i in range(STRIP):
        largest = max(largest, weights[1, strip, i])
    return 2 if largest > NONE else 1


@compiled
def weigh(weights: Any, strip: int, depth: Any, rate: Any, least: Any, fitted: Any, sums: Any, gain: Any) -> Any:
    """New weights where the first mode fits, and its gain; how many modes the pixels of the strip have at most."""
    keep = ONE - rate
    for i in range(STRIP):
        first = keep * weights[0, strip, i] - least + rate
        sums[i] = first
        gain[strip, i] = rate / first if fitted[strip, i] else NONE
    for m in range(1, depth):
        for i in range(STRIP):
            weight = keep * weights[m, strip, i] - least
            sums[i] += weight if weight >= least else NONE
    for i in range(STRIP):
        sums[i] = ONE / sums[i]
        first = (keep * weights[0, strip, i] - least + rate) * sums[i]
        weights[0, strip, i] = first if fitted[strip, i] else weights[0, strip, i]
    left = 1
    for m in range(1, depth):
        largest = NONE
        for i in range(STRIP):
            weight = keep * weights[m, strip, i] - least
            weight = weight * sums[i] if weight >= least else NONE
            weight = weight if fitted[strip, i] else weights[m, strip, i]
            weights[m, strip, i] = weight
            largest = max(largest, weight)
        if largest > NONE:
            left = m + 1
    return left


@compiled
def follow(x: Any, axes: Any, front: Any, gain: Any, distance: Any, low: Any, high: Any) -> None:
    """Draw the first modes to the pixels, by their gains."""
    for i in range(BLOCK):
        for j in range(len(axes)):
            front[1 + j, i] += gain[i] * (np.float32(x[j, i]) - front[1 + j, i])
        variance = front[0, i]
        moved = min(max(variance + gain[i] * (distance[i] - variance), low), high)
        front[0, i] = moved if gain[i] > NONE else variance
