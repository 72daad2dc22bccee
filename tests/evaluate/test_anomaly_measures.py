"""The areas under the ROC curve and under that of per-region overlap."""

from __future__ import annotations

import numpy as np
import pytest

from gmmseg.errors import InputError
from gmmseg.evaluate import aupro, roc_auc


@pytest.fixture
def truth() -> np.ndarray:
    """A large region and a small one."""
    odd = np.zeros((40, 50), np.bool_)
    odd[5:25, 5:25] = True
    odd[30:33, 40:43] = True
    return odd


def test_a_perfect_map_has_areas_of_one(truth: np.ndarray) -> None:
    """Where all that is odd scores higher than all that is normal, both areas are 1."""
    score = truth + 0.5 * np.random.default_rng(0).random(truth.shape)
    assert roc_auc(score, truth) == 1
    assert aupro(score, truth) == pytest.approx(1)


def test_a_constant_map_knows_nothing(truth: np.ndarray) -> None:
    """One score for all is a straight line: AUC ½, and AUPRO half of the limit."""
    score = np.zeros(truth.shape)
    assert roc_auc(score, truth) == 0.5
    assert aupro(score, truth) == pytest.approx(0.15)
    assert aupro(score, truth, limit=1.0) == pytest.approx(0.5)


def test_a_reversed_map_is_worse_than_none(truth: np.ndarray) -> None:
    """A map that is highest where nothing is odd has areas of 0."""
    assert roc_auc(-truth.astype(float), truth) == 0
    assert aupro(-truth.astype(float), truth) == pytest.approx(0)


def test_regions_count_alike(truth: np.ndarray) -> None:
    """A map that finds the small region alone has half of the overlap, whatever its size."""
    score = np.zeros(truth.shape)
    score[30:33, 40:43] = 1
    assert aupro(score, truth, limit=1.0) == pytest.approx((0.5 + 1) / 2)
    assert roc_auc(score, truth) < 0.52


def test_no_growing_function_changes_the_areas(truth: np.ndarray) -> None:
    """Adding a constant to all log densities, or any other growing function of scores, changes no area."""
    score = truth + np.random.default_rng(1).normal(0, 1, truth.shape)
    for other in (score + 1000, np.exp(score), 3 * score - 2):
        assert roc_auc(other, truth) == pytest.approx(roc_auc(score, truth))
        assert aupro(other, truth) == pytest.approx(aupro(score, truth))


def test_auc_is_scikit_learns(truth: np.ndarray) -> None:
    """With ties too, the area is the one that scikit-learn measures."""
    from sklearn.metrics import roc_auc_score

    score = np.round(truth + np.random.default_rng(2).normal(0, 1, truth.shape), 1)
    assert roc_auc(score, truth) == pytest.approx(roc_auc_score(truth.ravel(), score.ravel()))


def test_one_region_has_the_area_under_the_roc_curve(truth: np.ndarray) -> None:
    """With a single region and no limit, overlap is the true positive rate."""
    truth[30:33, 40:43] = False
    score = truth + np.random.default_rng(3).normal(0, 1, truth.shape)
    assert aupro(score, truth, limit=1.0) == pytest.approx(roc_auc(score, truth))


def test_several_pictures_are_ranked_together(truth: np.ndarray) -> None:
    """Two pictures beside each other are one, as long as no regions touch."""
    random = np.random.default_rng(4)
    scores = [truth + random.normal(0, 1, truth.shape) for _ in range(2)]
    for measure in (roc_auc, aupro):
        assert measure(scores, [truth, truth]) == pytest.approx(measure(np.hstack(scores), np.hstack([truth, truth])))


def test_pixels_of_nan_are_not_counted(truth: np.ndarray) -> None:
    """What was left out is neither right nor wrong; a region of it alone is none."""
    score = truth + np.random.default_rng(5).normal(0, 1, truth.shape)
    score[:, 30:] = np.nan
    for measure in (roc_auc, aupro):
        assert measure(score, truth) == pytest.approx(measure(score[:, :30], truth[:, :30]))


def test_what_cannot_be_measured_is_refused(truth: np.ndarray) -> None:
    """Truths without anything odd or normal, and of other shapes, are told in one line."""
    score = np.zeros(truth.shape)
    for measure in (roc_auc, aupro):
        for bad in (np.zeros_like(truth), np.ones_like(truth), truth[1:], truth.astype(int)):
            with pytest.raises(InputError, match="expected"):
                measure(score, bad)
        with pytest.raises(InputError, match="at least one picture"):
            measure([], [])
    with pytest.raises(InputError, match="limit"):
        aupro(score, truth, limit=0)
