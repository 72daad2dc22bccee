"""Cuts of trees of regions, and the contours that tell of all cuts."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_trees import borders_by_hand, cut_by_hand, stripes, tree_of, trees

import gmmseg
from gmmseg import InputError, RegionTree
from gmmseg.parts.checking import require_tree
from gmmseg.parts.cut import cut_of

DETAILS = st.one_of(st.sampled_from([0.0, 1e-9, 0.5, 0.75, 1 - 1e-9, 1.0]), st.floats(0, 1))


def inside(finer: np.ndarray, coarser: np.ndarray) -> bool:
    """Whether each region of the one lies in one region of the other."""
    pairs = np.unique(np.stack([finer.ravel(), coarser.ravel()]), axis=1)
    return bool(len(np.unique(pairs[0])) == pairs.shape[1])


@given(trees(), DETAILS, DETAILS, st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_cuts_are_nested(tree: RegionTree, one: float, other: float, count: int) -> None:
    """Of two cuts, by detail or by count, one's regions lie in those of the other."""
    cuts = [tree.labels(detail=one), tree.labels(detail=other), tree.labels(count=min(count, len(tree.merges) + 1))]
    cuts.sort(key=lambda labels: int(labels.max()), reverse=True)
    assert all(inside(finer, coarser) for finer, coarser in pairwise(cuts))


@given(trees())
@settings(max_examples=60, deadline=None)
def test_every_count_is_kept(tree: RegionTree) -> None:
    """A cut by count has just so many regions, in reading order, and is what the merges make one by one."""
    n = len(tree.merges) + 1
    for count in range(1, n + 1):
        labels = tree.labels(count=count)
        assert np.array_equal(labels, cut_by_hand(tree, n - count))
        _, first = np.unique(labels[labels >= 0], return_index=True)
        assert len(first) == count
        assert (np.diff(first) > 0).all()


@given(trees(), DETAILS)
@settings(max_examples=100, deadline=None)
def test_contours_are_the_borders_of_every_cut(tree: RegionTree, detail: float) -> None:
    """Contours above 1 − d are where labels of detail d differ from the right or the lower neighbour, for every d."""
    contours = tree.contours()
    assert contours.dtype == np.float32
    for d in (detail, 0.0, 1.0, *(1 - tree.heights).tolist()):
        assert np.array_equal(contours > 1 - d, borders_by_hand(tree.labels(detail=d)))
    assert (contours[~tree.image.valid] == 0).all()


@given(trees())
@settings(max_examples=40, deadline=None)
def test_both_ends(tree: RegionTree) -> None:
    """No detail is one region and full detail all crumbs, even where heights are 0 or 1."""
    assert np.array_equal(tree.labels(detail=0), np.where(tree.image.valid, 0, -1))
    assert np.array_equal(tree.labels(detail=1), tree.crumbs)
    assert np.array_equal(tree.labels(), tree.labels(detail=0.5))


@given(trees(), st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_counts_have_a_detail(tree: RegionTree, count: int) -> None:
    """The detail that is told of a count makes the same cut; where heights are equal there may be none."""
    cut = cut_of(tree, count=min(count, len(tree.merges) + 1))
    if cut.detail is not None:
        assert np.array_equal(tree.labels(detail=cut.detail), cut.labels)
    elif cut.k > 1:
        assert (
            tree.heights.size == 0
            or np.unique(tree.heights.astype(np.float32)).size < len(tree.heights)
            or (tree.heights < 1e-6).any()
        )


def test_equal_heights() -> None:
    """Equal heights stay or go together by detail, and one after the other by count."""
    tree = stripes(5, [0.5])
    assert tree.labels(detail=0.5).max() == 0
    assert tree.labels(detail=0.51).max() == 4
    assert [tree.labels(count=count).max() + 1 for count in range(1, 6)] == [1, 2, 3, 4, 5]
    assert cut_of(tree, count=3).detail is None


def test_counts_are_told_in_few_digits() -> None:
    """The detail of a count has no more digits than are needed to make it again."""
    tree = stripes(6, [0.1, 0.123456, 0.123458, 0.4, 0.75])
    assert [cut_of(tree, count=count).detail for count in (6, 5, 3, 2, 1)] == [1.0, 0.9, 0.87, 0.6, 0.25]
    assert cut_of(tree, count=4).detail == pytest.approx(0.876543, abs=2e-6)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1), (1, 5000), (40, 40)])
def test_one_crumb(shape: tuple[int, int]) -> None:
    """A picture of one colour is one region at any detail, without contours."""
    tree = tree_of(np.zeros(shape))
    for labels in (tree.labels(), tree.labels(detail=1), tree.labels(count=1)):
        assert labels.shape == shape
        assert (labels == 0).all()
    assert (tree.contours() == 0).all()


def test_a_long_row_of_crumbs() -> None:
    """A row in which each pixel is a crumb has as many regions as it should."""
    tree = tree_of(np.arange(5000)[None] % 7)
    assert tree.labels(count=4999).max() == 4998
    assert np.array_equal(tree.contours() > 0.5, borders_by_hand(tree.labels()))


def test_many_regions_need_more_bits() -> None:
    """Up to 32767 regions, labels are int16; beyond, int32."""
    tree = tree_of(np.indices((190, 190)).sum(0) % 2)
    assert tree.labels(count=32767).dtype == np.int16
    assert tree.labels(count=32768).dtype == np.int32
    assert tree.labels(detail=1).max() == 190 * 190 - 1


def test_mean_colours() -> None:
    """A region has the mean colour of its pixels."""
    tree = stripes(6)
    cut = cut_of(tree, count=3)
    for region in range(3):
        mean = tree.picture[cut.labels == region].mean(axis=0)
        assert np.abs(cut.colors[region] - mean).max() <= 0.5


@pytest.mark.parametrize("detail", [-0.1, 1.5, 2, math.nan, math.inf, "x", "0.5", True, [0.5], 10**400])
def test_details_that_are_none(detail: Any) -> None:
    """What is no number from 0 to 1 is refused in a line."""
    with pytest.raises(InputError, match="expected detail as a number from 0 to 1; got"):
        stripes(3).labels(detail=detail)


@pytest.mark.parametrize("count", [0, -1, 2.0, "3", True, math.nan])
def test_counts_that_are_none(count: Any) -> None:
    """What is no whole number of at least 1 is refused in a line."""
    with pytest.raises(InputError, match="expected count as a whole number of at least 1; got"):
        stripes(3).labels(count=count)


def test_more_regions_than_crumbs() -> None:
    """More regions than there are crumbs, and detail beside count, are refused."""
    with pytest.raises(InputError, match="expected a count up to 3, all crumbs of this picture; got 4; ask for less"):
        stripes(3).labels(count=4)
    for ask in (stripes(3).labels, stripes(3).segmentation):
        with pytest.raises(InputError, match="expected detail or count; got both"):
            ask(detail=0.5, count=2)


def test_trees_that_grow_are_trees(photo: np.ndarray) -> None:
    """What `regions` makes of a photo has all that makes a tree, with and without a mask."""
    pixels = photo.reshape(400, 600, 3)[100:160, 200:280]
    mask = np.ones(pixels.shape[:2], bool)
    mask[20:30, :50] = False
    for tree in (gmmseg.regions(pixels), gmmseg.regions(pixels, mask=mask)):
        require_tree(tree.crumbs, tree.merges, tree.heights)
        assert np.array_equal(tree.crumbs >= 0, tree.image.valid)
        assert tree.picture.shape == (60, 80, 3)
        assert np.array_equal(tree.contours() > 0.3, borders_by_hand(tree.labels(detail=0.7)))
