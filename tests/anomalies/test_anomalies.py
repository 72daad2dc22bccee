"""What does not belong: scores, masks, boxes and models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from defects import normal, planted

import gmmseg
from gmmseg import Anomaly, AnomalyModel, FileError, InputError
from gmmseg.anomalies.model import FORMAT
from gmmseg.archives import encoded
from gmmseg.evaluate import aupro, roc_auc
from gmmseg.features import FeatureSpec, features_of
from gmmseg.files import image_of

SMALL = (64, 80)


@pytest.fixture(scope="module")
def cloth() -> list[np.ndarray]:
    """Four small pieces of cloth without a flaw."""
    return [normal("weave", seed, SMALL) for seed in range(4)]


@pytest.fixture(scope="module")
def model(cloth: list[np.ndarray]) -> AnomalyModel:
    """What is normal in cloth."""
    return AnomalyModel.fit(cloth, k=4)


@pytest.fixture(scope="module")
def torn() -> tuple[np.ndarray, np.ndarray]:
    """Cloth with a hole, and where that is."""
    return planted("weave", "hole", 9, SMALL)


@pytest.fixture(scope="module")
def found(model: AnomalyModel, torn: tuple[np.ndarray, np.ndarray]) -> Anomaly:
    """The hole."""
    return model.apply(torn[0])


def test_a_hole_is_found_where_it_is(found: Anomaly, torn: tuple[np.ndarray, np.ndarray]) -> None:
    """The oddest box holds the hole, and the mask most of it and little else."""
    assert found.mask[torn[1]].mean() > 0.9
    box = found.boxes[0]
    y, x = np.nonzero(torn[1])
    assert box.x <= x.min() + 2
    assert box.y <= y.min() + 2
    assert box.x + box.width >= x.max() - 1
    assert box.y + box.height >= y.max() - 1
    assert box.rarity < 1e-4
    assert found.peak == pytest.approx(box.peak)


def test_boxes_are_the_pieces_of_the_mask(found: Anomaly) -> None:
    """Areas sum to the mask's, peaks fall, and scores inside are above the threshold."""
    assert sum(box.area for box in found.boxes) == found.mask.sum()
    assert [box.number for box in found.boxes] == list(range(1, len(found.boxes) + 1))
    assert all(a.peak >= b.peak for a, b in zip(found.boxes, found.boxes[1:], strict=False))
    assert found.score[found.mask].min() > found.threshold
    assert all(box.peak >= box.mean > found.threshold for box in found.boxes)


@pytest.mark.parametrize("features", ["lab,texture", "lab", "lab,tone,grain", "patch:4", "colourpatch:3"])
def test_the_score_is_minus_the_log_density(cloth: list[np.ndarray], features: str) -> None:
    """Without smoothing a pixel's score is −log density of its features, whatever these are."""
    picture = cloth[0]
    one = AnomalyModel.fit(cloth[1:], features=features, k=3, smooth=0).apply(picture)
    described = features_of(image_of(picture), FeatureSpec.parse(features))
    expected = described.spread(-one.model.mixture.log_density(described.rows[:]))
    assert np.allclose(one.score, expected, rtol=1e-5, atol=1e-4)


def test_smoothing_averages_log_densities(cloth: list[np.ndarray], model: AnomalyModel) -> None:
    """The smoothed score has the plain score's mean, and varies less."""
    from dataclasses import replace

    plain = replace(model, smooth=0.0).apply(cloth[0]).score
    smooth = model.apply(cloth[0]).score
    assert smooth.mean() == pytest.approx(plain.mean(), rel=0.05)
    assert smooth.std() < 0.8 * plain.std()


def test_the_same_seed_gives_the_same_bits(cloth: list[np.ndarray], model: AnomalyModel) -> None:
    """A model fitted again is the same model."""
    again = AnomalyModel.fit(cloth, k=4)
    assert np.array_equal(again.mixture.means, model.mixture.means)
    assert np.array_equal(again.tail.levels, model.tail.levels)
    assert np.array_equal(again.apply(cloth[0]).score, model.apply(cloth[0]).score)


def test_a_saved_model_finds_the_same(found: Anomaly, torn: tuple[np.ndarray, np.ndarray], tmp_path: Path) -> None:
    """Saving and loading is the identity."""
    found.model.save(tmp_path / "m.npz")
    model = AnomalyModel.load(tmp_path / "m.npz")
    again = model.apply(torn[0])
    assert np.array_equal(again.score, found.score)
    assert (again.threshold, again.boxes) == (found.threshold, found.boxes)
    assert (model.spec, model.smooth, model.pictures) == (found.model.spec, found.model.smooth, 4)


