"""Crumbs merged pair by pair, the two that differ least first, into a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles
from gmmseg.compiled import compiled
from gmmseg.parts.growth.cracks import Graph
from gmmseg.parts.growth.recipe import Recipe
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


def merged(graph: Graph, strengths: Doubles, statistics: Statistics, places: Doubles, recipe: Recipe) -> Merges:
    """Merge neighbours greedily until there is one region.

    Parameters
    ----------
    graph : Graph
        Connected.
    strengths : (e,) float64
        Of its borders.
    statistics : Statistics
    places : (n, c) float64
        Spectral coordinates.
    recipe : Recipe

    Notes
    -----
    The cost of regions i and j is

        [B̄ + h·χ²(palettes) + t·χ²(textures) + g·(1 − e^−D) + s·‖Vᵢ − Vⱼ‖^p] · (aᵢaⱼ/((aᵢ + aⱼ)n) + ε)^q · e^(−r·ℓ/min(ℓᵢ, ℓⱼ))

    with B̄ the mean strength of their border, χ² = ½ Σ (p − q)²/(p + q), D Bhattacharyya's distance of the Gaussians of
    their colours, V their spectral coordinates, a areas and n their sum, ℓ the length of their border and ℓᵢ that of all
    of i's borders. So small regions merge early, and those that lie in another's arms; large ones that touch little, late.
    """
    n = len(statistics.areas)
    means = np.concatenate([statistics.colours, statistics.squares], axis=1) / statistics.areas[:, None]
    shares = [sums / statistics.areas[:, None] for sums in (statistics.palettes, statistics.textures)]
    pairs, costs = np.empty((n - 1, 2), np.int32), np.empty(n - 1)
    _merge(
        graph.pairs,
        graph.lengths,
        strengths,
        _nodes(statistics.areas),
        _nodes(means),
        _nodes(shares[0]),
        _nodes(shares[1]),
        _nodes(places),
        recipe.weights,
        pairs,
        costs,
    )
    return Merges(pairs, costs)


def _nodes(values: Doubles) -> Doubles:
    """Room for 2n − 1 nodes, of which the first n are there."""
    n = len(values)
    room = np.zeros((2 * n - 1, *values.shape[1:]))
    room[:n] = values
    return room


@compiled
def _differing(shares: Any, i: Any, j: Any) -> Any:
    """½ Σ (p − q)²/(p + q)."""
    total = 0.0
    for c in range(shares.shape[1]):
        p, q = shares[i, c], shares[j, c]
        total += (p - q) * (p - q) / (p + q + 1e-12)
    return 0.5 * total


@compiled
def _apart(places: Any, i: Any, j: Any) -> Any:
    total = 0.0
    for c in range(places.shape[1]):
        total += (places[i, c] - places[j, c]) ** 2
    return np.sqrt(total)


@compiled
def _determinant(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:
    """Of the symmetric matrix [[a, b, c], [b, d, e], [c, e, f]]."""
    return a * (d * f - e * e) - b * (b * f - e * c) + c * (b * e - d * c)


@compiled
def _bhattacharyya(means: Any, i: Any, j: Any, floor: Any) -> Any:
    """⅛ mᵀM⁻¹m + ½ ln(|M| / √(|A||B|)) of two Gaussians whose means and mean products stand in a row, M = (A + B)/2."""
    l, a, b = means[i, 0] - means[j, 0], means[i, 1] - means[j, 1], means[i, 2] - means[j, 2]
    i0, i1, i2 = means[i, 0], means[i, 1], means[i, 2]
    j0, j1, j2 = means[j, 0], means[j, 1], means[j, 2]
    p0, p1, p2 = means[i, 3] - i0 * i0 + floor, means[i, 4] - i0 * i1, means[i, 5] - i0 * i2
    p3, p4, p5 = means[i, 6] - i1 * i1 + floor, means[i, 7] - i1 * i2, means[i, 8] - i2 * i2 + floor
    q0, q1, q2 = means[j, 3] - j0 * j0 + floor, means[j, 4] - j0 * j1, means[j, 5] - j0 * j2
    q3, q4, q5 = means[j, 6] - j1 * j1 + floor, means[j, 7] - j1 * j2, means[j, 8] - j2 * j2 + floor
    m0, m1, m2 = (p0 + q0) / 2, (p1 + q1) / 2, (p2 + q2) / 2
    m3, m4, m5 = (p3 + q3) / 2, (p4 + q4) / 2, (p5 + q5) / 2
    between = _determinant(m0, m1, m2, m3, m4, m5)
    form = (
        (m3 * m5 - m4 * m4) * l * l
        + (m0 * m5 - m2 * m2) * a * a
        + (m0 * m3 - m1 * m1) * b * b
        + 2 * ((m2 * m4 - m1 * m5) * l * a + (m1 * m4 - m2 * m3) * l * b + (m1 * m2 - m0 * m4) * a * b)
    ) / between
    own = _determinant(p0, p1, p2, p3, p4, p5) * _determinant(q0, q1, q2, q3, q4, q5)
    return max(0.0, form / 8 + 0.5 * np.log(between / np.sqrt(own)))


@compiled
def _cost(
    i: Any, j: Any, length: Any, strength: Any, around: Any, areas: Any, total: Any, means: Any, palettes: Any,
    textures: Any, places: Any, weights: Any,
) -> Any:  # fmt: skip
    palette, texture, gaussian, floor, spectral, power, embrace, least, size = weights
    differing = (
        strength
        + palette * _differing(palettes, i, j)
        + texture * _differing(textures, i, j)
        + gaussian * (1 - np.exp(-_bhattacharyya(means, i, j, floor)))
        + spectral * _apart(places, i, j) ** power
    )
    small = areas[i] * areas[j] / ((areas[i] + areas[j]) * total)
    return differing * (small + least) ** size * np.exp(-embrace * length / min(around[i], around[j]))


@compiled
def _merge(
    pairs: Any, lengths: Any, strengths: Any, areas: Any, means: Any, palettes: Any, textures: Any, places: Any,
    weights: Any, merges: Any, costs: Any,
) -> None:  # fmt: skip
    """Fill in merges and costs.

    Borders are slots of a table; each node has a chain through the slots of its own, 2e and 2e + 1 being the two ends
    of slot e. When nodes merge, their chains do, borders with the same neighbour become one, and new costs go onto the
    heap under a new version, so that old entries are known when they come up.
    """
    n, e = len(merges) + 1, len(pairs)
    total = areas.sum()
    ends, length, sums = pairs.copy(), lengths.copy(), strengths * lengths
    version, alive = np.zeros(e, np.int64), np.ones(e, np.bool_)
    heads, after = np.full(2 * n - 1, -1, np.int64), np.full(2 * e, -1, np.int64)
    around = np.zeros(2 * n - 1)
    shared = np.full(2 * n - 1, -1, np.int64)
    keys, entries = np.empty(4 * e + 16), np.empty((4 * e + 16, 2), np.int64)
    for s in range(e):
        for side in range(2):
            node = ends[s, side]
            around[node] += length[s]
            after[2 * s + side] = heads[node]
            heads[node] = 2 * s + side
    held = 0
    for s in range(e):
        cost = _cost(
            ends[s, 0], ends[s, 1], length[s], sums[s] / length[s], around, areas, total, means, palettes, textures,
            places, weights,
        )  # fmt: skip
        held = _pushed(keys, entries, held, cost, s, 0)
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
                        sums[twin] += sums[s]
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
            cost = _cost(
                ends[s, 0], ends[s, 1], length[s], sums[s] / length[s], around, areas, total, means, palettes, textures,
                places, weights,
            )  # fmt: skip
            held = _pushed(keys, entries, held, cost, s, version[s])
            chain = after[chain]
        made += 1


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
