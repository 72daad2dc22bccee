"""Pixels one by one: those that do not look like their first mode.

Each loop runs over all that wait in a block, because a call costs more than a pixel.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.video.classic.blocks import NONE, ONE

FAR = np.float32(1e30)  # from what is not known at all


@compiled
def look(
    x: Any,
    axes: Any,
    front: Any,
    others: Any,
    weights: Any,
    first: int,
    waiting: Any,
    rate: Any,
    options: Any,
    seen: Any,
) -> None:
    """Look for the modes that the waiting pixels are of.

    nearest : how far the nearest mode of the background is; found : the first mode that fits, or −1; distance : of it
    """
    _threshold, ratio, fit, _start, _low, _high, complexity, _dark = options
    nearest, found, distance = seen
    for k in range(len(waiting)):
        i = waiting[k]
        nearest[k] = FAR
        found[k] = -1
        total = NONE
        for m in range(weights.shape[0]):
            if weights[m, i] == NONE:
                break
            square = NONE
            for j in range(len(axes)):
                delta = np.float32(x[j, i]) - (front[1 + j, i] if m == 0 else others[first + i, m - 1, 1 + j])
                square += delta * delta
            q = square / (front[0, i] if m == 0 else others[first + i, m - 1, 0])
            if total < ratio:
                nearest[k] = min(nearest[k], q)
            if q < fit:
                found[k] = m
                distance[k] = square
                break
            total += (ONE - rate) * weights[m, i] - rate * complexity


@compiled
def learn(
    x: Any,
    axes: Any,
    front: Any,
    others: Any,
    weights: Any,
    first: int,
    waiting: Any,
    rate: Any,
    options: Any,
    seen: Any,
) -> None:
    """Learn the waiting pixels: the mode that fits follows, or a new one is made in place of the least."""
    _threshold, _ratio, _fit, start, low, high, complexity, _dark = options
    _nearest, founds, distances = seen
    least = rate * complexity
    keep = ONE - rate
    most = weights.shape[0]
    for k in range(len(waiting)):
        i = waiting[k]
        at = first + i
        found = founds[k]
        total, share = NONE, rate
        left: Any = 0
        for m in range(most):
            if weights[m, i] == NONE:
                break
            weight = keep * weights[m, i] - least
            if m == found:
                weight += rate
                share = weight
            weight = weight if weight >= least else NONE
            weights[m, i] = weight
            total += weight
            left += weight > NONE
        scale = ONE / total if total > NONE else NONE
        m = found
        if found < 0:
            scale *= keep
            m = min(left, most - 1)
        for l in range(most):
            if weights[l, i] == NONE and l > found:
                break
            weights[l, i] *= scale
        if found < 0:
            weights[m, i] = rate if left > 0 else ONE
        gain = rate / share  # 1 for a new mode
        variance = start
        if found == 0:
            variance = front[0, i]
        if found > 0:
            variance = others[at, found - 1, 0]
        if found >= 0:
            variance = min(max(variance + gain * (distances[k] - variance), low), high)
        if m == 0:
            front[0, i] = variance
            for j in range(len(axes)):
                value = np.float32(x[j, i])
                front[1 + j, i] = front[1 + j, i] + gain * (value - front[1 + j, i]) if found == 0 else value
            continue
        others[at, m - 1, 0] = variance
        for j in range(len(axes)):
            value = np.float32(x[j, i])
            mean = others[at, m - 1, 1 + j]
            others[at, m - 1, 1 + j] = mean + gain * (value - mean) if found > 0 else value
        while m > 0 and weights[m, i] >= weights[m - 1, i]:
            weights[m, i], weights[m - 1, i] = weights[m - 1, i], weights[m, i]
            for j in range(1 + len(axes)):
                held = others[at, m - 1, j]
                if m > 1:
                    others[at, m - 1, j] = others[at, m - 2, j]
                    others[at, m - 2, j] = held
                else:
                    others[at, 0, j] = front[j, i]
                    front[j, i] = held
            m -= 1


@compiled
def shade(
    x: Any, axes: Any, front: Any, others: Any, weights: Any, first: int, waiting: Any, options: Any, shaded: Any
) -> None:
    """Whether the waiting pixels are the background at a lesser brightness (Prati et al. 2003).

    The brightness s that brings mode μ nearest to x is x·μ / μ·μ; x is in the shadow if s is from `dark` to 1 and x is
    as near to s μ as a pixel of the background is to μ, in units that shrink with it.
    """
    threshold, ratio, _fit, _start, _low, _high, _complexity, dark = options
    for k in range(len(waiting)):
        i = waiting[k]
        shaded[k] = 0
        total = NONE
        for m in range(weights.shape[0]):
            if weights[m, i] == NONE or total > ratio:
                break
            product, square = NONE, NONE
            for j in range(len(axes)):
                mean = front[1 + j, i] if m == 0 else others[first + i, m - 1, 1 + j]
                product += np.float32(x[j, i]) * mean
                square += mean * mean
            if square == NONE:
                break
            if dark * square <= product and product <= square:
                scale = product / square
                distance = NONE
                for j in range(len(axes)):
                    mean = front[1 + j, i] if m == 0 else others[first + i, m - 1, 1 + j]
                    delta = scale * mean - np.float32(x[j, i])
                    distance += delta * delta
                variance = front[0, i] if m == 0 else others[first + i, m - 1, 0]
                if distance < threshold * variance * scale * scale:
                    shaded[k] = 1
                    break
            total += weights[m, i]
