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
from gmmseg.mixture.kernels.lanes import LANES, exp2, transpose

BLOCK = 512  # pixels
STRIP = 64

_FAR = np.float32(1e30)  # from what is not known at all
_HALF_BIT = np.float32(0.7213475204444817)  # e^(−q/2) = 2^(−q · log₂e / 2)
_ONE, _NONE = np.float32(1), np.float32(0)


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
def _posterior(nearest: Any, threshold: Any) -> Any:
    """1 / (1 + e^((threshold − nearest) / 2)), never quite 0 or 1."""
    bits = min(max((nearest - threshold) * _HALF_BIT, np.float32(-20)), np.float32(20))
    unlikely = exp2(-abs(bits))
    return (_ONE if bits >= _NONE else unlikely) / (_ONE + unlikely)


@compiled
def _load(frame: Any, first: int, size: int, axes: Any, x: Any) -> None:
    """Make `x` : (channels, BLOCK) the pixels of a block, one channel after the other."""
    whole = size - size % LANES
    for i in range(0, whole, LANES):
        transpose(frame, first + i, x, i, axes)
    for i in range(whole, size):
        for j in range(len(axes)):
            x[j, i] = frame[first + i, j]


@compiled
def _compare(x: Any, axes: Any, front: Any, fit: Any, threshold: Any, distance: Any, fitted: Any, chance: Any) -> None:
    """Whether q of the first modes is under `fit`."""
    for i in range(BLOCK):
        total = _NONE
        for j in range(len(axes)):
            delta = np.float32(x[j, i]) - front[1 + j, i]
            total += delta * delta
        q = total / front[0, i]
        distance[i] = total
        fitted[i] = q < fit
        chance[i] = _posterior(q, threshold)


@compiled
def _weigh_one(strip: int, alone: Any, fitted: Any, gain: Any) -> None:
    """As `_weigh`, for a strip where no pixel has a second mode."""
    for i in range(STRIP):
        gain[strip, i] = alone if fitted[strip, i] else _NONE


@compiled
def _weigh_two(weights: Any, strip: int, rate: Any, least: Any, fitted: Any, gain: Any) -> Any:
    """As `_weigh`, for a strip where no pixel has a third mode."""
    keep = _ONE - rate
    for i in range(STRIP):
        inside = np.float32(fitted[strip, i])
        first = keep * weights[0, strip, i] - least + rate
        second = keep * weights[1, strip, i] - least
        second = second if second >= least else _NONE
        scale = inside / (first + second)
        weights[0, strip, i] = first * scale + (_ONE - inside) * weights[0, strip, i]
        weights[1, strip, i] = second * scale + (_ONE - inside) * weights[1, strip, i]
        gain[strip, i] = inside * rate / first
    largest = _NONE
    for i in range(STRIP):
        largest = max(largest, weights[1, strip, i])
    return 2 if largest > _NONE else 1


@compiled
def _weigh(weights: Any, strip: int, depth: Any, rate: Any, least: Any, fitted: Any, sums: Any, gain: Any) -> Any:
    """New weights where the first mode fits, and its gain; how many modes the pixels of the strip have at most."""
    keep = _ONE - rate
    for i in range(STRIP):
        first = keep * weights[0, strip, i] - least + rate
        sums[i] = first
        gain[strip, i] = rate / first if fitted[strip, i] else _NONE
    for m in range(1, depth):
        for i in range(STRIP):
            weight = keep * weights[m, strip, i] - least
            sums[i] += weight if weight >= least else _NONE
    for i in range(STRIP):
        sums[i] = _ONE / sums[i]
        first = (keep * weights[0, strip, i] - least + rate) * sums[i]
        weights[0, strip, i] = first if fitted[strip, i] else weights[0, strip, i]
    left = 1
    for m in range(1, depth):
        largest = _NONE
        for i in range(STRIP):
            weight = keep * weights[m, strip, i] - least
            weight = weight * sums[i] if weight >= least else _NONE
            weight = weight if fitted[strip, i] else weights[m, strip, i]
            weights[m, strip, i] = weight
            largest = max(largest, weight)
        if largest > _NONE:
            left = m + 1
    return left


@compiled
def _follow(x: Any, axes: Any, front: Any, gain: Any, distance: Any, low: Any, high: Any) -> None:
    """Draw the first modes to the pixels, by their gains."""
    for i in range(BLOCK):
        for j in range(len(axes)):
            front[1 + j, i] += gain[i] * (np.float32(x[j, i]) - front[1 + j, i])
        variance = front[0, i]
        moved = min(max(variance + gain[i] * (distance[i] - variance), low), high)
        front[0, i] = moved if gain[i] > _NONE else variance


