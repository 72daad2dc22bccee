"""Merging by odds, beside merging word for word, and the odds themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from gmmseg.parts.checking import require_tree
from gmmseg.parts.growth.cracks import Graph, graph_of
from gmmseg.parts.growth.discs import DIRECTIONS
from gmmseg.parts.growth.merging import Record, merged
from gmmseg.parts.growth.odds import Odds, form_of, learnt, terms_of
from gmmseg.parts.growth.pairing import FEATURES
from gmmseg.parts.growth.recipe import Recipe
from gmmseg.parts.growth.statistics import Statistics, statistics_of
from gmmseg.segmentation.pieces import pieces_of

Made = tuple[Graph, Statistics, NDArray[np.float64]]


def made(h: int, w: int, colours: int, seed: int) -> Made:
    """A graph of crumbs of chance with all that merging asks for."""
    random = np.random.default_rng(seed)
    crumbs, n = pieces_of(random.integers(0, colours, (h, w)).astype(np.int16))
    channels = tuple(random.random((DIRECTIONS, h, w)).astype(np.float32) for _ in range(9))
    lab = (40 * random.random((3, h, w))).astype(np.float32)
    shares = [random.dirichlet(np.ones(k), (h, w)).transpose(2, 0, 1).astype(np.float32) for k in (4, 6)]
    return graph_of(crumbs, channels), statistics_of(crumbs, n, lab, *shares), random.standard_normal((n, 3))


class Region:
    """Sums over some crumbs, as they stand in `Statistics`."""

    def __init__(self, members: list[int], crumbs: Statistics, places: NDArray[np.float64]) -> None:
        self.members = frozenset(members)
        self.area = crumbs.areas[members].sum()
        self.colour = crumbs.colours[members].sum(axis=0) / self.area
        squares = np.zeros((3, 3))
        squares[np.triu_indices(3)] = crumbs.squares[members].sum(axis=0) / self.area
        squares += np.triu(squares, 1).T
        self.covariance = squares - np.outer(self.colour, self.colour)
        self.palette = crumbs.palettes[members].sum(axis=0) / self.area
        self.texture = crumbs.textures[members].sum(axis=0) / self.area
        self.place = (crumbs.areas[members, None] * places[members]).sum(axis=0) / self.area


def chi(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    """½ Σ (p − q)²/(p + q)."""
    return float(0.5 * ((p - q) ** 2 / (p + q)).sum())


def features_by_hand(a: Region, b: Region, graph: Graph, weights: NDArray[np.float64], total: float) -> list[float]:
    """Every feature of two neighbours from the crumbs they are made of."""
    first, second = (np.isin(graph.pairs, list(region.members)) for region in (a, b))
    between = (first[:, 0] & second[:, 1]) | (first[:, 1] & second[:, 0])
    length = graph.lengths[between].sum()
    channels = (graph.strengths[between] * graph.lengths[between, None]).sum(axis=0) / length
    around, inside = [], []
    for own in (first, second):
        around.append(graph.lengths[own[:, 0] ^ own[:, 1]].sum())
        within = own.all(axis=1)
        lost = graph.lengths[within].sum()
        inside.append((graph.strengths[within] @ weights * graph.lengths[within]).sum() / lost if lost else 0.0)
    p, q = a.covariance + 25 * np.eye(3), b.covariance + 25 * np.eye(3)
    middle, gap = (p + q) / 2, a.colour - b.colour
    overlap = math.log(np.linalg.det(middle) / math.sqrt(np.linalg.det(p) * np.linalg.det(q)))
    far = gap @ np.linalg.solve(middle, gap) / 8 + overlap / 2
    less, more = sorted((a.area, b.area))
    strength = float(channels @ weights)
    spreads = sorted(math.log(max(0.0, np.trace(region.covariance)) + 4) for region in (a, b))
    return [
        1.0,
        math.log(strength + 0.02),
        *channels,
        math.sqrt(chi(a.palette, b.palette)),
        math.sqrt(chi(a.texture, b.texture)),
        math.sqrt(1 - math.exp(-max(0.0, far))),
        math.sqrt(math.dist(a.place, b.place)),
        math.log(less / total + 1e-4),
        math.log(more / total + 1e-4),
        length / min(around),
        math.log(length / math.sqrt(less)),
        strength - min(inside),
        *spreads,
        math.log(1 + abs(gap[0]) / 5),
        math.log(1 + math.hypot(gap[1], gap[2]) / 5),
    ]


def merged_by_hand(
    of: Made, emphasis: tuple[float, ...], form: NDArray[np.float64]
) -> tuple[list[list[int]], list[float]]:
    """Look at all neighbours anew before each merge, and take those with the least log odds."""
    graph, crumbs, places = of
    n, total = len(crumbs.areas), crumbs.areas.sum()
    weights = np.array(emphasis) / sum(emphasis)
    live = {i: Region([i], crumbs, places) for i in range(n)}
    pairs, costs = [], []
    for t in range(n - 1):
        home = {member: name for name, region in live.items() for member in region.members}
        neighbours = {tuple(sorted((home[i], home[j]))) for i, j in graph.pairs.tolist() if home[i] != home[j]}
        ranked = []
        for i, j in neighbours:
            found = np.array(features_by_hand(live[i], live[j], graph, weights, total))
            ranked.append((float(found @ form @ found), i, j))
        cost, i, j = min(ranked)
        members = sorted(live.pop(i).members | live.pop(j).members)
        live[n + t] = Region(members, crumbs, places)
        pairs.append([i, j])
        costs.append(cost)
    return pairs, costs


@pytest.mark.parametrize(("h", "w", "colours", "seed"), [(5, 6, 3, 0), (6, 5, 2, 1), (3, 10, 4, 2), (7, 5, 3, 3)])
def test_merging_is_what_it_says(h: int, w: int, colours: int, seed: int) -> None:
    """The fast way merges what looking at every pair again before every merge does, at the same odds."""
    of = made(h, w, colours, seed)
    form = learnt().form if seed % 2 else np.triu(np.random.default_rng(seed).standard_normal((len(FEATURES),) * 2))
    found = merged(*of, Recipe().emphasis, form)
    pairs, costs = merged_by_hand(of, Recipe().emphasis, form)
    assert found.pairs.tolist() == pairs
    assert np.allclose(found.costs, costs, rtol=1e-6, atol=1e-6)


@given(arrays.arrays(np.int16, st.tuples(st.integers(1, 8), st.integers(1, 8)), elements=st.integers(0, 2)))
@settings(max_examples=60, deadline=None)
def test_merges_make_a_tree(labels: NDArray[np.int16]) -> None:
    """Merges of any crumbs, however alike, make a tree whose heights never fall."""
    h, w = labels.shape
    crumbs, n = pieces_of(labels)
    flat = np.full((3, h, w), 50, np.float32)
    shares = np.ones((2, h, w), np.float32) / 2
    graph = graph_of(crumbs, tuple(np.zeros((9, DIRECTIONS, h, w), np.float32)))
    found = merged(
        graph, statistics_of(crumbs, n, flat, shares, shares), np.zeros((n, 2)), Recipe().emphasis, learnt().form
    )
    assert np.isfinite(found.costs).all()
    require_tree(crumbs, found.pairs, learnt().heights(found.costs))


def test_records_hold_the_last_pairs() -> None:
    """A record holds the pairs that were looked at and changes no merge; a short one keeps the last of them."""
    of = made(7, 8, 3, 5)
    usual = merged(*of, Recipe().emphasis, learnt().form)
    long, short = Record.of(10_000), Record.of(7)
    for record in (long, short):
        again = merged(*of, Recipe().emphasis, learnt().form, record)
        assert np.array_equal(again.pairs, usual.pairs)
        assert np.array_equal(again.costs, usual.costs)
    held = long.pairs[:, 0] >= 0
    assert not held.all()
    assert (long.features[held, 0] == 1).all()
    last = {tuple(row) for row in long.pairs[held][-7:].tolist()}
    assert {tuple(row) for row in short.pairs.tolist()} == last


@given(st.lists(st.floats(-30, 30), max_size=40), st.floats(-3, 3))
def test_heights_never_fall(costs: list[float], usual: float) -> None:
    """Heights lie from 0 to 1, never fall, and pass ½ where the log odds pass those of the usual cut."""
    heights = Odds(learnt().form, usual).heights(np.array(costs, np.float64))
    ever = np.maximum.accumulate(np.array(costs)) if costs else np.empty(0)
    assert ((heights >= 0) & (heights <= 1)).all()
    assert (np.diff(heights) >= 0).all()
    assert (heights[ever > usual] >= 0.5).all()
    assert (heights[ever < usual] <= 0.5).all()
    assert (heights[ever == usual] == 0.5).all()


def test_odds_as_words() -> None:
    """A form told in terms is the same when it is read again, to six digits, in whatever order names stand."""
    random = np.random.default_rng(0)
    form = np.triu(random.standard_normal((len(FEATURES),) * 2) * (random.random((len(FEATURES),) * 2) < 0.3))
    again = form_of(terms_of(form))
    assert np.allclose(again, form, rtol=1e-5)
    assert terms_of(again) == terms_of(form)
    assert form_of({"log length × embrace": 2.0})[FEATURES.index("embrace"), FEATURES.index("log length")] == 2
    assert terms_of(learnt().form) == {name: value for name, value in terms_of(learnt().form).items() if value}
    assert np.array_equal(np.triu(learnt().form), learnt().form)
