"""Segments of patches: what is told apart by texture."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

import gmmseg
from gmmseg import Model
from gmmseg.files import image_of
from gmmseg.segmentation.soft import Shares

SIDE = 48


@pytest.fixture(scope="module")
def stripes() -> np.ndarray:
    """Stripes of random greys in four directions, a quarter of the picture each, with noise : (96, 96) uint8."""
    random = np.random.default_rng(0)
    y, x = np.indices((SIDE, SIDE))
    phases = [x, y, x + y, x - y + SIDE]
    quarters = [random.normal(128, 40, 2 * SIDE)[phase] for phase in phases]
    picture = np.block([quarters[:2], quarters[2:]])
    return np.clip(picture + random.normal(0, 6, picture.shape), 0, 255).astype(np.uint8)


def accuracy(labels: np.ndarray) -> float:
    """The share of pixels in the right quarter, with the best naming of segments; pixels near borders do not count."""
    truth = np.kron([[0, 1], [2, 3]], np.ones((SIDE, SIDE), int))
    inside = np.ones(truth.shape, bool)
    inside[SIDE - 4 : SIDE + 4] = inside[:, SIDE - 4 : SIDE + 4] = False
    return max(float((np.array(names)[labels] == truth)[inside].mean()) for names in permutations(range(4)))


@pytest.mark.parametrize("start", ["auto", "directional"])
@pytest.mark.parametrize("features", ["patch:6", "patch:6/2", "patch:8"])
def test_directions_are_told_apart(stripes: np.ndarray, features: str, start: str) -> None:
    """Stripes that no colour tells apart are segments of patches."""
    found = gmmseg.segment(stripes, 4, features=features, start=start)
    assert accuracy(found.labels) > 0.96


def test_patches_are_neither_smoothed_nor_cleaned(stripes: np.ndarray) -> None:
    """Each pixel shows its own patch, unless smoothing and cleaning are asked for."""
    found = gmmseg.segment(stripes, 4, features="patch:6/2")
    assert (found.model.space.smooth, found.model.space.min_area) == (0, 0)
    assert isinstance(found.shares, Shares)
    shares = found.mixture.responsibilities(found.shares.features.rows[:])
    np.testing.assert_array_equal(found.labels, shares.argmax(axis=1)[found.shares.features.index])
    asked = gmmseg.segment(stripes, 4, features="patch:6/2", smooth=1, min_area=0.01)
    assert (asked.model.space.smooth, asked.model.space.min_area) == (1, 0.01)
    np.testing.assert_allclose(asked.probabilities.sum(axis=2), 1, atol=1e-5)


def test_what_is_left_out_stays_out(stripes: np.ndarray) -> None:
    """Pixels that are left out have no label, and what lies there changes nothing."""
    valid = np.ones(stripes.shape, bool)
    valid[30:40, 10:50] = False
    changed = stripes.copy()
    changed[~valid] = 255
    one, other = (
        gmmseg.segment(replace(image_of(pixels), valid=valid), 4, features="patch:6") for pixels in (stripes, changed)
    )
    np.testing.assert_array_equal(one.labels, other.labels)
    assert ((one.labels == -1) == ~valid).all()
    total = one.probabilities.sum(axis=2)
    np.testing.assert_allclose(total[valid], 1, atol=1e-5)
    assert (total[~valid] == 0).all()


def test_a_model_of_patches_is_saved_and_applied(stripes: np.ndarray, tmp_path: Path) -> None:
    """A saved model of patches segments the same picture alike, and several pictures make one model."""
    found = gmmseg.segment(stripes, 4, features="patch:6/2")
    found.model.save(tmp_path / "model.npz")
    again = Model.load(tmp_path / "model.npz")
    assert str(again.spec) == "patch:6/2"
    np.testing.assert_array_equal(again.apply(stripes).labels, found.labels)
    together = gmmseg.fit([stripes[:60], stripes[30:]], 4, features="patch:6/2")
    assert accuracy(together.apply(stripes).labels) > 0.9


def test_outputs_of_patches(stripes: np.ndarray, tmp_path: Path) -> None:
    """Reports, tables and masks are made of patches as of colours."""
    found = gmmseg.segment(stripes, 4, features="patch:6/2")
    written = found.save(tmp_path, "labels,overlay,csv,json,regions,masks,report,probabilities", stem="stripes")
    assert all(path.is_file() for path in written)


def test_a_plain_picture_is_one_segment() -> None:
    """A picture of one grey has one patch, again and again, and k = auto says one segment."""
    found = gmmseg.segment(np.full((20, 20), 77, np.uint8), features="patch:4")
    assert found.k == 1
    assert (found.labels == 0).all()
