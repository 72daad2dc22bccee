"""Connected pieces, crumbs, borders and regions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.measure import label

from gmmseg.segmentation.crumbs import absorbed, cleaned
from gmmseg.segmentation.pieces import areas_of, borders_of, pieces_of, renumbered, united
from gmmseg.segmentation.regions import regions_of

LABELS = arrays(np.int16, st.tuples(st.integers(1, 12), st.integers(1, 12)), elements=st.integers(-1, 2))


@settings(max_examples=150, deadline=None)
@given(LABELS)
def test_pieces_are_those_of_scikit_image(labels: np.ndarray) -> None:
    """Pieces are the 4-connected components of equal labels, numbered in reading order."""
    pieces, count = pieces_of(labels)
    expected = label(labels, connectivity=1, background=-1) - 1
    assert count == expected.max() + 1
    np.testing.assert_array_equal(pieces, expected)
    np.testing.assert_array_equal(areas_of(pieces, count), np.bincount(expected[expected >= 0], minlength=count))


@settings(max_examples=100, deadline=None)
@given(LABELS)
def test_borders_are_counted_side_by_side(labels: np.ndarray) -> None:
    """Every side of a pixel between two pieces is counted once, and none towards what is left out."""
    pieces, _ = pieces_of(labels)
    expected: dict[tuple[int, int], int] = {}
    for a, b in (
        *zip(pieces[:, :-1].ravel(), pieces[:, 1:].ravel(), strict=True),
        *zip(pieces[:-1].ravel(), pieces[1:].ravel(), strict=True),
    ):
        if a != b and min(a, b) >= 0:
            pair = (int(min(a, b)), int(max(a, b)))
            expected[pair] = expected.get(pair, 0) + 1
    borders = borders_of(pieces)
    assert {
        tuple(pair): length for pair, length in zip(borders.pairs.tolist(), borders.lengths, strict=True)
    } == expected


@settings(max_examples=100, deadline=None)
@given(LABELS, st.integers(1, 12))
def test_after_absorbing_no_crumb_has_a_neighbour(labels: np.ndarray, least: int) -> None:
    """What is still smaller than the limit is alone; what was large enough has only grown."""
    pieces, count = pieces_of(labels)
    before = areas_of(pieces, count)
    names = absorbed(pieces, count, least)
    joined, left = renumbered(pieces, names)
    after = areas_of(joined, left)
    alone = set(range(left)) - set(borders_of(joined).pairs.ravel().tolist())
    assert all(after[i] >= least or i in alone for i in range(left))
    assert ((joined < 0) == (labels < 0)).all()
    for i in range(count):
        if before[i] >= least:
            assert after[joined[pieces == i][0]] >= before[i]


def test_a_crumb_takes_the_label_it_touches_most() -> None:
    """A speck within a segment vanishes; one on a border goes to the longer side."""
    labels = np.zeros((6, 8), np.int16)
    labels[:, 4:] = 1
    labels[2, 1] = 2
    labels[4, 4] = 2
    cleanly = cleaned(labels, 2)
    expected = np.zeros((6, 8), np.int16)
    expected[:, 4:] = 1
    np.testing.assert_array_equal(cleanly, expected)
    assert cleaned(labels, 1) is labels


def test_united_pieces_are_named_after_the_largest() -> None:
    """A chain of pairs becomes one piece, under the name of its largest member."""
    names = united(6, np.array([[0, 1], [1, 2], [4, 5]]), np.array([5, 1, 9, 2, 3, 3]))
    np.testing.assert_array_equal(names, [2, 2, 2, 3, 4, 4])


def stripes() -> tuple[np.ndarray, np.ndarray]:
    """Three stripes of colours, the first two hardly different : (60, 90) labels, (60, 90, 3) picture."""
    labels = np.repeat([0, 1, 2], 30)[None].repeat(60, axis=0).astype(np.int16)
    colours = np.array([[100, 110, 120], [102, 111, 120], [200, 60, 40]], np.uint8)
    return labels, colours[labels]


def test_regions_join_across_faint_borders_alone() -> None:
    """Stripes that look alike become one region; the one that stands out stays."""
    labels, picture = stripes()
    regions = regions_of(labels, picture, 0.5)
    np.testing.assert_array_equal(regions, (labels == 2).astype(np.int32))


def test_without_joining_regions_are_the_pieces() -> None:
    """With join = 0 regions are the connected pieces of the labels."""
    labels, picture = stripes()
    np.testing.assert_array_equal(regions_of(labels, picture, 0), labels)


@pytest.mark.parametrize("join", [0.0, 0.3, 0.5, 0.7, 1.0])
def test_regions_are_connected_and_made_of_whole_pieces(
    photo_labels: tuple[np.ndarray, np.ndarray], join: float
) -> None:
    """Every region is connected, and numbers have no gaps and follow reading order."""
    labels, picture = photo_labels
    regions = regions_of(labels, picture, join)
    assert pieces_of(regions.astype(np.int16))[1] == regions.max() + 1
    first = [int(np.argmax(regions.ravel() == i)) for i in range(regions.max() + 1)]
    assert first == sorted(first)


def test_a_higher_limit_joins_more(photo_labels: tuple[np.ndarray, np.ndarray]) -> None:
    """Regions under a higher limit are unions of those under a lower one."""
    labels, picture = photo_labels
    fine, coarse = regions_of(labels, picture, 0.3), regions_of(labels, picture, 0.6)
    pairs = np.unique(np.stack([fine.ravel(), coarse.ravel()]), axis=1)
    assert pairs.shape[1] == fine.max() + 1
    assert coarse.max() < fine.max()


@pytest.fixture(scope="module")
def photo_labels() -> tuple[np.ndarray, np.ndarray]:
    """Labels of a small photo, and the photo."""
    from pathlib import Path

    import gmmseg

    seg = gmmseg.segment(Path(__file__).resolve().parents[2] / "images" / "coffee.jpg", 5)
    return seg.labels, seg.picture
