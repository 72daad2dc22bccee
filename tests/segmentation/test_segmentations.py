"""What holds for every segmentation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

import gmmseg
from gmmseg import InputError, Model, Segmentation
from gmmseg.files import Image, image_of
from gmmseg.segmentation.guided import step_of

IMAGES = Path(__file__).resolve().parents[2] / "images"
FEATURES = ["lab", "rgb", "hsv", "luv", "grey", "lab,xy:0.5", "lab,texture", "bands"]


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    """A piece of a photo : (120, 160, 3) uint8."""
    with Pillow.open(IMAGES / "coffee.jpg") as photo:
        return np.asarray(photo.convert("RGB"))[60:180, 180:340]


@pytest.fixture(scope="module")
def holed(pixels: np.ndarray) -> Image:
    """The same with a corner left out."""
    valid = np.ones(pixels.shape[:2], bool)
    valid[:30, :50] = False
    return replace(image_of(pixels), valid=valid)


@pytest.fixture(scope="module")
def seg(pixels: np.ndarray) -> Segmentation:
    """Its segmentation in four."""
    return gmmseg.segment(pixels, 4)


@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("smooth", [0.0, 1.0, 3.0])
def test_probabilities_sum_to_one(holed: Image, features: str, smooth: float) -> None:
    """Soft masks sum to one at every valid pixel, are never negative, and are zero where the picture is left out."""
    found = gmmseg.segment(holed, 3, features=features, smooth=smooth)
    total = found.probabilities.sum(axis=2)
    np.testing.assert_allclose(total[holed.valid], 1, atol=1e-5)
    assert found.probabilities.min() >= 0
    assert (total[~holed.valid] == 0).all()
    assert (found.labels[~holed.valid] == -1).all()
    assert (found.regions[~holed.valid] == -1).all()
    assert np.isnan(found.uncertainty[~holed.valid]).all()
    assert (found.labels[holed.valid] >= 0).all()


@pytest.mark.parametrize("smooth", [0.0, 1.0])
@pytest.mark.parametrize("features", ["lab", "lab,xy"])
def test_labels_are_the_most_probable(pixels: np.ndarray, features: str, smooth: float) -> None:
    """Without the absorbing of crumbs a label is the most probable segment, and the certainty how probable it is."""
    found = gmmseg.segment(pixels, 4, features=features, smooth=smooth, min_area=0)
    np.testing.assert_array_equal(found.labels, found.probabilities.argmax(axis=2))
    np.testing.assert_allclose(found.certainty, found.probabilities.max(axis=2), atol=1e-6)


def test_without_smoothing_they_are_the_mixtures_responsibilities(pixels: np.ndarray) -> None:
    """With smooth = 0 the probabilities are those of each pixel's own features under the mixture."""
    found = gmmseg.segment(pixels, 3, features="rgb", smooth=0)
    expected = found.mixture.responsibilities((pixels / np.float32(2.55)).reshape(-1, 3).astype(np.float32))
    np.testing.assert_allclose(found.probabilities.reshape(-1, 3), expected, atol=2e-3)


def test_masks_and_bands_are_slices_of_the_probabilities(seg: Segmentation) -> None:
    """A soft mask is one plane of the probabilities, and bands of rows make up the whole."""
    for i in range(seg.k):
        np.testing.assert_array_equal(seg.mask(i), seg.probabilities[..., i])
    whole = np.concatenate([shares for _, _, shares in seg.shares.bands()])
    np.testing.assert_array_equal(whole, seg.probabilities)
    np.testing.assert_array_equal(seg.shares.band(17, 43), seg.probabilities[17:43])


@pytest.mark.parametrize("segment", [-1, 4, 1.0, True, "0"])
def test_a_mask_of_no_segment_is_refused(seg: Segmentation, segment: object) -> None:
    """Asking for a segment that is not there says which there are."""
    with pytest.raises(InputError, match="from 0 to 3"):
        seg.mask(segment)  # type: ignore[arg-type]


def test_the_same_input_gives_the_same_bits(pixels: np.ndarray, seg: Segmentation) -> None:
    """Segmenting again changes no bit of labels, probabilities, regions or model."""
    again = gmmseg.segment(pixels, 4)
    np.testing.assert_array_equal(again.probabilities, seg.probabilities)
    np.testing.assert_array_equal(again.labels, seg.labels)
    np.testing.assert_array_equal(again.regions, seg.regions)
    np.testing.assert_array_equal(again.mixture.means, seg.mixture.means)


