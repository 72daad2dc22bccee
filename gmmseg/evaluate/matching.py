"""Maximum matching of nearby pixels (Hopcroft and Karp 1973), as compiled loops.

SciPy's `maximum_bipartite_matching` takes more than half a minute on some pairs of boundary maps that take 2 ms here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled


@compiled
def neighbours(numbers: Any, places: Any, steps: Any) -> tuple[Any, Any]:
    """The pixels near each place.

    Parameters
    ----------
    numbers : (p,) int32
        The number of each pixel of a flat map, −1 for a pixel that has none.
    places : (n,) int64
        Where to look from.
    steps : (s,) int64
        How far to step, nearest first; no step leaves the map.

    Returns
    -------
    starts : (n + 1,) int64
        Where the list of each place begins.
    partners : (m,) int32
        The numbers near each place, one list after the other.
    """
    n = places.shape[0]
    starts = np.zeros(n + 1, np.int64)
    for i in range(n):
        count = 0
        for s in range(steps.shape[0]):
            if numbers[places[i] + steps[s]] >= 0:
                count += 1
        starts[i + 1] = starts[i] + count
    partners = np.empty(starts[n], np.int32)
    for i in range(n):
        at = starts[i]
        for s in range(steps.shape[0]):
            number = numbers[places[i] + steps[s]]
            if number >= 0:
                partners[at] = number
                at += 1
    return starts, partners


@compiled
def nearest_first(numbers: Any, places: Any, steps: Any, rights: int) -> tuple[Any, Any]:
    """A matching found greedily: all pairs at the smallest distance, then those at the next, and so on.

    Parameters
    ----------
    numbers, places, steps
        As in `neighbours`.
    rights : int
        How many pixels of the map have a number.

    Returns
    -------
    left : (n,) int32
        The number matched with each place, −1 for none.
    right : (rights,) int32
        The place matched with each number, −1 for none.
    """
    left = np.full(places.shape[0], -1, np.int32)
    right = np.full(rights, -1, np.int32)
    for s in range(steps.shape[0]):
        for i in range(places.shape[0]):
            if left[i] < 0:
                number = numbers[places[i] + steps[s]]
                if number >= 0 and right[number] < 0:
                    left[i] = number
                    right[number] = i
    return left, right


@compiled
def enlarge(starts: Any, partners: Any, left: Any, right: Any) -> None:
    """Move pairs in place until no matching has more.

    Parameters
    ----------
    starts, partners
        As from `neighbours`.
    left, right
        As from `nearest_first`; changed in place. What is matched stays matched, with another partner perhaps.
    """
    n = left.shape[0]
    level = np.empty(n, np.int32)
    turn = np.empty(n, np.int64)
    queue = np.empty(n, np.int32)
    grown = True
    while grown:
        grown = False
        # Breadth first: the number of pairs that must move before each place could have a new partner.
        tail = 0
        for i in range(n):
            turn[i] = starts[i]
            level[i] = -1
            if left[i] < 0:
                level[i] = 0
                queue[tail] = i
                tail += 1
        free = tail
        head = 0
        while head < tail:
            i = queue[head]
            head += 1
            for e in range(starts[i], starts[i + 1]):
                other = right[partners[e]]
                if other >= 0 and level[other] < 0:
                    level[other] = level[i] + 1
                    queue[tail] = other
                    tail += 1
        # Depth first along rising levels, for paths that share no place. The first entries of the queue are the roots;
        # the rest has done its duty and holds the path, which never has more places than were matched before.
        for r in range(free):
            depth = 0
            while depth >= 0:
                i = queue[r] if depth == 0 else queue[free + depth - 1]
                if turn[i] == starts[i + 1]:
                    depth -= 1
                    continue
                number = partners[turn[i]]
                turn[i] += 1
                other = right[number]
                if other < 0:
                    for d in range(depth + 1):
                        moved = queue[r] if d == 0 else queue[free + d - 1]
                        left[moved] = partners[turn[moved] - 1]
                        right[left[moved]] = moved
                    grown = True
                    break
                if level[other] == level[i] + 1:
                    queue[free + depth] = other
                    depth += 1
