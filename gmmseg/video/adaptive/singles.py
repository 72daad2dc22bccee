"""Pixels one by one: those that are not near their first mode."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.mixture.kernels.lanes import registers
from gmmseg.video.adaptive.blocks import (
    CHROMA,
    DEEPEST,
    FAINT,
    HALF,
    LEVEL,
    MOST,
    NONE,
    ONE,
    STEP,
    SURE,
    UP,
    WHOLE,
)

_CALM = 9  # steps, of a scale under 1.1


@compiled
def _distance(pixel: Any, axes: Any, mode: Any, dimmed: Any) -> Any:
    """The distance that `compare` tells, of one pixel from one mode, and without the favour that shadows get."""
    total, inner, square = NONE, NONE, FAINT
    for j in range(len(axes)):
        delta = pixel[j] - mode[j]
        total += delta * delta
        inner += delta * mode[j]
        square += mode[j] * mode[j]
    along = inner * inner / square
    share = inner / square
    across = CHROMA * (total - along)
    darker = (share < NONE) & (share > DEEPEST)
    return across + (dimmed * along if darker else along), across + along


@compiled
def _stored(level: Any) -> Any:
    """A level as means are stored."""
    return np.uint16(min(max(level * LEVEL, NONE), WHOLE) + HALF)


@compiled
def see_to(
    listed: Any,
    count: int,
    x: Any,
    axes: Any,
    distance: Any,
    means: Any,
    others: Any,
    first: Any,
    weights: Any,
    reach: Any,
    raw: Any,
    before: Any,
    most: Any,
    learns: Any,
    rates: Any,
    options: Any,
    score: Any,
    shadow: Any,
) -> None:
    """Tell the verdict on the listed pixels of the block that begins with pixel `first` and, if `learns`, learn them.

    listed : (count or more,) uint64, as Numba looks for indices from the end in those with a sign; `first` likewise
    distance : (BLOCK,) float32, of the first modes, and score and shadow as they are by those.

    Among the modes of at least `share` of the first one's weight, the nearest tells the verdict. The nearest of all
    learns; where none is near a new one takes the place of the last.
    """
    base, dimmed, near, tight, share = options[0], options[1], options[2], options[3], options[4]
    rate, pace, slow, start = rates[0], rates[1], rates[2], rates[3]
    modes = weights.shape[0]
    pixel, mode = registers(x, axes), registers(x, axes)
    for k in range(count):
        i = listed[k]
        if weights[0, i] == 0:  # nothing is known here
            score[i] = 0
            shadow[i] = False
            if learns:
                for j in range(len(axes)):
                    means[j, i] = _stored(x[j, i])
                weights[0, i] = np.uint16(WHOLE)
                for m in range(1, modes):
                    weights[m, i] = 0
                reach[i] = 0
                raw[i] = False
            continue
        radius = base * (ONE + STEP * np.float32(reach[i]))
        limit = radius * radius
        for j in range(len(axes)):
            pixel[j] = x[j, i]
        best, plain, at = distance[i], NONE, 0
        closest, closest_at = best, 0
        if best > limit:
            least = share * np.float32(weights[0, i])
            for m in range(1, modes):
                weight = np.float32(weights[m, i])
                if weight > NONE:
                    for j in range(len(axes)):
                        mode[j] = np.float32(others[first + i, m - 1, j]) / LEVEL
                    q, bare = _distance(pixel, axes, mode, dimmed)
                    if q < closest:
                        closest, closest_at = q, m
                    if weight >= least and q < best:
                        best, plain, at = q, bare, m
        found = best > limit
        if at > 0:  # of the first mode, `compare` has told it
            score[i] = np.uint8(min(MOST, SURE * np.sqrt(best) / radius))
            shadow[i] = (not found) & (plain > limit)
        if not learns:
            continue
        step = UP if found != raw[i] else -ONE
        a = rate
        if found:
            if before[i] or reach[i] < _CALM:
                a = slow
            a = max(a, start)
            best, at = closest, closest_at
        reach[i] = np.uint8(min(max(np.float32(reach[i]) + step, NONE), np.float32(most)))
        raw[i] = found
        for m in range(modes):
            weight = np.float32(weights[m, i])
            weights[m, i] = np.uint16(weight - a * weight + HALF)
        if best < near:
            weight = np.float32(weights[at, i]) + a * WHOLE / (ONE + best * tight)
            weights[at, i] = np.uint16(min(weight, WHOLE) + HALF)
            for j in range(len(axes)):
                if at == 0:
                    mean = np.float32(means[j, i]) / LEVEL
                    means[j, i] = _stored(mean + pace * (x[j, i] - mean))
                else:
                    mean = np.float32(others[first + i, at - 1, j]) / LEVEL
                    others[first + i, at - 1, j] = _stored(mean + pace * (x[j, i] - mean))
        else:
            at = modes - 1
            weights[at, i] = np.uint16(a * WHOLE + HALF)
            for j in range(len(axes)):
                others[first + i, at - 1, j] = _stored(x[j, i])
        if at > 0 and weights[at, i] > weights[at - 1, i]:
            _swap(i, axes, means, others, first + i, weights, at)


@compiled
def _swap(i: int, axes: Any, means: Any, others: Any, pixel: int, weights: Any, at: int) -> None:
    """Let mode `at` of a pixel and the one before it change places."""
    weight = weights[at, i]
    weights[at, i] = weights[at - 1, i]
    weights[at - 1, i] = weight
    for j in range(len(axes)):
        mean = others[pixel, at - 1, j]
        if at == 1:
            others[pixel, 0, j] = means[j, i]
            means[j, i] = mean
        else:
            others[pixel, at - 1, j] = others[pixel, at - 2, j]
            others[pixel, at - 2, j] = mean
