"""Crumbs merged pair by pair, the two that differ least first, into a tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles
from gmmseg.compiled import compiled
from gmmseg.parts.growth.cracks import Graph
from gmmseg.parts.growth.pairing import FEATURES, described
from gmmseg.parts.growth.statistics import Statistics


@dataclass(frozen=True, eq=False)
class Merges:
    """How n crumbs become one.

    Attributes
    ----------
    pairs : (n − 1, 2) int32
        The nodes that become node n + t.
    costs : (n − 1,) float64
        As they were; one may fall below the last where that merge made it cheap.
    """

    pairs: NDArray[np.int32]
    costs: Doubles


@dataclass(frozen=True, eq=False)
class Record:
    """Pairs of regions that were looked at.

    Attributes
    ----------
    pairs : (m, 2) int32
        Their nodes; the last m that there were in turn, −1 where there were fewer.
    features : (m, f) float64
    """

    pairs: NDArray[np.int32]
    features: Doubles

    @classmethod
    def of(cls, size: int) -> Record:
        """Room for so many."""
        return cls(np.full((size, 2), -1, np.int32), np.zeros((size, len(FEATURES))))


def merged(
    graph: Graph,
    statistics: Statistics,
    places: Doubles,
    emphasis: Sequence[float],
    odds: Doubles,
    record: Record | None = None,
) -> Merges:
    """Merge neighbours greedily, those that are most likely one first, until there is one region.

    Parameters
    ----------
    graph : Graph
        Connected.
    statistics : Statistics
    places : (n, c) float64
        Spectral coordinates.
    emphasis : (channels,)
        How much each channel counts in the strength of a border.
    odds : (f, f) float64
        The log odds that people part two regions, as an upper triangular form of their features; see `odds`.
    record : Record, optional
        Filled with the pairs that were looked at, for learning.
    """
    n = len(statistics.areas)
    means = np.concatenate([statistics.colours, statistics.squares], axis=1) / statistics.areas[:, None]
    palettes, textures = (sums / statistics.areas[:, None] for sums in (statistics.palettes, statistics.textures))
    pairs, costs = np.empty((n - 1, 2), np.int32), np.empty(n - 1)
    weights = np.asarray(emphasis, np.float64) / sum(emphasis)
    kept = record or Record.of(0)
    _merge(
        graph.pairs,
        graph.lengths,
        graph.strengths * graph.lengths[:, None],
        graph.strengths @ weights,
        _nodes(statistics.areas),
        _nodes(means),
        _nodes(palettes),
        _nodes(textures),
        _nodes(places),
        weights,
        odds,
        pairs,
        costs,
        kept.pairs,
        kept.features,
    )
    return Merges(pairs, costs)


def _nodes(values: Doubles) -> Doubles:
    """Room for 2n − 1 nodes, of which the first n are there."""
    n = len(values)
    room = np.zeros((2 * n - 1, *values.shape[1:]))
    room[:n] = values
    return room


@compiled
def _form(odds: Any, found: Any) -> Any:
    """Σᵢ Σⱼ≥ᵢ odds[i, j] · found[i] · found[j]."""
    total = 0.0
    for i in range(len(found)):
        part = 0.0
        for j in range(i, len(found)):
            part += odds[i, j] * found[j]
        total += part * found[i]
    return total


@compiled
def _merge(
    pairs: Any, lengths: Any, channels: Any, strengths: Any, areas: Any, means: Any, palettes: Any, textures: Any,
    places: Any, weights: Any, odds: Any, merges: Any, costs: Any, seen: Any, seen_features: Any,
) -> None:  # fmt: skip
    """Fill in merges and costs.

    Borders are slots of a table; each node has a chain through the slots of its own, 2e and 2e + 1 being the two ends
    of slot e. When nodes merge, their chains do, borders with the same neighbour become one, and new costs go onto the
    heap under a new version, so that old entries are known when they come up.
    """
    n, e = len(merges) + 1, len(pairs)
    total = areas.sum()
    ends, length, sums = pairs.copy(), lengths.copy(), channels.copy()
    version, alive = np.zeros(e, np.int64), np.ones(e, np.bool_)
    heads, after = np.full(2 * n - 1, -1, np.int64), np.full(2 * e, -1, np.int64)
    around, inner, inside = np.zeros(2 * n - 1), np.zeros(2 * n - 1), np.zeros(2 * n - 1)
    shared = np.full(2 * n - 1, -1, np.int64)
    keys, entries = np.empty(4 * e + 16), np.empty((4 * e + 16, 2), np.int64)
    found = np.empty(odds.shape[0])
    for s in range(e):
        for side in range(2):
            node = ends[s, side]
            around[node] += length[s]
            after[2 * s + side] = heads[node]
            heads[node] = 2 * s + side
    held = 0
    looked = 0
    for s in range(e):
        described(
            ends[s, 0], ends[s, 1], length[s], sums[s], strengths[s], total, areas, means, palettes, textures, places,
            around, inside, found,
        )  # fmt: skip
        held = _pushed(keys, entries, held, _form(odds, found), s, 0)
    made = n
    while held > 0:
        cost, slot, stamp = keys[0], entries[0, 0], entries[0, 1]
        held = _popped(keys, entries, held)
        if not alive[slot] or version[slot] != stamp:
            continue
        alive[slot] = False
        i, j = min(ends[slot, 0], ends[slot, 1]), max(ends[slot, 0], ends[slot, 1])
        merges[made - n, 0], merges[made - n, 1], costs[made - n] = i, j, cost
        _mixed(areas, means, i, j, made)
        _mixed(areas, palettes, i, j, made)
        _mixed(areas, textures, i, j, made)
        _mixed(areas, places, i, j, made)
        areas[made] = areas[i] + areas[j]
        around[made] = around[i] + around[j] - 2 * length[slot]
        inner[made] = inner[i] + inner[j] + length[slot]
        own = _strength(sums[slot], weights)
        inside[made] = (inside[i] * inner[i] + inside[j] * inner[j] + own) / inner[made]
        chain = -1
        for old in (i, j):
            end = heads[old]
            while end >= 0:
                s, following = end // 2, after[end]
                if alive[s]:
                    other = ends[s, 1 - end % 2]
                    twin = shared[other]
                    if twin >= 0 and alive[twin] and (ends[twin, 0] == made or ends[twin, 1] == made):
                        length[twin] += length[s]
                        for c in range(sums.shape[1]):
                            sums[twin, c] += sums[s, c]
                        alive[s] = False
                    else:
                        ends[s, end % 2] = made
                        shared[other] = s
                        after[end] = chain
                        chain = end
                end = following
        heads[made] = chain
        if held + e > len(keys):
            held = _swept(keys, entries, held, alive, version)
        while chain >= 0:
            s = chain // 2
            version[s] += 1
            described(
                ends[s, 0], ends[s, 1], length[s], sums[s], _strength(sums[s], weights) / length[s], total, areas,
                means, palettes, textures, places, around, inside, found,
            )  # fmt: skip
            held = _pushed(keys, entries, held, _form(odds, found), s, version[s])
            if len(seen) > 0:
                seen[looked % len(seen), 0], seen[looked % len(seen), 1] = ends[s, 0], ends[s, 1]
                seen_features[looked % len(seen)] = found
                looked += 1
            chain = after[chain]
        made += 1


@compiled
def _strength(sums: Any, weights: Any) -> Any:
    total = 0.0
    for c in range(len(weights)):
        total += weights[c] * sums[c]
    return total


@compiled
def _mixed(areas: Any, values: Any, i: Any, j: Any, made: Any) -> None:
    part = areas[i] / (areas[i] + areas[j])
    for c in range(values.shape[1]):
        values[made, c] = part * values[i, c] + (1 - part) * values[j, c]


@compiled
def _before(key: Any, slot: Any, other_key: Any, other_slot: Any) -> Any:
    return key < other_key or (key == other_key and slot < other_slot)


@compiled
def _pushed(keys: Any, entries: Any, held: Any, key: Any, slot: Any, stamp: Any) -> Any:
    place = held
    while place > 0:
        above = (place - 1) // 2
        if not _before(key, slot, keys[above], entries[above, 0]):
            break
        keys[place], entries[place, 0], entries[place, 1] = keys[above], entries[above, 0], entries[above, 1]
        place = above
    keys[place], entries[place, 0], entries[place, 1] = key, slot, stamp
    return held + 1


@compiled
def _popped(keys: Any, entries: Any, held: Any) -> Any:
    held -= 1
    key, slot, stamp = keys[held], entries[held, 0], entries[held, 1]
    place = 0
    while 2 * place + 1 < held:
        below = 2 * place + 1
        if below + 1 < held and _before(keys[below + 1], entries[below + 1, 0], keys[below], entries[below, 0]):
            below += 1
        if not _before(keys[below], entries[below, 0], key, slot):
            break
        keys[place], entries[place, 0], entries[place, 1] = keys[below], entries[below, 0], entries[below, 1]
        place = below
    keys[place], entries[place, 0], entries[place, 1] = key, slot, stamp
    return held


@compiled
def _swept(keys: Any, entries: Any, held: Any, alive: Any, version: Any) -> Any:
    """The heap without the entries that are out of date."""
    kept = 0
    for at in range(held):
        key, slot, stamp = keys[at], entries[at, 0], entries[at, 1]
        if alive[slot] and version[slot] == stamp:
            kept = _pushed(keys, entries, kept, key, slot, stamp)
    return kept
