"""The mode of every pixel that together cost least: tree-reweighted message passing on the grid of pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled

_FAR = 1e30  # more than any cost; kernels have no infinity


@compiled
def _sent(belief: Any, message: Any, costs: Any, turned: Any, unit: Any, out: Any) -> None:
    """Replace the message that came along an edge by the one that goes back : (k,)."""
    k = len(belief)
    half = np.float32(0.5)  # an inner pixel's share in each of the two chains through it
    for b in range(k):
        least = np.float32(_FAR)
        for a in range(k):
            cost = np.float32(costs[b, a] if turned else costs[a, b]) * unit
            least = min(least, half * belief[a] - message[a] + cost)
        out[b] = least
    base = out[0]
    for b in range(1, k):
        base = min(base, out[b])
    for b in range(k):
        message[b] = out[b] - base


@compiled
def labelled(unary: Any, across: Any, down: Any, unit: Any, rounds: Any, choice: Any, margin: Any) -> None:
    """Sequential tree-reweighted message passing (Kolmogorov 2006), forth and back over the pixels, `rounds` times.

    unary : (h, w, k); across, down : (h, w, k, k), the
    edges to the right and below, uint16 times `unit`. choice : (h, w) uint8
    and margin : (h, w) float32, by how much the next best mode would cost more, are written.
    """
    h, w, k = unary.shape
    right = np.zeros((h, w, k), np.float32)  # the message along the edge to the right neighbour, whichever way it went
    below = np.zeros((h, w, k), np.float32)
    belief = np.empty(k, np.float32)
    out = np.empty(k, np.float32)
    for turn in range(2 * rounds):
        forth = turn % 2 == 0
        for j in range(h):
            y = j if forth else h - 1 - j
            for i in range(w):
                x = i if forth else w - 1 - i
                for a in range(k):
                    belief[a] = unary[y, x, a] + right[y, x, a] + below[y, x, a]
                    if x > 0:
                        belief[a] += right[y, x - 1, a]
                    if y > 0:
                        belief[a] += below[y - 1, x, a]
                if forth:
                    if x + 1 < w:
                        _sent(belief, right[y, x], across[y, x], False, unit, out)
                    if y + 1 < h:
                        _sent(belief, below[y, x], down[y, x], False, unit, out)
                else:
                    if x > 0:
                        _sent(belief, right[y, x - 1], across[y, x - 1], True, unit, out)
                    if y > 0:
                        _sent(belief, below[y - 1, x], down[y - 1, x], True, unit, out)
    # Labels one by one, each given those before it.
    for y in range(h):
        for x in range(w):
            for a in range(k):
                belief[a] = unary[y, x, a] + right[y, x, a] + below[y, x, a]
                if x > 0:
                    belief[a] += np.float32(across[y, x - 1, choice[y, x - 1], a]) * unit
                if y > 0:
                    belief[a] += np.float32(down[y - 1, x, choice[y - 1, x], a]) * unit
            best = 0
            for a in range(1, k):
                if belief[a] < belief[best]:
                    best = a
            second = np.float32(_FAR)
            for a in range(k):
                if a != best:
                    second = min(second, belief[a])
            choice[y, x] = best
            margin[y, x] = second - belief[best]
