"""Rand index, variation of information and covering: laws, closed forms, cases by hand, and other implementations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from skimage.metrics import variation_of_information as skimage_voi
from sklearn.metrics import rand_score

from gmmseg import InputError
from gmmseg.evaluate import Agreement, agreement, agreement_among
from gmmseg.evaluate.agreement import covering, rand_index, variation_of_information
from gmmseg.evaluate.contingency import contingency

Image = NDArray[np.int64]

images = arrays(np.int64, (5, 7), elements=st.integers(0, 5))
laws = settings(max_examples=60, deadline=None)


def rand(a: Image, b: Image) -> float:
    return rand_index(contingency(a, b))


def voi(a: Image, b: Image) -> float:
    return variation_of_information(contingency(a, b))


def cover(a: Image, b: Image) -> float:
    return covering(contingency(a, b))


@laws
@given(a=images)
def test_identical_labels_agree_fully(a: Image) -> None:
    """An image against itself has Rand index and covering 1 and no variation of information."""
    assert rand(a, a) == 1
    assert voi(a, a) == 0
    assert cover(a, a) == 1


@laws
@given(a=images, b=images)
def test_rand_and_variation_are_symmetric(a: Image, b: Image) -> None:
    """Neither Rand index nor variation of information minds which image comes first."""
    assert rand(a, b) == pytest.approx(rand(b, a), abs=1e-12)
    assert voi(a, b) == pytest.approx(voi(b, a), abs=1e-12)


@laws
@given(a=images, b=images)
def test_measures_stay_within_bounds(a: Image, b: Image) -> None:
    """Rand index and covering lie between 0 and 1, variation of information between 0 and twice log₂ of the pixels."""
    assert 0 <= rand(a, b) <= 1
    assert 0 <= voi(a, b) <= 2 * math.log2(a.size)
    assert 0 < cover(a, b) <= 1


@laws
@given(a=images, b=images, c=images)
def test_variation_obeys_the_triangle_inequality(a: Image, b: Image, c: Image) -> None:
    """The variation of information by way of a third image is never shorter."""
    assert voi(a, c) <= voi(a, b) + voi(b, c) + 1e-9


@laws
@given(a=images, b=images, numbers=st.permutations(range(6)), step=st.sampled_from([1, 10, 10**6, 10**15]))
def test_numbers_of_the_regions_do_not_matter(a: Image, b: Image, numbers: list[int], step: int) -> None:
    """Other numbers for the same regions, small or huge, change nothing."""
    renamed = np.array(numbers)[a] * step
    assert rand(renamed, b) == pytest.approx(rand(a, b), abs=1e-12)
    assert voi(renamed, b) == pytest.approx(voi(a, b), abs=1e-12)
    assert cover(renamed, b) == pytest.approx(cover(a, b), abs=1e-12)


@laws
@given(a=images, b=images)
def test_measures_are_those_of_other_implementations(a: Image, b: Image) -> None:
    """The Rand index is scikit-learn's, and the variation of information, in bits, that of scikit-image."""
    assert rand(a, b) == pytest.approx(rand_score(a.ravel(), b.ravel()), abs=1e-12)
    assert voi(a, b) == pytest.approx(float(np.sum(skimage_voi(a, b))), abs=1e-9)


@laws
@given(a=images, b=images)
def test_covering_is_its_definition(a: Image, b: Image) -> None:
    """Each region of the second image counts with its best overlap, by its pixels."""
    expected = 0.0
    for region in np.unique(b):
        theirs = b == region
        overlaps = [np.sum(theirs & (a == r)) / np.sum(theirs | (a == r)) for r in np.unique(a)]
        expected += theirs.sum() * max(overlaps)
    assert cover(a, b) == pytest.approx(expected / b.size)


@laws
@given(a=images, b=images)
def test_between_two_images_lies_what_both_refine(a: Image, b: Image) -> None:
    """The overlaps of two images lie on a shortest way between them, and each step there is a conditional entropy."""
    both = a * 6 + b
    assert voi(a, both) + voi(both, b) == pytest.approx(voi(a, b), abs=1e-9)


@laws
@given(a=images, b=images)
def test_refining_further_agrees_less(a: Image, b: Image) -> None:
    """Of two refinements of an image, the finer one has the smaller Rand index and the larger variation."""
    both = a * 6 + b
    single = np.arange(a.size).reshape(a.shape)
    assert rand(a, single) <= rand(a, both) + 1e-12
    assert voi(a, single) >= voi(a, both) - 1e-9