def test_threads_make_no_difference(pixels: np.ndarray, seg: Segmentation, monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread gives the bits that many give."""
    import os

    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    alone = gmmseg.segment(pixels, 4)
    np.testing.assert_array_equal(alone.probabilities, seg.probabilities)
    np.testing.assert_array_equal(alone.labels, seg.labels)


def test_segments_are_ordered_from_dark_to_bright(pixels: np.ndarray) -> None:
    """Whatever the seed and start, segment 0 is the darkest and the last the brightest."""
    for seed, start in ((0, "auto"), (5, "random"), (7, "kmeans++")):
        luma = gmmseg.segment(pixels, 5, seed=seed, start=start).colors @ [0.2126, 0.7152, 0.0722]
        assert (np.diff(luma) >= -0.5).all()


def test_a_mirrored_picture_has_mirrored_segments(pixels: np.ndarray, seg: Segmentation) -> None:
    """Mirroring the picture mirrors labels, but for a few pixels at ties and at the grid of the smoothing."""
    mirrored = gmmseg.segment(pixels[:, ::-1], 4)
    assert (mirrored.labels[:, ::-1] == seg.labels).mean() > 0.995


def test_an_enlarged_picture_has_enlarged_segments(pixels: np.ndarray, seg: Segmentation) -> None:
    """Three times as many pixels each way give nearly the same segments."""
    large = gmmseg.segment(np.repeat(np.repeat(pixels, 3, axis=0), 3, axis=1), 4)
    assert (large.labels[1::3, 1::3] == seg.labels).mean() > 0.98


def test_what_is_left_out_makes_no_difference(holed: Image) -> None:
    """The colours of pixels that are left out change nothing."""
    pixels = holed.pixels.copy()
    pixels[~holed.valid] = [255, 0, 255]
    one, other = gmmseg.segment(holed, 3), gmmseg.segment(replace(holed, pixels=pixels), 3)
    np.testing.assert_array_equal(one.labels, other.labels)
    np.testing.assert_array_equal(one.probabilities, other.probabilities)


def test_smoothing_follows_edges() -> None:
    """Noise within two halves of a picture is smoothed away, and the edge between them stays where it is."""
    random = np.random.default_rng(0)
    picture = np.full((80, 120, 3), 90.0)
    picture[:, 60:] = 160
    noisy = np.clip(picture + random.normal(0, 40, picture.shape), 0, 255).astype(np.uint8)
    truth = np.arange(120) >= 60
    rough, soft = (gmmseg.segment(noisy, 2, smooth=s, min_area=0) for s in (0.0, 2.0))
    assert (rough.labels == truth).mean() < 0.96
    assert (soft.labels == truth).mean() > 0.975


def test_cells_are_a_share_of_the_diagonal() -> None:
    """Smoothing is as wide for a picture as for its enlargement."""
    assert step_of((321, 481), 1) == 4
    assert step_of((3210, 4810), 1) == 40
    assert step_of((321, 481), 2) == 8
    assert step_of((1, 1), 1) == 1


def test_measures_are_those_of_numpy(seg: Segmentation, pixels: np.ndarray) -> None:
    """Areas, mean colours, covariances, boxes, centroids and certainties are those of the labelled pixels."""
    for i, record in enumerate(seg.table()):
        inside = seg.labels == i
        y, x = np.nonzero(inside)
        colours = pixels[inside].astype(float)
        assert record["area"] == inside.sum()
        assert record["share"] == pytest.approx(inside.mean())
        np.testing.assert_allclose(record["mean_rgb"], colours.mean(axis=0), atol=1e-3)
        np.testing.assert_allclose(record["covariance_rgb"], np.cov(colours.T, bias=True), atol=1e-3)
        assert record["box"] == [x.min(), y.min(), np.ptp(x) + 1, np.ptp(y) + 1]
        np.testing.assert_allclose(record["centroid"], [x.mean(), y.mean()], atol=1e-3)
        assert record["certainty"] == pytest.approx(float(seg.certainty[inside].mean()), abs=1e-3)


def test_uncertainty_is_the_entropy(seg: Segmentation) -> None:
    """Uncertainty is the entropy of the probabilities, one where all segments are alike."""
    p = seg.probabilities.astype(float)
    expected = -(p * np.log(np.maximum(p, 1e-300))).sum(axis=2) / np.log(4)
    np.testing.assert_allclose(seg.uncertainty, expected, atol=1e-5)


def test_a_model_applied_to_its_own_picture_is_the_segmentation(seg: Segmentation, pixels: np.ndarray) -> None:
    """Applying the model gives the same labels, probabilities and colours, and knows no fit."""
    again = seg.model.apply(pixels)
    np.testing.assert_array_equal(again.labels, seg.labels)
    np.testing.assert_array_equal(again.probabilities, seg.probabilities)
    assert again.history is None


def test_a_model_saved_and_loaded_is_the_model(seg: Segmentation, pixels: np.ndarray, tmp_path: Path) -> None:
    """A model read from its file segments as the one that was written."""
    seg.model.save(tmp_path / "m.npz")
    loaded = Model.load(tmp_path / "m.npz")
    np.testing.assert_array_equal(loaded.apply(pixels).probabilities, seg.probabilities)
    np.testing.assert_array_equal(loaded.colors, seg.colors)
    assert loaded.spec == seg.model.spec
    assert loaded.space == seg.model.space


def test_labels_mean_the_same_on_other_pictures(seg: Segmentation, pixels: np.ndarray) -> None:
    """A piece of the picture under the model of the whole has the labels it has within the whole."""
    unsmoothed = replace(seg.model, space=replace(seg.model.space, smooth=0, min_area=0))
    whole, piece = unsmoothed.apply(pixels), unsmoothed.apply(pixels[20:90, 30:100])
    np.testing.assert_array_equal(piece.labels, whole.labels[20:90, 30:100])


def test_a_model_of_two_pictures_is_that_of_both_side_by_side(pixels: np.ndarray) -> None:
    """Fitting pictures together is fitting all of their pixels."""
    together = gmmseg.fit([pixels[:, :80], pixels[:, 80:]], 4)
    whole = gmmseg.segment(pixels, 4)
    rows = (pixels[::7, ::7] / 255.0).reshape(-1, 3)
    from gmmseg.features.colour import converted

    lab = converted(rows.astype(np.float32), "lab")
    gap = np.mean(together.mixture.log_density(lab) - whole.mixture.log_density(lab))
    assert abs(gap) < 0.02
    assert len(together.colors) == 4


def test_a_model_of_one_picture_needs_no_list(pixels: np.ndarray) -> None:
    """A single picture is fitted as a list of one."""
    np.testing.assert_array_equal(gmmseg.fit(pixels, 3).mixture.means, gmmseg.fit([pixels], 3).mixture.means)