@compiled
def _look(
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
        nearest[k] = _FAR
        found[k] = -1
        total = _NONE
        for m in range(weights.shape[0]):
            if weights[m, i] == _NONE:
                break
            square = _NONE
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
            total += (_ONE - rate) * weights[m, i] - rate * complexity


@compiled
def _learn(
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
    keep = _ONE - rate
    most = weights.shape[0]
    for k in range(len(waiting)):
        i = waiting[k]
        at = first + i
        found = founds[k]
        total, share = _NONE, rate
        left: Any = 0
        for m in range(most):
            if weights[m, i] == _NONE:
                break
            weight = keep * weights[m, i] - least
            if m == found:
                weight += rate
                share = weight
            weight = weight if weight >= least else _NONE
            weights[m, i] = weight
            total += weight
            left += weight > _NONE
        scale = _ONE / total if total > _NONE else _NONE
        m = found
        if found < 0:
            scale *= keep
            m = min(left, most - 1)
        for l in range(most):
            if weights[l, i] == _NONE and l > found:
                break
            weights[l, i] *= scale
        if found < 0:
            weights[m, i] = rate if left > 0 else _ONE
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
def _shade(
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
        total = _NONE
        for m in range(weights.shape[0]):
            if weights[m, i] == _NONE or total > ratio:
                break
            product, square = _NONE, _NONE
            for j in range(len(axes)):
                mean = front[1 + j, i] if m == 0 else others[first + i, m - 1, 1 + j]
                product += np.float32(x[j, i]) * mean
                square += mean * mean
            if square == _NONE:
                break
            if dark * square <= product and product <= square:
                scale = product / square
                distance = _NONE
                for j in range(len(axes)):
                    mean = front[1 + j, i] if m == 0 else others[first + i, m - 1, 1 + j]
                    delta = scale * mean - np.float32(x[j, i])
                    distance += delta * delta
                variance = front[0, i] if m == 0 else others[first + i, m - 1, 0]
                if distance < threshold * variance * scale * scale:
                    shaded[k] = 1
                    break
            total += weights[m, i]


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
    alone = rate / (_ONE - least)
    near = min(fit, threshold)
    for b in range(begin, end):
        first = b * BLOCK
        last = min(n, first + BLOCK)
        size = last - first
        front, weights = fronts[b], all_weights[b]
        _load(frame, first, size, axes, x)
        _compare(x, axes, front, near, threshold, distance, fitted, chance)
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
                chance[i] = chance[i] if inside[i] else _NONE
        for k in range(count):
            _prefetch(others, first + waiting[k])
        if rate > _NONE:
            for strip in range(BLOCK // STRIP):
                depth = depths[b, strip]
                if depth == 1:
                    _weigh_one(strip, alone, fits, gains)
                elif depth == 2:
                    depths[b, strip] = _weigh_two(stripped[b], strip, rate, least, fits, gains)
                else:
                    depths[b, strip] = _weigh(stripped[b], strip, depth, rate, least, fits, sums, gains)
            _follow(x, axes, front, gain, distance, low, high)
        front_mask, chances, shadows = mask[first:last], probability[first:last], shadow[first:last]
        for i in range(size):
            chances[i] = chance[i]
        front_mask[:] = False
        shadows[:] = False
        if count == 0:
            continue
        listed = waiting[:count]
        _look(x, axes, front, others, weights, first, listed, rate, options, seen)
        nearest, found, _far = seen
        if rate > _NONE:
            _learn(x, axes, front, others, weights, first, listed, rate, options, seen)
            for k in range(count):
                strip = waiting[k] // STRIP
                for m in range(depths[b, strip], most):
                    depths[b, strip] += weights[m, waiting[k]] > _NONE
        every, count = count, 0
        for k in range(every):
            i = waiting[k]
            chances[i] = _posterior(nearest[k], threshold)
            waiting[count] = i
            count += nearest[k] >= threshold
        if dark > _NONE:
            _shade(x, axes, front, others, weights, first, waiting[:count], options, found)
            for k in range(count):
                shadows[waiting[k]] = found[k] == 1
        for k in range(count):
            front_mask[waiting[k]] = not shadows[waiting[k]]
