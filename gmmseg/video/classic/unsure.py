"""Pixels of which one at least does not look like its first mode, 16 at a time.

`state` is where a group's first modes, other modes and weights begin, as addresses.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.video.classic.memory import read, write
from gmmseg.video.classic.sure import NONE, ONE, bounded, compare
from gmmseg.video.classic.vectors import both, choose, some, spread, without

ROW = 64  # bytes of 16 float32
FAR = np.float32(1e30)  # from what is not known at all


@compiled
def mode_of(axes: Any, state: Any, m: int) -> Any:
    """The address of mode m: of its variance, before its mean."""
    front, others, _weights = state
    return front if m == 0 else others + (m - 1) * (1 + len(axes)) * ROW


@compiled
def look(x: Any, axes: Any, state: Any, depth: int, inside: Any, rate: Any, options: Any) -> Any:
    """Look for the modes that the pixels are of.

    nearest : how far the nearest mode of the background is; found : the first mode that fits, or −1; distance : of it
    """
    weights = state[2]
    _threshold, ratio, fit, _start, low, high, complexity, _dark = options
    nearest, found, distance, total = spread(FAR), spread(-ONE), spread(NONE), spread(NONE)
    looking = inside
    for m in range(depth):
        weight = read(weights, m)
        looking = both(looking, weight > NONE)
        mode = mode_of(axes, state, m)
        square = compare(x, axes, mode)
        q = square / bounded(read(mode, 0), low, high)  # where there is no mode it is 0
        nearest = choose(both(both(looking, total < ratio), q < nearest), q, nearest)
        hit = both(looking, q < fit)
        found = choose(hit, np.float32(m), found)
        distance = choose(hit, square, distance)
        looking = without(looking, hit)
        if not some(looking):
            break
        total = total + ((ONE - rate) * weight - rate * complexity)
    return nearest, found, distance


@compiled
def learn(
    x: Any,
    axes: Any,
    state: Any,
    depth: int,
    most: int,
    inside: Any,
    found: Any,
    distance: Any,
    rate: Any,
    options: Any,
) -> int:
    """Learn the pixels: the mode that fits follows, or a new one is made in place of the least; the depth then."""
    weights = state[2]
    least = rate * options[6]  # the complexity
    keep = ONE - rate
    total, share, left = spread(NONE), spread(rate), spread(NONE)
    for m in range(depth):
        old = read(weights, m)
        own = found == np.float32(m)
        weight = keep * old - least + choose(own, rate, NONE)
        share = choose(both(own, weight > rate), weight, share)
        weight = choose(both(weight >= least, old > NONE), weight, NONE)
        total = total + weight
        left = left + choose(weight > NONE, ONE, NONE)
        write(weights, m, choose(inside, weight, old))
    new = both(inside, found < NONE)
    scale = choose(total > NONE, ONE / total, NONE)
    scale = choose(inside, choose(new, scale * keep, scale), ONE)
    last = np.float32(most - 1)
    place = choose(new, choose(left < last, left, last), found)
    fresh = choose(left > NONE, rate, ONE)
    limit = depth
    if some(new) and depth < most:
        limit = depth + 1
    deepest = 1
    for m in range(limit):
        here = place == np.float32(m)
        made = both(here, new)
        weight = choose(made, fresh, read(weights, m) * scale)
        write(weights, m, weight)
        if some(weight > NONE):
            deepest = m + 1
        if some(here):
            _draw(x, axes, mode_of(axes, state, m), here, made, rate / share, distance, options)
    _rise(axes, state, place, limit)
    return deepest


@compiled
def _draw(x: Any, axes: Any, mode: int, here: Any, made: Any, gain: Any, distance: Any, options: Any) -> None:
    """Draw the modes at address `mode` to the pixels where `here`, by their gains, or make them the pixels."""
    start, low, high = options[3], options[4], options[5]
    variance = read(mode, 0)
    moved = bounded(variance + gain * (distance - variance), low, high)
    write(mode, 0, choose(here, choose(made, start, moved), variance))
    for j in range(len(axes)):
        mean = read(mode, 1 + j)
        moved = choose(made, x[j], mean + gain * (x[j] - mean))
        write(mode, 1 + j, choose(here, moved, mean))


@compiled
def _rise(axes: Any, state: Any, place: Any, limit: int) -> None:
    """Bring the modes at `place` before those that they outweigh now."""
    weights = state[2]
    for step in range(limit - 1):
        m = limit - 1 - step
        before, own = read(weights, m - 1), read(weights, m)
        up = both(place == np.float32(m), own >= before)
        if some(up):
            write(weights, m - 1, choose(up, own, before))
            write(weights, m, choose(up, before, own))
            above, below = mode_of(axes, state, m - 1), mode_of(axes, state, m)
            for j in range(1 + len(axes)):
                one, other = read(above, j), read(below, j)
                write(above, j, choose(up, other, one))
                write(below, j, choose(up, one, other))
            place = choose(up, np.float32(m - 1), place)


@compiled
def shade(x: Any, axes: Any, state: Any, depth: int, waiting: Any, options: Any) -> Any:
    """Whether the waiting pixels are the background at a lesser brightness (Prati et al. 2003).

    The brightness s that brings mode μ nearest to x is x·μ / μ·μ; x is in the shadow if s is from `dark` to 1 and x is
    as near to s μ as a pixel of the background is to μ, in units that shrink with it.
    """
    weights = state[2]
    threshold, ratio, _fit, _start, _low, _high, _complexity, dark = options
    shaded, total = spread(NONE), spread(NONE)
    for m in range(depth):
        weight = read(weights, m)
        waiting = both(waiting, both(weight > NONE, total <= ratio))
        if not some(waiting):
            break
        mode = mode_of(axes, state, m)
        product, square = spread(NONE), spread(NONE)
        for j in range(len(axes)):
            mean = read(mode, 1 + j)
            product = product + x[j] * mean
            square = square + mean * mean
        waiting = both(waiting, square > NONE)
        scale = product / choose(square > NONE, square, ONE)
        distance = spread(NONE)
        for j in range(len(axes)):
            delta = scale * read(mode, 1 + j) - x[j]
            distance = distance + delta * delta
        darker = both(dark * square <= product, product <= square)
        near = distance < threshold * read(mode, 0) * scale * scale
        hit = both(waiting, both(darker, near))
        shaded = choose(hit, ONE, shaded)
        waiting = without(waiting, hit)
        total = total + weight
    return shaded > NONE
