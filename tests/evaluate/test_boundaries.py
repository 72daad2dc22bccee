"""Boundaries: how they are drawn, matched one to one, and counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching
from skimage.morphology import thin

from gmmseg import InputError
from gmmseg.arrays import Flags
from gmmseg.evaluate import BoundaryCounts, boundary_counts, region_boundaries
from gmmseg.evaluate.correspondence import correspondence
from gmmseg.evaluate.thinning import thinned

# 300×400 has a diagonal of 500, so that the standard tolerance is 3.75 pixels.
SHAPE = (300, 400)


def line(*columns: int, rows: slice = slice(None)) -> Flags:
    """Upright lines."""
    image = np.zeros(SHAPE, np.bool_)
    for column in columns:
        image[rows, column] = True
    return image


def test_boundary_runs_beside_the_crack() -> None:
    """Two halves have one line of pixels between them, on the near side of the crack."""
    labels = np.zeros(SHAPE, int)
    labels[:, 200:] = 7
    np.testing.assert_array_equal(region_boundaries(labels), line(199))
    np.testing.assert_array_equal(region_boundaries(labels.T), line(199).T)


def test_boundaries_are_thin_and_closed() -> None:
    """Around a disc runs a closed line of pixels, one thick."""
    y, x = np.mgrid[:120, :160]
    disc = (x - 80) ** 2 + (y - 60) ** 2 < 50**2
    line = region_boundaries(disc)
    assert not (line[1:, 1:] & line[:-1, 1:] & line[1:, :-1] & line[:-1, :-1]).any()
    # Neighbours counted in all eight directions: on a closed line each pixel has two or, beside a corner, three.
    padded = np.pad(line, 1).astype(int)
    around = sum(np.roll(padded, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)) - padded
    assert np.unique(around[padded > 0])[0] == 2


def test_one_region_has_no_boundary() -> None:
    """Where there is one region there is no boundary, and F is 0 as in the benchmark."""
    flat = region_boundaries(np.full((20, 30), 4))
    assert not flat.any()
    counts = boundary_counts(flat, [flat])
    assert counts == BoundaryCounts(0, 0, 0, 0)
    assert (counts.precision, counts.recall, counts.f) == (0, 0, 0)


def test_left_out_pixels_are_one_region() -> None:
    """All negative numbers together make one region with a boundary to the others."""
    labels = np.zeros(SHAPE, int)
    labels[:, 200:] = -1
    labels[:, 300:] = -2
    np.testing.assert_array_equal(region_boundaries(labels), line(199))


@pytest.mark.parametrize(("shift", "matches"), [(0, 300), (3, 300), (4, 0), (9, 0)])
def test_shifted_line_is_found_within_the_tolerance(shift: int, matches: int) -> None:
    """A line up to three pixels off is matched whole, one four pixels off not at all."""
    counts = boundary_counts(line(100 + shift), [line(100)])
    assert counts == BoundaryCounts(matches, 300, matches, 300)
    assert counts.f == matches / 300


def test_tolerance_is_a_share_of_the_diagonal() -> None:
    """A wider tolerance finds a line further off."""
    assert boundary_counts(line(109), [line(100)], tolerance=0.02).f == 1
    assert boundary_counts(line(101), [line(100)], tolerance=0).f == 0
    assert boundary_counts(line(100), [line(100)], tolerance=0).f == 1


def test_double_contour_is_matched_once() -> None:
    """Of two lines around one true line, only as many pixels match as the true one has."""
    counts = boundary_counts(line(99, 101), [line(100)])
    assert counts == BoundaryCounts(300, 600, 300, 300)
    assert counts.precision == 0.5
    assert counts.recall == 1


def test_pairs_move_to_make_room() -> None:
    """A pixel that takes the nearest partner gives it up where another has no other choice."""
    first, second = np.zeros((2, 1, 9), np.bool_)
    first[0, [3, 4]] = True
    second[0, [0, 3]] = True
    # 3–3 is nearest, but then 4 has nothing within 3; 3–0 and 4–3 match all.
    ours, theirs = correspondence(first, second, 3)
    assert ours.sum() == theirs.sum() == 2


def test_any_annotator_counts_for_precision_and_all_for_recall() -> None:
    """A line that one of two annotators drew is wholly right, and half of what was to be found."""
    counts = boundary_counts(line(100), [line(100), line(300)])
    assert counts == BoundaryCounts(300, 300, 300, 600)
    assert counts.f == pytest.approx(2 * 1 * 0.5 / 1.5)


def test_counts_are_added_before_they_are_divided() -> None:
    """Precision and recall of several images are those of all their pixels."""
    total = BoundaryCounts(1, 2, 3, 4) + BoundaryCounts(9, 10, 5, 12)
    assert total == BoundaryCounts(10, 12, 8, 16)
    assert total.precision == pytest.approx(10 / 12)
    assert total.recall == 0.5


maps = arrays(np.bool_, (9, 11), elements=st.booleans())


@settings(max_examples=60, deadline=None)
@given(first=maps, second=maps, distance=st.sampled_from([0.0, 1.0, 1.5, 2.3]))
def test_matching_is_the_largest_there_is(first: Flags, second: Flags, distance: float) -> None:
    """There are as many pairs as in SciPy's maximum matching, whichever map comes first."""
    a, b = np.argwhere(first), np.argwhere(second)
    near = np.hypot(*(a[:, None] - b[None]).transpose(2, 0, 1)) <= distance
    expected = np.count_nonzero(maximum_bipartite_matching(csr_array(near)) >= 0) if near.any() else 0
    for one, other in ((first, second), (second, first)):
        ours, theirs = correspondence(one, other, distance)
        assert np.count_nonzero(ours) == np.count_nonzero(theirs) == expected
        assert not (ours & ~one).any()
        assert not (theirs & ~other).any()


def test_bad_arguments_are_refused() -> None:
    """Maps of two shapes, no annotation and an impossible tolerance are refused in words."""
    with pytest.raises(InputError, match="of one shape"):
        boundary_counts(line(1), [line(1).T])
    with pytest.raises(InputError, match="at least one annotation"):
        boundary_counts(line(1), [])
    with pytest.raises(InputError, match="a share of the diagonal"):
        boundary_counts(line(1), [line(1)], tolerance=3)


@settings(max_examples=60, deadline=None)
@given(marks=arrays(np.bool_, (11, 13), elements=st.booleans()))
def test_thinning_is_that_of_others(marks: Flags) -> None:
    """Marks are thinned to the very pixels that scikit-image leaves."""
    np.testing.assert_array_equal(thinned(marks), thin(marks))


def test_thinning_of_real_shapes() -> None:
    """Blots, thick lines and frames along the edge are thinned as by scikit-image, and what is thin stays."""
    random = np.random.default_rng(0)
    for share in (0.3, 0.6, 0.9):
        marks = random.random((120, 170)) < share
        once = thinned(marks)
        np.testing.assert_array_equal(once, thin(marks))
        np.testing.assert_array_equal(thinned(once), once)
    np.testing.assert_array_equal(thinned(np.ones((40, 30), np.bool_)), thin(np.ones((40, 30), np.bool_)))
    assert not thinned(np.zeros((1, 1), np.bool_)).any()


def test_order_of_the_maps_does_not_matter() -> None:
    """Maps that change places are matched in the same pixels where they differ in size."""
    random = np.random.default_rng(1)
    few, many = random.random((40, 50)) < 0.05, random.random((40, 50)) < 0.2
    a, b = correspondence(few, many, 2.5)
    d, c = correspondence(many, few, 2.5)
    np.testing.assert_array_equal(a, c)
    np.testing.assert_array_equal(b, d)
