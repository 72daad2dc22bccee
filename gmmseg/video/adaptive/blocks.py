"""Pixels side by side: the loops over a block, from which the compiler makes vectors.

Nothing branches in them, and all indices run from 0. Means are stored in 1/256 of a level, weights in 1/65535, scales
in steps of `STEP`; observing.py says how they lie in memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.mixture.kernels.lanes import LANES, transpose

BLOCK = 1024  # pixels

ONE, NONE = np.float32(1), np.float32(0)
LEVEL = np.float32(256)  # stored units in a level of 0 to 255
WHOLE = np.float32(65535)  # stored units in a weight of 1
HALF = np.float32(0.5)  # rounds to the nearest unit

# The scale R = 1 + STEP · reach takes one step down a frame, and UP of them when the verdict changes: it rests where
# a pixel changes its verdict in one frame of UP + 1, which is 4 %.
STEP = np.float32(0.012)
UP = np.float32(24)

FAINT = np.float32(100)  # of a channel's square; below it nothing is told of hue, as black has none
CHROMA = np.float32(4)  # how much more a change of hue counts than one of brightness
DEEPEST = np.float32(-0.6)  # a shadow leaves at least 40 % of the light
SURE = np.float32(64)  # the score at the threshold
MOST = np.float32(160)  # a score above it is no surer


@compiled
def load(frame: Any, first: int, size: int, axes: Any, gain: Any, shown: Any, x: Any) -> None:
    """Make `x` : (channels, BLOCK) float32 the pixels of a block times `gain`, one channel after the other.

    `shown` is room for the same in the frame's own dtype.
    """
    whole = size - size % LANES
    for i in range(0, whole, LANES):
        transpose(frame, first + i, shown, i, axes)
    for i in range(whole, size):
        for j in range(len(axes)):
            shown[j, i] = frame[first + i, j]
    for j in range(len(axes)):
        for i in range(BLOCK):
            x[j, i] = np.float32(shown[j, i]) * gain


@compiled
def compare(
    x: Any, axes: Any, means: Any, reach: Any, options: Any, distance: Any, score: Any, shadow: Any, apart: Any
) -> None:
    """Distance of each pixel from its first mode, the score that makes, and whether to see to the pixel by itself.

    A colour x differs from a mean m along the ray of brightness through m by c² / (|m|² + n·FAINT), c = (x − m)·m, and
    across it by the rest; the distance is CHROMA · across + along, where along counts less if x may be m in shadow.
    """
    base, dimmed, near = options[0], options[1], options[2]
    for i in range(BLOCK):
        total, inner, square = NONE, NONE, FAINT * np.float32(len(axes))
        for j in range(len(axes)):
            mean = np.float32(means[j, i]) / LEVEL
            delta = x[j, i] - mean
            total += delta * delta
            inner += delta * mean
            square += mean * mean
        along = inner * inner / square
        across = CHROMA * (total - along)
        share = inner / square
        darker = (share < NONE) & (share > DEEPEST)
        q = across + (dimmed * along if darker else along)
        radius = base * (ONE + STEP * np.float32(reach[i]))
        distance[i] = q
        score[i] = np.uint8(min(MOST, SURE * np.sqrt(q) / radius))
        shadow[i] = darker & (across + along > radius * radius) & (q <= radius * radius)
        apart[i] = q > near


@compiled
def set_apart(weights: Any, inside: Any, apart: Any) -> None:
    """See by itself to a pixel that has no mode, and to none outside the region."""
    for i in range(BLOCK):
        apart[i] = (apart[i] | (weights[0, i] == 0)) & inside[i]


@compiled
def leave_out(inside: Any, score: Any, shadow: Any) -> None:
    """Let nothing outside the region be foreground or shadow."""
    for i in range(BLOCK):
        score[i] = score[i] if inside[i] else 0
        shadow[i] = shadow[i] & inside[i]


@compiled
def follow(
    x: Any,
    axes: Any,
    means: Any,
    weights: Any,
    reach: Any,
    raw: Any,
    most: Any,
    rates: Any,
    options: Any,
    distance: Any,
    apart: Any,
    inside: Any,
) -> None:
    """Learn the pixels that are near their first mode.

    w ← (1 − a) w + a [first] / (1 + q / t²),   m₁ ← m₁ + η (x − m₁),   and the scale takes its step.
    """
    rate, pace, tight = rates[0], rates[1], options[3]
    for i in range(BLOCK):
        near = inside[i] & (not apart[i])
        step = UP if raw[i] else -ONE
        moved = min(max(np.float32(reach[i]) + step, NONE), np.float32(most))
        reach[i] = np.uint8(moved if near else np.float32(reach[i]))
        raw[i] = raw[i] & (not near)
    for i in range(BLOCK):
        near = inside[i] & (not apart[i])
        weight = np.float32(weights[0, i])
        worth = WHOLE / (ONE + distance[i] * tight)
        weights[0, i] = np.uint16(weight + (rate * (worth - weight) if near else NONE) + HALF)
    for m in range(1, weights.shape[0]):
        for i in range(BLOCK):
            near = inside[i] & (not apart[i])
            weight = np.float32(weights[m, i])
            weights[m, i] = np.uint16(weight - (rate * weight if near else NONE) + HALF)
    for j in range(len(axes)):
        for i in range(BLOCK):
            near = inside[i] & (not apart[i])
            mean = np.float32(means[j, i])
            moved_mean = mean + (pace * (x[j, i] * LEVEL - mean) if near else NONE)
            means[j, i] = np.uint16(min(max(moved_mean, NONE), WHOLE) + HALF)