def test_the_function_does_what_the_model_does(
    cloth: list[np.ndarray], torn: tuple[np.ndarray, np.ndarray], model: AnomalyModel, found: Anomaly
) -> None:
    """`gmmseg.anomaly` with normal pictures, or with their model, is the model applied."""
    for one in (gmmseg.anomaly(torn[0], normal=cloth, k=4), gmmseg.anomaly(torn[0], model=model)):
        assert np.array_equal(one.score, found.score)
        assert one.boxes == found.boxes


@pytest.mark.parametrize("defect", ["hole", "stain"])
def test_the_bulk_of_a_picture_is_normal(defect: str) -> None:
    """Without normal pictures, what differs from most of the picture is found, and little else."""
    picture, truth = planted("weave", defect, 9)
    found = gmmseg.anomaly(picture)
    assert found.model.pictures == 0
    assert found.mask[truth].mean() > 0.3
    assert (found.mask & ~truth).mean() < 0.02
    assert roc_auc(found.score, truth) > 0.97


def test_a_smaller_rate_has_a_higher_threshold(model: AnomalyModel, torn: tuple[np.ndarray, np.ndarray]) -> None:
    """Fewer false alarms mean a higher threshold and a smaller mask inside of the larger one."""
    many, few = (model.apply(torn[0], false_alarms=rate) for rate in (1e-2, 1e-6))
    assert few.threshold > many.threshold
    assert not (few.mask & ~many.mask).any()


@pytest.mark.parametrize("features", ["lab,tone,grain", "lab"])
def test_bands_do_not_change_scores(cloth: list[np.ndarray], monkeypatch: pytest.MonkeyPatch, features: str) -> None:
    """A picture described a band at a time has the scores of the whole, and pixels keep their places."""
    from gmmseg.anomalies import scoring

    picture = np.concatenate([cloth[0], cloth[1], cloth[2]])
    mask = np.ones(picture.shape[:2], np.uint8)
    mask[100:170, 10:60] = 0
    one = AnomalyModel.fit(cloth, features=features, k=3)
    whole = one.apply(picture, mask=mask).score
    monkeypatch.setattr(scoring, "_BAND", 40 * picture.shape[1])
    parts = one.apply(picture, mask=mask).score
    assert np.array_equal(np.isnan(whole), np.isnan(parts))
    assert np.allclose(whole, parts, rtol=1e-3, atol=1e-3, equal_nan=True)
    again = AnomalyModel.fit(cloth, features=features, k=3)
    assert np.allclose(again.mixture.means, one.mixture.means, rtol=1e-3, atol=1e-3)


def test_what_is_a_shade_lighter_is_not_odd_where_pictures_differ(cloth: list[np.ndarray]) -> None:
    """Of pictures in different light a further one in between is normal, whichever the covariances are."""
    seen = [
        np.clip(piece * light, 0, 255).astype(np.uint8) for piece, light in zip(cloth, (0.8, 1, 1.1, 0.9), strict=True)
    ]
    between = np.clip(normal("weave", 30, SMALL) * 0.95, 0, 255).astype(np.uint8)
    for covariance in ("full", "diag", "tied", "spherical"):
        assert AnomalyModel.fit(seen, k=3, covariance=covariance).apply(between).mask.mean() < 1e-3


def test_small_pieces_are_left_out(model: AnomalyModel, torn: tuple[np.ndarray, np.ndarray]) -> None:
    """No piece is smaller than asked for, and the mask has none of them."""
    every = model.apply(torn[0], false_alarms=0.05)
    large = model.apply(torn[0], false_alarms=0.05, min_area=40)
    assert min(box.area for box in every.boxes) < 40
    assert large.mask.sum() == sum(box.area for box in every.boxes if box.area >= 40)


def test_pixels_that_are_left_out_have_no_score(
    cloth: list[np.ndarray], model: AnomalyModel, torn: tuple[np.ndarray, np.ndarray]
) -> None:
    """Where the mask says so there is NaN, no box, and no influence on other pixels' densities."""
    mask = np.ones(SMALL, np.uint8)
    mask[torn[1]] = 0
    found = model.apply(torn[0], mask=mask)
    assert np.array_equal(np.isnan(found.score), torn[1])
    assert not found.mask[torn[1]].any()
    alone = gmmseg.anomaly(cloth[0], mask=mask, k=3)
    assert np.isfinite(alone.score[mask > 0]).all()


