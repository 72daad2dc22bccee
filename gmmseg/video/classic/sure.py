"""Pixels that look like their first mode, 16 at a time: most pixels of most frames.

compare   q = |x − μ₁|² / v₁     of the first mode; a pixel with q under the threshold is fitted by it
weigh     w ← (1 − a) w − a c + a [fitted], cut off at a c, divided by their sum
follow    μ₁ ← μ₁ + (a / w₁)(x − μ₁),   v₁ ← v₁ + (a / w₁)(|x − μ₁|² − v₁)

with the learning rate a and the complexity c. No gain a / w is over one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.video.classic.memory import read, write
from gmmseg.video.classic.vectors import choose, power, some, spread, whole_part

ONE, NONE = np.float32(1), np.float32(0)

_ALMOST = np.float32(0.9999995)
_HALF_BIT = np.float32(0.7213475204444817)  # e^(−q/2) = 2^(−q · log₂e / 2)


@compiled
def probability_of(q: Any, threshold: Any) -> Any:
    """1 / (1 + e^((threshold − q) / 2)), never quite 0 or 1."""
    bits = (q - threshold) * _HALF_BIT
    above = bits >= NONE
    unlikely = choose(above, NONE - bits, bits)
    unlikely = choose(unlikely < np.float32(-20), np.float32(-20), unlikely)
    whole = whole_part(unlikely) - ONE
    part = unlikely - whole
    # 2ᶠ on [0, 1] to 8e-8
    series = part * np.float32(0.0018775767) + np.float32(0.0089893403)
    series = series * part + np.float32(0.0558263177)
    series = series * part + np.float32(0.2401536173)
    series = series * part + np.float32(0.6931530732)
    series = series * part + np.float32(0.9999999251)
    unlikely = power(series, whole)
    unlikely = choose(unlikely > _ALMOST, _ALMOST, unlikely)  # so that rounding leads to no other side of a half
    share = unlikely / (unlikely + ONE)
    return choose(above, ONE - share, share)


@compiled
def compare(x: Any, axes: Any, mode: int) -> Any:
    """|x − μ|² of 16 pixels and the modes at address `mode`."""
    total = spread(NONE)
    for j in range(len(axes)):
        delta = x[j] - read(mode, 1 + j)
        total = total + delta * delta
    return total


@compiled
def weigh(weights: int, depth: Any, rate: Any, least: Any) -> Any:
    """New weights where the first modes fit: their gain, and how many modes the pixels have at most."""
    keep = ONE - rate
    first = read(weights, 0) * keep + (rate - least)
    total = first
    for m in range(1, depth):
        weight = read(weights, m) * keep - least
        total = total + choose(weight >= least, weight, NONE)
    scale = ONE / total
    write(weights, 0, first * scale)
    left = 1
    for m in range(1, depth):
        weight = read(weights, m) * keep - least
        weight = choose(weight >= least, weight * scale, NONE)
        write(weights, m, weight)
        if some(weight > NONE):
            left = m + 1
    return rate / choose(first > rate, first, rate), left


@compiled
def follow(x: Any, axes: Any, mode: int, gain: Any, distance: Any, low: Any, high: Any) -> None:
    """Draw the modes at address `mode` to the pixels, by their gains."""
    for j in range(len(axes)):
        mean = read(mode, 1 + j)
        write(mode, 1 + j, mean + gain * (x[j] - mean))
    variance = read(mode, 0)
    write(mode, 0, bounded(variance + gain * (distance - variance), low, high))


@compiled
def bounded(given: Any, low: Any, high: Any) -> Any:
    """What is within bounds, and else the bound."""
    raised = choose(given < low, low, given)
    return choose(raised > high, high, raised)
