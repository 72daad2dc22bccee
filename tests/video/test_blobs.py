"""Connected blobs of masks: what they cover, what they measure, what is left out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from gmmseg.errors import InputError
from gmmseg.video.blobs import blobs_of


def random_mask(seed: int) -> NDArray[np.bool_]:
    """Noise, in grains of one to three pixels, of any density : (h, w) bool."""
    random = np.random.default_rng(seed)
    h, w = random.integers(1, 50, 2)
    grain = seed % 3 + 1
    mask = np.kron(random.random((h, w)) < random.random(), np.ones((grain, grain), np.bool_))
    return np.ascontiguousarray(mask[:h, :w])


@pytest.mark.parametrize("seed", range(60))
def test_blobs_partition_the_mask(seed: int) -> None:
    """Every pixel of the mask is in one blob; two are in the same exactly if a path in eight directions joins them."""
    mask = random_mask(seed)
    blobs = blobs_of(mask)
    labels = blobs.labels()
    np.testing.assert_array_equal(labels >= 0, mask)
    expected, count = ndimage.label(mask, np.ones((3, 3)))
    assert len(blobs) == count
    np.testing.assert_array_equal(labels + 1, expected)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_measured(seed: int) -> None:
    """Areas, boxes, centroids and mean probabilities are those of the blobs' pixels."""
    mask = random_mask(seed)
    probability = np.random.default_rng(seed).random(mask.shape).astype(np.float32)
    blobs = blobs_of(mask, probability)
    labels = blobs.labels()
    for blob in range(len(blobs)):
        y, x = np.nonzero(labels == blob)
        assert blobs.areas[blob] == len(y)
        assert blobs.boxes[blob].tolist() == [x.min(), y.min(), np.ptp(x) + 1, np.ptp(y) + 1]
        np.testing.assert_allclose(blobs.centroids[blob], [x.mean(), y.mean()])
        np.testing.assert_allclose(blobs.probability[blob], probability[labels == blob].mean(), rtol=1e-5)


@pytest.mark.parametrize("least", [0, 1])
def test_no_area_is_too_small_for_nothing(least: int) -> None:
    """A least area of none or one pixel changes nothing."""
    mask = random_mask(4)
    blobs = blobs_of(mask, min_area=least)
    np.testing.assert_array_equal(blobs.mask, mask)
    np.testing.assert_array_equal(blobs.runs, blobs_of(mask).runs)


@pytest.mark.parametrize("seed", range(20))
def test_small_blobs_go(seed: int) -> None:
    """Blobs below the least area are gone, of the mask too; the others, and what was given, stay as they were."""
    mask = random_mask(seed)
    before = mask.copy()
    every, left = blobs_of(mask), blobs_of(mask, min_area=5)
    kept = every.areas >= 5
    np.testing.assert_array_equal(mask, before)
    np.testing.assert_array_equal(left.mask, np.isin(every.labels(), np.flatnonzero(kept)))
    np.testing.assert_array_equal(left.boxes, every.boxes[kept])
    np.testing.assert_array_equal(left.labels(), blobs_of(left.mask).labels())


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (3, 8), (0, 5)])
@pytest.mark.parametrize("value", [False, True])
def test_plain_masks(shape: tuple[int, int], value: bool) -> None:
    """An empty mask has no blob, a full one has one."""
    mask = np.full(shape, value)
    blobs = blobs_of(mask)
    assert len(blobs) == (1 if value and mask.size else 0)
    if len(blobs):
        assert blobs.boxes.tolist() == [[0, 0, shape[1], shape[0]]]


def test_views_and_steps() -> None:
    """A mask that does not lie in one piece is read as it looks."""
    mask = np.zeros((20, 30), np.bool_)
    mask[4:9, 3:17] = True
    np.testing.assert_array_equal(blobs_of(mask.T[::2]).mask, mask.T[::2])


@pytest.mark.parametrize("wrong", [np.zeros((3, 4), np.uint8), np.zeros(5, np.bool_), np.zeros((2, 2, 2), np.bool_)])
def test_what_is_no_mask(wrong: NDArray[np.bool_]) -> None:
    """Anything but a plane of flags is refused."""
    with pytest.raises(InputError, match="expected a mask"):
        blobs_of(wrong)


def test_probability_of_another_size() -> None:
    """The probability must be of the mask's size."""
    with pytest.raises(InputError, match="expected probability"):
        blobs_of(np.ones((3, 4), np.bool_), np.ones((4, 3), np.float32))