@pytest.mark.parametrize(
    "picture",
    [
        np.full((12, 9, 3), 77, np.uint8),
        np.zeros((1, 1), np.uint8),
        np.random.default_rng(0).integers(0, 255, (20, 30), np.uint8),
        np.random.default_rng(0).normal(0, 1, (20, 30, 5)).astype(np.float32),
        np.random.default_rng(0).integers(0, 65535, (20, 30, 3), np.uint16),
    ],
)
def test_odd_pictures_have_finite_scores(picture: np.ndarray) -> None:
    """One colour, one pixel, grey, bands and 16 bits are looked at like others."""
    for found in (gmmseg.anomaly(picture), gmmseg.anomaly(picture, normal=[picture, picture])):
        assert np.isfinite(found.score).all()
        assert np.isfinite(found.threshold)
    assert not found.mask.all()


def test_what_makes_no_sense_is_refused(cloth: list[np.ndarray], model: AnomalyModel) -> None:
    """Each argument out of range is told in one line."""
    for wrong, word in (
        ({"normal": cloth, "model": model}, "both"),
        ({"model": "m.npz"}, "AnomalyModel"),
        ({"normal": []}, "at least one"),
        ({"k": 0}, "k as a whole"),
        ({"smooth": -1}, "smooth"),
        ({"model": model, "false_alarms": 0}, "false alarms"),
        ({"model": model, "min_area": 0}, "min_area"),
        ({"features": "nonsense"}, "features"),
    ):
        with pytest.raises(InputError, match=word):
            gmmseg.anomaly(cloth[0], **wrong)
    with pytest.raises(InputError, match="channels"):
        AnomalyModel.fit(cloth, features="bands", k=2).apply(cloth[0][..., 0])
    with pytest.raises(InputError, match="same channels"):
        AnomalyModel.fit([cloth[0], cloth[0][..., 0]])
    with pytest.raises(InputError, match="left out"):
        model.apply(cloth[0], mask=np.zeros(SMALL, np.uint8))


def test_damaged_models_are_refused(model: AnomalyModel, tmp_path: Path) -> None:
    """A file that is cut short, of another kind, or does not fit together is told in one line."""
    path = tmp_path / "m.npz"
    model.save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FileError, match="damaged"):
        AnomalyModel.load(path)
    model.mixture.save(path)
    with pytest.raises(FileError, match="got a gmmseg mixture"):
        AnomalyModel.load(path)
    path.write_bytes(whole)
    with np.load(path) as archive:
        arrays = dict(archive)
    for name, value, why in (
        ("shares", arrays["shares"][::-1], "calibration"),
        ("levels", arrays["levels"][:-1], "calibration"),
        ("weights", arrays["weights"] * 2, "fit together"),
        ("header", encoded({"format": FORMAT, "version": 1}), "fit together"),
    ):
        np.savez(path, **{**arrays, name: value})
        with pytest.raises(FileError, match=why):
            AnomalyModel.load(path)


# surface, defect, ROC AUC, AUPRO: seeds of no benchmark, pictures of 80 × 100
GOLDEN = {
    "brick": {"noise": (0.9778, 0.926), "stain": (0.9993, 0.9976), "scratch": (0.9941, 0.9803)},
    "speckle": {"blur": (0.9995, 0.9983), "faded": (0.9925, 0.9751), "hole": (0.9991, 0.9971)},
    "leather": {"blur": (0.864, 0.5546)},
}


@pytest.mark.parametrize("surface", GOLDEN)
def test_planted_defects_are_found_as_well_as_ever(surface: str) -> None:
    """The areas under both curves are no smaller than they were, and one Gaussian on colours is hardly ever ahead."""
    shape = (80, 100)
    normals = [normal(surface, seed, shape) for seed in range(4)]
    model = AnomalyModel.fit(normals, k=6)
    pixels = np.concatenate(normals).reshape(-1, 3).astype(float)
    inverse = np.linalg.inv(np.cov(pixels.T))
    for defect, (auc, overlap) in GOLDEN[surface].items():
        picture, truth = planted(surface, defect, 9, shape)
        score = model.apply(picture).score
        assert roc_auc(score, truth) > 0.99 * auc
        assert aupro(score, truth) > 0.99 * overlap
        away = picture.astype(float) - pixels.mean(axis=0)
        assert aupro(score, truth) > 0.99 * aupro(np.einsum("ijk,kl,ijl->ij", away, inverse, away), truth)