@pytest.mark.parametrize("n", [2, 3, 8])
def test_one_region_against_equal_ones(n: int) -> None:
    """One region against n equal ones: closed forms in n."""
    side = 24
    one = np.zeros((side, side), int)
    many = np.repeat(np.arange(n), side // n)[:, None] + one
    pixels = side * side
    # Together in `many`: n pairs of (p/n choose 2). They are together in `one` as well; all others disagree.
    together = n * math.comb(pixels // n, 2) / math.comb(pixels, 2)
    assert rand(one, many) == pytest.approx(together)
    # `one` tells nothing, so all of H(many) = log₂ n is missing.
    assert voi(one, many) == pytest.approx(math.log2(n))
    # Every region meets only the whole: (p/n)/p. The whole meets regions of p/n: as much.
    assert cover(one, many) == pytest.approx(1 / n)
    assert cover(many, one) == pytest.approx(1 / n)


def test_independent_halves() -> None:
    """Left and right against top and bottom share nothing."""
    a = np.array([[0, 1], [0, 1]])
    b = np.array([[0, 0], [1, 1]])
    # 6 pairs: columns join 2, rows join 2 others, so they agree on the 2 diagonals only.
    assert rand(a, b) == pytest.approx(2 / 6)
    # Two independent bits: H(a|b) + H(b|a) = 1 + 1.
    assert voi(a, b) == pytest.approx(2)
    # Every overlap is 1 pixel of a union of 3.
    assert cover(a, b) == pytest.approx(1 / 3)


def test_small_case_by_hand() -> None:
    """Six pixels, worked out by hand."""
    a = np.array([[0, 0, 0, 1, 1, 1]])
    b = np.array([[0, 0, 1, 1, 2, 2]])
    # Table: (0,0) 2, (0,1) 1, (1,1) 1, (1,2) 2. 15 pairs; together in a: 3 + 3, in b: 1 + 1 + 1, in both: 1 + 1.
    # They disagree on 6 + 3 − 2·2 = 5.
    assert rand(a, b) == pytest.approx(10 / 15)
    # H(b|a) = H(2/3, 1/3) = log₂3 − 2/3. H(a|b): one bit in region 1, a third of the pixels.
    assert voi(a, b) == pytest.approx(math.log2(3) - 2 / 3 + 1 / 3)
    # b's regions: 0 → 2/3; 1 → 1 of 4; 2 → 2/3. Each has 2 of 6 pixels.
    assert cover(a, b) == pytest.approx((2 / 3 + 1 / 4 + 2 / 3) / 3)
    # a's regions: each 2/3.
    assert cover(b, a) == pytest.approx(2 / 3)


def test_annotators_are_averaged() -> None:
    """Against several annotators each measure is the mean of those against one."""
    random = np.random.default_rng(0)
    labels, *truths = random.integers(0, 4, (4, 9, 8))
    single = [agreement(labels, [truth]) for truth in truths]
    together = agreement(labels, truths)
    for measure in ("pri", "voi", "covering"):
        assert getattr(together, measure) == pytest.approx(np.mean([getattr(one, measure) for one in single]))
    assert single[0] == Agreement(rand(labels, truths[0]), voi(labels, truths[0]), cover(labels, truths[0]))


def test_annotators_among_themselves() -> None:
    """Annotators are compared each with all others."""
    a, b, c = (np.array([[0, 0, 1, 1]]), np.array([[0, 0, 0, 1]]), np.array([[0, 1, 1, 1]]))
    # All ordered pairs count alike, so by symmetry it is the mean over the three pairs.
    assert agreement_among([a, b, c]).voi == pytest.approx((voi(a, b) + voi(b, c) + voi(a, c)) / 3)
    with pytest.raises(InputError, match="at least two annotations"):
        agreement_among([a])


def test_negative_pixels_are_left_out() -> None:
    """Pixels with a negative number in either image count as if they were not there."""
    random = np.random.default_rng(1)
    a, b = random.integers(0, 4, (2, 6, 10))
    holed, other = a.copy(), b.copy()
    holed[:2] = -1
    other[:, 7:] = -9
    for measure in (rand, voi, cover):
        assert measure(holed, other) == pytest.approx(measure(a[2:, :7], b[2:, :7]))
    assert agreement(holed, [a]).covering == 1


@pytest.mark.parametrize("dtype", [np.bool_, np.uint8, np.int16, np.uint64])
def test_type_of_the_labels_does_not_matter(dtype: type) -> None:
    """Masks and integers of every width give the same."""
    a, b = np.random.default_rng(2).integers(0, 2, (2, 5, 6))
    assert agreement(a.astype(dtype), [b]) == agreement(a, [b.astype(dtype)]) == agreement(a, [b])


def test_numbers_beyond_int64_are_told_apart() -> None:
    """Region numbers that only uint64 holds are numbers like others."""
    huge = np.array([[2**63, 2**63 + 1, 2**64 - 1]], np.uint64)
    assert agreement(huge, [[[0, 1, 2]]]) == Agreement(1, 0, 1)


def test_region_a_pixel_is_counted_as_any_other() -> None:
    """Images with as many regions as pixels, too many for a full table, have their closed forms."""
    single = np.arange(300 * 400).reshape(300, 400)
    other = single[::-1, ::-1]
    assert rand(single, other) == 1
    assert voi(single, other) == 0
    halves = (single % 2).astype(np.int64)
    assert voi(single, halves) == pytest.approx(math.log2(300 * 400 / 2))


def test_one_pixel_agrees_with_itself() -> None:
    """An image of a single pixel has nothing to disagree on."""
    assert agreement([[3]], [[[7]]]) == Agreement(1, 0, 1)


@pytest.mark.parametrize(
    ("labels", "truths", "complaint"),
    [
        (np.zeros((2, 2)), [np.zeros((2, 2), int)], "whole numbers"),
        (np.zeros((2, 2, 3), int), [np.zeros((2, 2), int)], r"shape \(h, w\)"),
        (np.zeros((0, 2), int), [np.zeros((0, 2), int)], "with pixels"),
        (np.zeros((2, 3), int), [np.zeros((3, 2), int)], "of one shape"),
        (np.zeros((2, 2), int), [], "at least one annotation"),
        (-np.ones((2, 2), int), [np.zeros((2, 2), int)], "every pixel is negative"),
        (np.zeros((2, 2), int), [np.zeros((2, 2))], "an annotation of whole numbers"),
    ],
)
def test_what_is_no_label_image_is_refused(labels: Image, truths: list[Image], complaint: str) -> None:
    """Labels that cannot be compared are refused in words."""
    with pytest.raises(InputError, match=complaint):
        agreement(labels, truths)
