"""Walks along the cracks between pixels, around every piece and every hole in one."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled

_DOWN = np.array([0, 1, 0, -1])  # steps to the right, down, to the left, up
_ACROSS = np.array([1, 0, -1, 0])
_CORNER_Y = np.array([0, 1, 1, 0])  # from a pixel to the corner where its side ends that is walked in this direction
_CORNER_X = np.array([1, 1, 0, 0])


@compiled
def traced(pieces: Any) -> Any:
    """Outlines of 4-connected pieces : (h, w) int32, −1 being none.

    Returns points : (n, 2) int32, x and y of the corners; starts : (m + 1,) int64, where each closed ring begins; and
    owners : (m,) int32, the piece of each ring. A piece lies to the right of its rings, so the outer ones run
    clockwise, as one sees them, and holes the other way. A piece's outer ring is the first of its rings.
    """
    h, w = pieces.shape
    seen = np.zeros((h, w), np.bool_)  # left sides that were walked up; every ring has one
    points = np.empty((1024, 2), np.int32)
    starts = np.zeros(256, np.int64)
    owners = np.empty(256, np.int32)
    n, m = 0, 0
    for top in range(h):
        for left in range(w):
            own = pieces[top, left]
            if own < 0 or seen[top, left] or (left > 0 and pieces[top, left - 1] == own):
                continue
            y, x, d = top, left, 3
            while True:
                if d == 3:
                    seen[y, x] = True
                ay, ax = y + _DOWN[d], x + _ACROSS[d]
                ahead = 0 <= ay < h and 0 <= ax < w and pieces[ay, ax] == own
                turn = 1
                if ahead:
                    turn = 0
                    by, bx = ay + _DOWN[d - 1], ax + _ACROSS[d - 1]
                    if 0 <= by < h and 0 <= bx < w and pieces[by, bx] == own:
                        turn = -1
                if turn != 0:
                    if n == len(points):
                        more = np.empty((2 * n, 2), np.int32)
                        more[:n] = points
                        points = more
                    points[n, 0], points[n, 1] = x + _CORNER_X[d], y + _CORNER_Y[d]
                    n += 1
                if turn == 0:
                    y, x = ay, ax
                elif turn == -1:
                    y, x = ay + _DOWN[d - 1], ax + _ACROSS[d - 1]
                d = (d + turn) % 4
                if y == top and x == left and d == 3:
                    break
            if m + 1 == len(starts):
                longer = np.zeros(2 * len(starts), np.int64)
                longer[: m + 1] = starts[: m + 1]
                starts = longer
                names = np.empty(len(starts), np.int32)
                names[:m] = owners[:m]
                owners = names
            owners[m] = own
            m += 1
            starts[m] = n
    return points[:n].copy(), starts[: m + 1].copy(), owners[:m].copy()
