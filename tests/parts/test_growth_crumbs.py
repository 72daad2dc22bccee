"""Crumbs: the basins of a landscape, their borders, and what is inside."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from gmmseg.parts.growth.cracks import Graph, graph_of
from gmmseg.parts.growth.discs import DIRECTIONS
from gmmseg.parts.growth.flooding import basins
from gmmseg.parts.growth.joining import joined
from gmmseg.parts.growth.numbering import in_reading_order
from gmmseg.parts.growth.statistics import statistics_of
from gmmseg.segmentation.pieces import borders_of, pieces_of

RANDOM = np.random.default_rng(0)
SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 9))
LANDSCAPES = arrays.arrays(np.float32, SHAPES, elements=st.integers(0, 4).map(float))


def minima_of(levels: NDArray[np.float32]) -> list[NDArray[np.bool_]]:
    """Plateaus that nothing lower touches, by looking at every one."""
    plateaus, count = pieces_of(np.unique(levels, return_inverse=True)[1].reshape(levels.shape).astype(np.int32))
    padded = np.pad(levels, 1, constant_values=np.inf)
    around = np.minimum.reduce([padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]])
    own = [plateaus == i for i in range(count)]
    return [plateau for plateau in own if (around[plateau] >= levels[plateau]).all()]


@given(LANDSCAPES)
@settings(max_examples=150, deadline=None)
def test_one_basin_for_each_minimum(levels: NDArray[np.float32]) -> None:
    """Every regional minimum has one basin, every basin is connected, and no pixel is without one."""
    labels = basins(levels)
    minima = minima_of(levels)
    count = len(minima)
    assert np.array_equal(np.unique(labels), np.arange(count))
    assert sorted(int(labels[minimum][0]) for minimum in minima) == list(range(count))
    assert all((labels[minimum] == labels[minimum][0]).all() for minimum in minima)
    assert pieces_of(labels)[1] == count


@given(LANDSCAPES)
@settings(max_examples=80, deadline=None)
def test_basins_go_uphill(levels: NDArray[np.float32]) -> None:
    """From every pixel a way within its basin leads to the minimum and never rises above the pixel."""
    labels = basins(levels)
    for minimum in minima_of(levels):
        own = labels == labels[minimum][0]
        for level in np.unique(levels[own]):
            low, _ = pieces_of(np.where(own & (levels <= level), 0, -1).astype(np.int32))
            assert low.max() == 0


def test_a_plateau_is_shared() -> None:
    """A plateau between two minima goes to the nearer one, half to each."""
    row = np.array([[0, 5, 5, 5, 5, 5, 5, 0]], np.float32)
    assert basins(row).tolist() == [[0, 0, 0, 0, 1, 1, 1, 1]]
    assert basins(row.T).ravel().tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_a_level_landscape_is_one_basin() -> None:
    """Where nothing rises there is one basin."""
    for level in (0, 0.3):
        assert (basins(np.full((4, 5), level, np.float32)) == 0).all()


def test_numbers_in_reading_order() -> None:
    """Crumbs are numbered by their first pixels; those without pixels bear no name."""
    crumbs = np.array([[-1, 3, 3], [1, 3, 0], [1, 1, 0]], np.int32)
    assert in_reading_order(crumbs, 5).tolist() == [2, 1, -1, 0, -1]
    assert crumbs.tolist() == [[-1, 0, 0], [1, 0, 2], [1, 1, 2]]


@given(arrays.arrays(np.int16, SHAPES, elements=st.integers(-1, 3)))
@settings(max_examples=100, deadline=None)
def test_borders_are_counted(labels: NDArray[np.int16]) -> None:
    """Borders and their lengths are those that `borders_of` counts; a channel of one value is as strong everywhere."""
    crumbs, _ = pieces_of(labels)
    h, w = labels.shape
    faint, strong = np.full((DIRECTIONS, h, w), 0.25, np.float32), np.full((DIRECTIONS, h, w), 0.75, np.float32)
    graph, borders = graph_of(crumbs, (faint, strong)), borders_of(crumbs)
    assert np.array_equal(graph.pairs, borders.pairs)
    assert np.array_equal(graph.lengths, borders.lengths)
    assert np.allclose(graph.strengths[:, 0], 0.25)
    assert np.allclose(graph.strengths[:, 1], 0.75)


def test_borders_are_measured_along_their_tangents() -> None:
    """A border counts the channel of the direction in which it runs, at the larger of its two sides."""
    y, x = np.mgrid[:30, :30]
    halves = (y >= 15, y > x, x >= 15, x + y > 29)
    for direction, second in zip(range(0, DIRECTIONS, 2), halves, strict=True):
        channel = np.zeros((DIRECTIONS, 30, 30), np.float32)
        channel[direction] = np.where(second, 0.5, 0.25)
        ((strength,),) = graph_of(second.astype(np.int32), (channel,)).strengths
        assert 0.45 < strength <= 0.5 + 1e-6


def test_sums_over_crumbs() -> None:
    """Statistics are plain sums over the pixels of each crumb; −1 is left out."""
    h, w, n = 9, 7, 4
    crumbs = RANDOM.integers(-1, n, (h, w)).astype(np.int32)
    lab, palettes = RANDOM.random((3, h, w)).astype(np.float32), RANDOM.random((5, h, w)).astype(np.float32)
    textures = RANDOM.random((6, h, w)).astype(np.float32)
    found = statistics_of(crumbs, n, lab, palettes, textures)
    for i in range(n):
        own = crumbs == i
        colours = lab[:, own].astype(np.float64)
        assert found.areas[i] == own.sum()
        assert np.array_equal(found.places[i], np.argwhere(own).sum(axis=0))
        assert np.allclose(found.colours[i], colours.sum(axis=1))
        assert np.allclose(found.squares[i], (colours @ colours.T)[np.triu_indices(3)], rtol=1e-5)
        assert np.allclose(found.palettes[i], palettes[:, own].sum(axis=1, dtype=float))
        assert np.allclose(found.textures[i], textures[:, own].sum(axis=1, dtype=float))


def test_parts_of_a_graph_are_joined() -> None:
    """A graph in parts becomes whole by the strongest and shortest borders; a whole one stays as it is."""
    pairs = np.array([[0, 2], [1, 4]], np.int64)
    graph = Graph(pairs, np.array([3.0, 2.0]), np.array([[0.1, 0.2], [0.3, 0.4]]))
    whole = joined(graph, 6)
    assert whole.pairs.tolist() == [[0, 1], [0, 2], [1, 3], [1, 4], [3, 5]]
    assert np.array_equal(whole.pairs, whole.pairs[np.lexsort(whole.pairs.T[::-1])])
    assert joined(whole, 6) is whole
    kept = [row.tolist() in pairs.tolist() for row in whole.pairs]
    assert np.array_equal(whole.strengths[kept], graph.strengths)
    assert (whole.strengths[~np.array(kept)] == 1).all()
    assert (whole.lengths[~np.array(kept)] == 1).all()
    alone = joined(Graph(np.empty((0, 2), np.int64), np.empty(0), np.empty((0, 2))), 1)
    assert len(alone.pairs) == 0
