"""The mode of every pixel that together cost least: tree-reweighted message passing on the grid of pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled

_FAR = 1e30  # more than any cost; kernels have no infinity
_SPELL = 5  # rounds after which it is looked whether any mode has changed
_FEW = 100_000  # of so many pixels, one may still change


@compiled
def _sent(
    belief: Any, k: Any, messages: Any, y: Any, x: Any, far: Any, costs: Any, turned: Any, unit: Any, out: Any
) -> None:
    """Replace the message that came along an edge to k modes by the one that goes back to `far` modes."""
    half = np.float32(0.5)  # an inner pixel's share in each of the two chains through it
    base = np.float32(_FAR)
    for b in range(far):
        least = np.float32(_FAR)
        for a in range(k):
            cost = costs[y, x, b, a] if turned else costs[y, x, a, b]
            least = min(least, half * belief[a] - messages[y, x, a] + np.float32(cost) * unit)
        out[b] = least
        base = min(base, least)
    for b in range(far):
        messages[y, x, b] = out[b] - base


@compiled
def _gathered(unary: Any, right: Any, below: Any, y: Any, x: Any, k: Any, belief: Any) -> None:
    """A pixel's own costs and all messages that come to it."""
    for a in range(k):
        belief[a] = unary[y, x, a] + right[y, x, a] + below[y, x, a]
    if x > 0:
        for a in range(k):
            belief[a] += right[y, x - 1, a]
    if y > 0:
        for a in range(k):
            belief[a] += below[y - 1, x, a]


@compiled
def _forth(
    modes: Any, unary: Any, across: Any, down: Any, unit: Any, right: Any, below: Any, belief: Any, out: Any
) -> None:
    """Messages to the right and below, pixel by pixel."""
    h, w = modes.shape
    for y in range(h):
        for x in range(w):
            k = np.int64(modes[y, x])
            _gathered(unary, right, below, y, x, k, belief)
            if x + 1 < w:
                _sent(belief, k, right, y, x, np.int64(modes[y, x + 1]), across, False, unit, out)
            if y + 1 < h:
                _sent(belief, k, below, y, x, np.int64(modes[y + 1, x]), down, False, unit, out)


@compiled
def _back(
    modes: Any, unary: Any, across: Any, down: Any, unit: Any, right: Any, below: Any, belief: Any, out: Any
) -> None:
    """Messages to the left and above, from the last pixel to the first."""
    h, w = modes.shape
    for y in range(h - 1, -1, -1):
        for x in range(w - 1, -1, -1):
            k = np.int64(modes[y, x])
            _gathered(unary, right, below, y, x, k, belief)
            if x > 0:
                _sent(belief, k, right, y, x - 1, np.int64(modes[y, x - 1]), across, True, unit, out)
            if y > 0:
                _sent(belief, k, below, y - 1, x, np.int64(modes[y - 1, x]), down, True, unit, out)


@compiled
def _chosen(
    modes: Any, unary: Any, across: Any, down: Any, unit: Any, right: Any, below: Any, choice: Any, margin: Any
) -> int:
    """Modes pixel by pixel, each given those before it, and their margins; how many are others than before."""
    h, w, most = unary.shape
    belief = np.empty(most, np.float32)
    changed = 0
    for y in range(h):
        for x in range(w):
            k = np.int64(modes[y, x])
            best = 0
            for a in range(k):
                belief[a] = unary[y, x, a] + right[y, x, a] + below[y, x, a]
                if x > 0:
                    belief[a] += np.float32(across[y, x - 1, choice[y, x - 1], a]) * unit
                if y > 0:
                    belief[a] += np.float32(down[y - 1, x, choice[y - 1, x], a]) * unit
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
def labelled(modes: Any, unary: Any, across: Any, down: Any, unit: Any, rounds: Any, choice: Any, margin: Any) -> None:
    """Sequential tree-reweighted message passing (Kolmogorov 2006), forth and back over the pixels.

    It ends when hardly any pixel's mode has changed for some rounds, or after `rounds`.

    modes : (h, w) uint8, how many each pixel has; unary : (h, w, k), their own costs; across, down : (h, w, k, k), the
    costs of edges to the right and below, uint16 times `unit`. choice : (h, w) uint8, zeros, is written, and
    margin : (h, w) float32, by how much the next best mode would cost more.
    """
    h, w, k = unary.shape
    right = np.zeros((h, w, k), np.float32)  # the message along the edge to the right neighbour, whichever way it went
    below = np.zeros((h, w, k), np.float32)
    belief, out = np.empty(k, np.float32), np.empty(k, np.float32)
    for turn in range(1, rounds + 1):
        _forth(modes, unary, across, down, unit, right, below, belief, out)
        _back(modes, unary, across, down, unit, right, below, belief, out)
        if turn % _SPELL == 0 or turn == rounds:
            changed = _chosen(modes, unary, across, down, unit, right, below, choice, margin)
            if turn > _SPELL and changed * _FEW < h * w:
                break
