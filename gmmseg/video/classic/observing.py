"""The loops of the classic mixture, over groups of 16 pixels that follow each other.

A group whose pixels all look like their first modes is learnt at once: sure.py. The others of a block are put on a
list while the memory of their other modes is sent for, and seen to when the block is through: unsure.py.

What is remembered of n pixels, in groups of 16, one number of all 16 after the other:

    front    (groups, 1 + channels, 16) float32, variance and mean of the first modes
    others   (groups, modes − 1, 1 + channels, 16) float32, the same of the other modes
    weights  (groups, modes, 16) float32, from the largest down; a mode with weight 0 is none
    depths   (groups,) uint8, how many modes the pixels of a group have at most, or 1

So where a first mode is the only one, its weight is one, and a frame reads and writes 16 bytes a pixel in colour and
nothing else of the model but the depths. Memory is what large frames wait for.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.video.classic.memory import address, prefetch, read, read_flags, read_pixels, write, write_flags
from gmmseg.video.classic.sure import NONE, ONE, compare, follow, probability_of, weigh
from gmmseg.video.classic.unsure import ROW, learn, look, shade
from gmmseg.video.classic.vectors import SIDE_BY_SIDE, both, choose, either, everywhere, some, spread, without

GROUP = SIDE_BY_SIDE
_BLOCK = 64  # groups
_AHEAD = 16  # groups


@compiled
def _state_of(g: int, axes: Any, most: int, memory: Any) -> Any:
    """The addresses of a group's first modes, other modes and weights."""
    front, others, weights = memory
    size = (1 + len(axes)) * ROW
    return front + g * size, others + g * max(most - 1, 1) * size, weights + g * most * ROW


@compiled
def _see_to(x: Any, axes: Any, state: Any, depth: Any, most: int, inside: Any, rate: Any, options: Any) -> Any:
    """Tell and learn a group of which not all pixels look like their first modes.

    Their distances from the background, which are foreground, which of these are in shadow, and the depth thereafter.
    """
    threshold, dark = options[0], options[7]
    nearest, found, distance = look(x, axes, state, depth, inside, rate, options)
    if rate > NONE:
        depth = learn(x, axes, state, depth, most, inside, found, distance, rate, options)
    front = both(inside, nearest >= threshold)
    shaded = without(front, front)
    if dark > NONE and some(front):
        shaded = shade(x, axes, state, depth, front, options)
    return nearest, front, shaded, depth


@compiled
def observed(
    frame: Any,
    tail: Any,
    axes: Any,
    rate: Any,
    options: Any,
    modelled: Any,
    state: Any,
    begin: int,
    end: int,
    mask: Any,
    probability: Any,
    shadow: Any,
) -> None:
    """Tell the foreground in groups `begin` to `end`, and learn.

    frame : (n, channels) uint8 or float32; tail : (16, channels), the last group, filled up
    modelled : (16 · groups,) bool, or (0,) for everywhere
    options : what `Classic.options` returns; state : what `ClassicScene` holds
    mask, shadow : (16 · groups,) bool and probability : (16 · groups,) float32 are written.
    """
    front, others, weights, depths = state
    threshold, _ratio, fit, _start, low, high, complexity, _dark = options
    least = rate * complexity
    alone = rate / max(ONE - least, rate)
    near = min(fit, threshold)
    most = weights.shape[1]
    memory = address(front), address(others), address(weights)
    fronts, chances, shadows, regions = address(mask), address(probability), address(shadow), address(modelled)
    everything = modelled.size == 0
    final = len(frame) // GROUP  # the group that the frame does not fill
    waiting = np.empty(_BLOCK, np.int64)
    for block in range(begin, end, _BLOCK):
        count = 0
        for g in range(block, min(block + _BLOCK, end)):
            if g + _AHEAD < end and depths[g + _AHEAD] > 1:
                ahead = _state_of(g + _AHEAD, axes, most, memory)[2]
                for m in range(depths[g + _AHEAD]):
                    prefetch(ahead, m)
            x = read_pixels(tail, 0, axes) if g == final else read_pixels(frame, g * GROUP, axes)
            first, rest, own = _state_of(g, axes, most, memory)
            distance = compare(x, axes, first)
            q = distance / read(first, 0)
            odd = q >= near
            if not everything:
                odd = either(odd, without(everywhere(), read_flags(regions, g)))
            depth = np.int64(depths[g])
            if some(odd):
                waiting[count] = g
                count += 1
                for row in range((depth - 1) * (1 + len(axes))):
                    prefetch(rest, row)
                continue
            if rate > NONE:
                gain = spread(alone)
                if depth > 1:
                    gain, depths[g] = weigh(own, depth, rate, least)
                follow(x, axes, first, gain, distance, low, high)
            write(chances, g, probability_of(q, threshold))
            write_flags(fronts, g, odd)
            write_flags(shadows, g, odd)
        for k in range(count):
            g = waiting[k]
            x = read_pixels(tail, 0, axes) if g == final else read_pixels(frame, g * GROUP, axes)
            inside = everywhere() if everything else read_flags(regions, g)
            found = _see_to(x, axes, _state_of(g, axes, most, memory), np.int64(depths[g]), most, inside, rate, options)
            nearest, foremost, shaded, depths[g] = found
            write(chances, g, choose(inside, probability_of(nearest, threshold), NONE))
            write_flags(fronts, g, without(foremost, shaded))
            write_flags(shadows, g, shaded)
