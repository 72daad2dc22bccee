"""The number of components, and the way from coarse to fine."""

from __future__ import annotations

import numpy as np
import pytest

import gmmseg
from gmmseg import InputError
from gmmseg.features import FeatureSpec, features_of
from gmmseg.files import image_of
from gmmseg.mixture import fit
from gmmseg.segmentation.choice import MOST, chosen_k


def blobs(k: int, *, size: int = 90, noise: float = 3, seed: int = 0) -> np.ndarray:
    """A picture of k plain vertical stripes under noise : (size, size, 3) uint8."""
    random = np.random.default_rng(seed)
    colours = random.permutation(np.array(np.meshgrid([40, 130, 220], [60, 190], [50, 160])).reshape(3, -1).T)[:k]
    picture = colours[np.arange(size) * k // size][None].repeat(size, axis=0)
    return np.clip(picture + random.normal(0, noise, picture.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("k", [2, 3, 5, 8])
def test_auto_finds_the_number_of_colours(k: int) -> None:
    """A picture of k clearly different colours is segmented in k."""
    seg = gmmseg.segment(blobs(k))
    assert seg.k == k
    assert seg.history is not None
    assert min(seg.history.curve, key=lambda c: c.score).k == k


def test_more_pixels_do_not_mean_more_segments() -> None:
    """Sixteen times the pixels of the same picture do not change the number of segments."""
    picture = blobs(4)
    assert gmmseg.segment(np.tile(picture, (4, 4, 1))).k == gmmseg.segment(picture).k == 4


def test_auto_is_the_fit_of_the_number_it_chooses(photo_path: str) -> None:
    """Giving the number that auto would choose gives the same model."""
    auto = gmmseg.segment(photo_path)
    given = gmmseg.segment(photo_path, auto.k)
    np.testing.assert_array_equal(auto.mixture.means, given.mixture.means)
    np.testing.assert_array_equal(auto.labels, given.labels)
    assert 2 <= auto.k <= MOST
    assert given.history is not None
    assert given.history.curve == ()


def test_the_weights_of_rows_do_not_matter_in_total() -> None:
    """Ten times the count of every colour leads to the same choice."""
    features = features_of(image_of(blobs(4)), FeatureSpec.parse("lab"))
    once = chosen_k(features.rows[:], features.weights, features.resolution, "full", 0)
    often = chosen_k(features.rows[:], 10 * features.weights, features.resolution, "full", 0)
    assert once[0] == often[0] == 4


def test_coarse_to_fine_reaches_what_all_pixels_reach(photo_path: str) -> None:
    """Fitting bins first and distinct colours then is as likely as fitting every pixel from the start."""
    seg = gmmseg.segment(photo_path, 5)
    features = features_of(seg.image, seg.model.spec)
    rows = features.spread(features.rows[:]).reshape(-1, 3)
    whole = fit(rows, 5, resolution=features.resolution)
    assert seg.history is not None
    assert seg.history.fit.log_likelihood / len(rows) > whole.log_likelihood / len(rows) - 1e-3


@pytest.mark.parametrize("k", [0, -1, 1.5, "many", True, None])
def test_nonsense_for_k_is_refused(k: object) -> None:
    """K is a whole number of at least one, or auto."""
    with pytest.raises(InputError, match="auto"):
        gmmseg.segment(blobs(2, size=8), k)  # type: ignore[arg-type]


def test_more_components_than_colours_is_refused() -> None:
    """Asking for five segments of three colours says how many there are."""
    picture = np.array([[[0, 0, 0], [255, 0, 0], [0, 0, 255]]], np.uint8).repeat(4, axis=0)
    with pytest.raises(InputError, match="different"):
        gmmseg.segment(picture, 5)
    assert gmmseg.segment(picture, 3).k == 3


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 7, 3), (1, 40), (6, 6, 5)])
def test_one_colour_is_one_segment(shape: tuple[int, ...]) -> None:
    """A picture of a single colour, down to a single pixel, is one segment, by default."""
    seg = gmmseg.segment(np.full(shape, 77, np.uint8))
    assert seg.k == 1
    assert (seg.labels == 0).all()
    assert (seg.regions == 0).all()
    np.testing.assert_allclose(seg.probabilities, 1)


@pytest.fixture(scope="module")
def photo_path() -> str:
    """A sample photo."""
    from pathlib import Path

    return str(Path(__file__).resolve().parents[2] / "images" / "coffee.jpg")
