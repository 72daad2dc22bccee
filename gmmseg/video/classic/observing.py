"""The loops of the classic mixture: most pixels look like their first mode, and are learnt side by side.

A picture is cut into blocks of pixels that follow each other. Three loops run over a block while it is in the
first-level cache, without a branch, so that the compiler makes vectors of them:

    compare   q = |x − μ₁|² / v₁     of the first mode; a pixel with q under the threshold is fitted by it
    weigh     w ← (1 − a) w − a c + a [fitted], cut off at a c, divided by their sum
    follow    μ₁ ← μ₁ + (a / w₁)(x − μ₁),   v₁ ← v₁ + (a / w₁)(|x − μ₁|² − v₁)

with the learning rate a and the complexity c. Pixels that are not fitted by their first mode are seen to one by one.
In a strip of a block where no pixel has a second mode, all weights are one, and `weigh` is left out.

What is remembered of n pixels, in blocks of BLOCK:

    front    (blocks, 1 + channels, BLOCK) float32, variance and mean of the first modes
    others   (blocks · BLOCK, modes − 1, 1 + channels) float32, the same of the other modes
    weights  (blocks, modes, BLOCK) float32, from the largest down; a mode with weight 0 is none
    depths   (blocks, BLOCK / STRIP) uint8, how many modes the pixels of a strip have at most, or 1
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from gmmseg.compiled import compiled
from gmmseg.video.classic.blocks import (
    BLOCK,
    NONE,
    ONE,
    STRIP,
    compare,
    follow,
    load,
    posterior,
    weigh,
    weigh_one,
    weigh_two,
)
from gmmseg.video.classic.singles import learn, look, shade

_LINE = 16  # float32 in a line of the cache


@intrinsic
def _prefetch(_context: Any, array: types.Array, _row: Any) -> Any:
    """Have the beginning of array[row] brought into the cache."""

    def generate(context: Any, build: ir.IRBuilder, _signature: Any, args: tuple[ir.Value, ...]) -> None:
        source = context.make_array(array)(context, build, args[0])
        place = build.ptrtoint(source.data, ir.IntType(64))
        place = build.add(place, build.mul(args[1], build.extract_value(source.strides, 0)))
        address = build.inttoptr(place, ir.IntType(8).as_pointer())
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [address.type, word, word, word])
        function = build.module.declare_intrinsic("llvm.prefetch", [address.type], kind)
        build.call(function, [address, word(1), word(3), word(1)])

    return types.none(array, types.intp), generate


@compiled
def _call(lines: Any, weight_lines: Any, depths: Any, most: int, b: int) -> None:
    """Have block b brought into the cache while the one before it is worked on; memory is what a frame waits for."""
    ahead = lines.shape[0] // len(depths)
    for line in range(b * ahead, (b + 1) * ahead):
        _prefetch(lines, line)
    for strip in range(BLOCK // STRIP):
        if depths[b, strip] > 1:
            for m in range(depths[b, strip]):
                row = ((b * most + m) * BLOCK + strip * STRIP) // _LINE
                for line in range(row, row + STRIP // _LINE):
                    _prefetch(weight_lines, line)


@compiled
def observed(
    frame: Any,
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
    """Tell the foreground in blocks `begin` to `end`, and learn.

    frame : (n, channels) uint8 or float32; modelled : (n,) bool, or (0,) for everywhere
    options : what `Classic.options` returns; state : what `ClassicScene` holds
    mask, shadow : (n,) bool and probability : (n,) float32 are written.
    """
    fronts, others, all_weights, depths = state
    threshold, _ratio, fit, _start, low, high, complexity, dark = options
    least = rate * complexity
    most = all_weights.shape[1]
    n = len(frame)
    x = np.zeros((len(axes), BLOCK), frame.dtype)
    distance, sums, gain = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32)
    chance = np.empty(BLOCK, np.float32)
    fitted = np.empty(BLOCK, np.uint8)
    waiting = np.empty(BLOCK, np.int64)
    seen = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.float32)
    fits, gains = fitted.reshape(BLOCK // STRIP, STRIP), gain.reshape(BLOCK // STRIP, STRIP)
    stripped = all_weights.reshape(len(all_weights), most, BLOCK // STRIP, STRIP)
    words = fitted.view(np.uint64)
    full = np.uint64(0x0101010101010101)
    alone = rate / (ONE - least)
    near = min(fit, threshold)
    lines = fronts.reshape(fronts.size // _LINE, _LINE)
    weight_lines = all_weights.reshape(all_weights.size // _LINE, _LINE)
    for b in range(begin, end):
        if b + 1 < end:
            _call(lines, weight_lines, depths, most, b + 1)
        first = b * BLOCK
        last = min(n, first + BLOCK)
        size = last - first
        front, weights = fronts[b], all_weights[b]
        load(frame, first, size, axes, x)
        compare(x, axes, front, near, threshold, distance, fitted, chance)
        count = 0
        for word in range((size + 7) // 8):
            if words[word] == full:
                continue
            for i in range(8 * word, min(8 * word + 8, size)):
                waiting[count] = i
                count += 1 - fitted[i]
        for i in range(size, BLOCK):
            fitted[i] = 0
        if modelled.size:
            inside = modelled[first:last]
            every, count = count, 0
            for k in range(every):
                waiting[count] = waiting[k]
                count += inside[waiting[k]]
            for i in range(size):
                fitted[i] &= inside[i]
                chance[i] = chance[i] if inside[i] else NONE
        for k in range(count):
            _prefetch(others, first + waiting[k])
            for m in range(min(2, most)):
                _prefetch(weight_lines, ((b * most + m) * BLOCK + waiting[k]) // _LINE)
        if rate > NONE:
            for strip in range(BLOCK // STRIP):
                depth = depths[b, strip]
                if depth == 1:
                    weigh_one(strip, alone, fits, gains)
                elif depth == 2:
                    depths[b, strip] = weigh_two(stripped[b], strip, rate, least, fits, gains)
                else:
                    depths[b, strip] = weigh(stripped[b], strip, depth, rate, least, fits, sums, gains)
            follow(x, axes, front, gain, distance, low, high)
        front_mask, chances, shadows = mask[first:last], probability[first:last], shadow[first:last]
        for i in range(size):
            chances[i] = chance[i]
        front_mask[:] = False
        shadows[:] = False
        if count == 0:
            continue
        listed = waiting[:count]
        look(x, axes, front, others, weights, first, listed, rate, options, seen)
        nearest, found, _far = seen
        if rate > NONE:
            learn(x, axes, front, others, weights, first, listed, rate, options, seen)
            for k in range(count):
                strip = waiting[k] // STRIP
                depth = depths[b, strip]
                if depth < most and weights[depth, waiting[k]] > NONE:  # a frame adds one mode at most
                    depths[b, strip] = depth + 1
        every, count = count, 0
        for k in range(every):
            i = waiting[k]
            chances[i] = posterior(nearest[k], threshold)
            waiting[count] = i
            count += nearest[k] >= threshold
        if dark > NONE:
            shade(x, axes, front, others, weights, first, waiting[:count], options, found)
            for k in range(count):
                shadows[waiting[k]] = found[k] == 1
        for k in range(count):
            front_mask[waiting[k]] = not shadows[waiting[k]]
