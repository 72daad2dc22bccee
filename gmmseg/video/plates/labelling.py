"""The mode of every pixel that together cost least: tree-reweighted message passing on the grid of pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled

_FAR = 1e30  # more than any cost; kernels have no infinity
_SPELL = 5  # rounds after which it is looked whether any mode has changed
_FEW = 3_000  # of so many pixels, one may still change


@compiled
def own_costs(weights: Any, variances: Any, floor: Any, channels: Any, weight: Any, own: Any, counts: Any) -> None:
    """What each mode of each pixel costs by itself, −log of its density at its middle, w σ⁻ᶜ, scaled; how many it has.

    The frames do not tell of each pixel anew: a person who stands still covers all pixels of a silhouette at once. So a
    pixel's own evidence is to be divided by the size of the picture: of a thing as large as some share of the picture,
    the pixels' evidence together weighs against its border as it would in the picture at half the size.

    own : (h, w, k) float32 and counts : (h, w) uint8 are written.
    """
    h, w, most = weights.shape
    for y in range(h):
        for x in range(w):
            k = 0
            while k < most and weights[y, x, k] > 0:
                cost = channels / 2 * np.log(variances[y, x, k] / floor) - np.log(max(weights[y, x, k], 1e-9))
                own[y, x, k] = np.float32(cost * weight)
                k += 1
            counts[y, x] = k


@compiled
def _sent(
    belief: Any, k: Any, far: Any, messages: Any, costs: Any, place: Any, across: Any, along: Any, unit: Any, out: Any
) -> None:
    """Replace the message that came along an edge to k modes by the one that goes back to `far` modes.

    The cost of modes a and b lies at a · across + b · along behind `place`.
    """
    half = np.float32(0.5)  # an inner pixel's share in each of the two chains through it
    base = np.float32(_FAR)
    for b in range(far):
        least = np.float32(_FAR)
        for a in range(k):
            cost = np.float32(costs[place + a * across + b * along]) * unit
            least = min(least, half * belief[a] - messages[place + a] + cost)
        out[b] = least
        base = min(base, least)
    for b in range(far):
        messages[place + b] = out[b] - base


@compiled
def _gathered(
    own: Any, messages: Any, starts: Any, right: Any, below: Any, y: Any, x: Any, k: Any, belief: Any
) -> None:
    """A pixel's own costs and all messages that come to it."""
    h, w, _ = own.shape
    for a in range(k):
        belief[a] = own[y, x, a]
    if x + 1 < w:
        place = starts[y] + np.int64(right[y, x])
        for a in range(k):
            belief[a] += messages[place + a]
    if y + 1 < h:
        place = starts[y] + np.int64(below[y, x])
        for a in range(k):
            belief[a] += messages[place + a]
    if x > 0:
        place = starts[y] + np.int64(right[y, x - 1])
        for a in range(k):
            belief[a] += messages[place + a]
    if y > 0:
        place = starts[y - 1] + np.int64(below[y - 1, x])
        for a in range(k):
            belief[a] += messages[place + a]


@compiled
def _forth(
    counts: Any,
    own: Any,
    starts: Any,
    right: Any,
    below: Any,
    costs: Any,
    unit: Any,
    messages: Any,
    belief: Any,
    out: Any,
) -> None:
    """Messages to the right and below, pixel by pixel."""
    h, w = counts.shape
    for y in range(h):
        for x in range(w):
            k = np.int64(counts[y, x])
            _gathered(own, messages, starts, right, below, y, x, k, belief)
            if x + 1 < w:
                far = np.int64(counts[y, x + 1])
                _sent(belief, k, far, messages, costs, starts[y] + np.int64(right[y, x]), far, 1, unit, out)
            if y + 1 < h:
                far = np.int64(counts[y + 1, x])
                _sent(belief, k, far, messages, costs, starts[y] + np.int64(below[y, x]), far, 1, unit, out)


@compiled
def _back(
    counts: Any,
    own: Any,
    starts: Any,
    right: Any,
    below: Any,
    costs: Any,
    unit: Any,
    messages: Any,
    belief: Any,
    out: Any,
) -> None:
    """Messages to the left and above, from the last pixel to the first."""
    h, w = counts.shape
    for y in range(h - 1, -1, -1):
        for x in range(w - 1, -1, -1):
            k = np.int64(counts[y, x])
            _gathered(own, messages, starts, right, below, y, x, k, belief)
            if x > 0:
                far = np.int64(counts[y, x - 1])
                _sent(belief, k, far, messages, costs, starts[y] + np.int64(right[y, x - 1]), 1, k, unit, out)
            if y > 0:
                far = np.int64(counts[y - 1, x])
                _sent(belief, k, far, messages, costs, starts[y - 1] + np.int64(below[y - 1, x]), 1, k, unit, out)


@compiled
def _chosen(
    counts: Any,
    own: Any,
    starts: Any,
    right: Any,
    below: Any,
    costs: Any,
    unit: Any,
    messages: Any,
    belief: Any,
    choice: Any,
    margin: Any,
) -> int:
    """Modes pixel by pixel, each given those before it, and their margins; how many are others than before."""
    h, w = counts.shape
    changed = 0
    for y in range(h):
        for x in range(w):
            k = np.int64(counts[y, x])
            best = 0
            for a in range(k):
                belief[a] = own[y, x, a]
                if x + 1 < w:
                    belief[a] += messages[starts[y] + np.int64(right[y, x]) + a]
                if y + 1 < h:
                    belief[a] += messages[starts[y] + np.int64(below[y, x]) + a]
                if x > 0:
                    place = starts[y] + np.int64(right[y, x - 1]) + np.int64(choice[y, x - 1]) * k
                    belief[a] += np.float32(costs[place + a]) * unit
                if y > 0:
                    place = starts[y - 1] + np.int64(below[y - 1, x]) + np.int64(choice[y - 1, x]) * k
                    belief[a] += np.float32(costs[place + a]) * unit
                if belief[a] < belief[best]:
                    best = a
            second = np.float32(_FAR)
            for a in range(k):
                if a != best:
                    second = min(second, belief[a])
            margin[y, x] = second - belief[best]
            changed += best != choice[y, x]
            choice[y, x] = best
    return changed


@compiled
def labelled(
    counts: Any,
    own: Any,
    starts: Any,
    right: Any,
    below: Any,
    costs: Any,
    unit: Any,
    rounds: Any,
    choice: Any,
    margin: Any,
) -> None:
    """Sequential tree-reweighted message passing (Kolmogorov 2006), forth and back over the pixels.

    It ends when hardly any pixel's mode has changed for some rounds, or after `rounds`.

    counts : (h, w) uint8, how many modes each pixel has; own : (h, w, k), their own costs; costs : uint16 times `unit`,
    of edges to the right and below, where `edges` says. choice : (h, w) uint8, zeros, is written, and margin : (h, w)
    float32, by how much the next best mode would cost more.
    """
    h, w, k = own.shape
    # The message along each edge, whichever way it went last; it lies where the edge's costs do, which are no fewer.
    messages = np.zeros(len(costs), np.float32)
    belief, out = np.empty(k, np.float32), np.empty(k, np.float32)
    for turn in range(1, rounds + 1):
        _forth(counts, own, starts, right, below, costs, unit, messages, belief, out)
        _back(counts, own, starts, right, below, costs, unit, messages, belief, out)
        if turn % _SPELL == 0 or turn == rounds:
            changed = _chosen(counts, own, starts, right, below, costs, unit, messages, belief, choice, margin)
            if turn > _SPELL and changed * _FEW < h * w:
                break
