"""What scikit-learn's mixture does not have: weights of rows, and fitting batch by batch."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.mixture import GaussianMixture as Reference

from gmmseg.sklearn import GaussianMixture

if TYPE_CHECKING:
    from gmmseg.arrays import Doubles

KINDS = ["full", "tied", "diag", "spherical"]
INITS = ["kmeans", "k-means++", "random", "random_from_data"]
K = 3


def drawn(n: int, seed: int = 0) -> Doubles:
    """Rows of three components of different shapes and shares, in random order."""
    random = np.random.default_rng(seed)
    means = np.array([[0.0, 0.0], [6.0, 1.2], [1.8, 6.0]])
    roots = np.array([[[1.0, 0.0], [0.5, 0.8]], [[0.6, 0.0], [-0.3, 1.2]], [[1.3, 0.0], [0.2, 0.5]]])
    labels = random.choice(K, n, p=[0.5, 0.3, 0.2])
    rows: Doubles = means[labels] + np.einsum("nij,nj->ni", roots[labels], random.standard_normal((n, 2)))
    return rows


ROWS = drawn(600)


def assert_same(one: Any, other: Any, rtol: float) -> None:
    """All parameters of two fitted models agree."""
    for name in ("weights_", "means_", "covariances_", "precisions_cholesky_"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol, rtol, err_msg=name)


@pytest.mark.parametrize("init", ["kmeans", "k-means++"])
@pytest.mark.parametrize("kind", KINDS)
def test_weights_are_counts(kind: str, init: str) -> None:
    """A row of weight 3 counts as three rows, one of weight 0 as none, and the unit of weights does not matter."""
    counts = np.random.default_rng(1).integers(0, 4, len(ROWS))
    model = GaussianMixture(K, covariance_type=kind, init_params=init, random_state=0)
    repeated = clone(model).fit(np.repeat(ROWS, counts, axis=0))
    assert_same(clone(model).fit(ROWS, sample_weight=counts), repeated, 1e-9)
    assert_same(clone(model).fit(ROWS, sample_weight=counts * 0.01), repeated, 1e-9)
    weighted = clone(model)
    np.testing.assert_array_equal(weighted.fit_predict(ROWS, sample_weight=counts), repeated.predict(ROWS))


def test_weights_count_in_random_starts() -> None:
    """Rows of weight 0 are never started from, heavy rows mostly, and random responsibilities respect weights."""
    far = np.vstack([ROWS, [[1e6, 1e6]]])
    counts = np.append(np.full(len(ROWS), 1e-6), 0.0)
    counts[:K] = 2.0
    for init in (*INITS, "auto"):
        model = GaussianMixture(K, init_params=init, max_iter=0, random_state=0).fit(far, sample_weight=counts)
        assert model.means_.max() < ROWS.max()
        if init == "random_from_data":
            assert {tuple(mean) for mean in model.means_} == {tuple(row) for row in ROWS[:K]}
        if init == "random":
            np.testing.assert_allclose(model.weights_ @ model.means_, np.average(far, axis=0, weights=counts))


@pytest.mark.parametrize(
    "weights", [np.zeros(600), np.full(600, -1.0), np.ones(599), np.ones((600, 2)), np.full(600, np.nan)]
)
def test_bad_weights(weights: Any) -> None:
    """Weights that are negative, all zero, not finite or not one a row are refused."""
    with pytest.raises(ValueError, match=r"[Ww]eight|NaN"):
        GaussianMixture(K).fit(ROWS, sample_weight=weights)


@pytest.mark.parametrize("kind", KINDS)
def test_many_passes_of_partial_fit_settle_where_fit_does(kind: str) -> None:
    """Batch by batch, over and over, the likelihood comes within a thousandth of that of a fit to all rows."""
    rows = drawn(2000, 3)
    whole = GaussianMixture(K, covariance_type=kind, random_state=0, tol=1e-7, max_iter=1000).fit(rows).score(rows)
    model = GaussianMixture(K, covariance_type=kind, random_state=0)
    scores = []
    for _ in range(20):
        for batch in np.array_split(rows, 20):
            model.partial_fit(batch)
        scores.append(model.score(rows))
    assert scores[0] > whole - 0.03
    assert scores[-1] > whole - 1e-3
    assert not model.converged_


def test_first_batch_is_fitted() -> None:
    """The first `partial_fit` is a `fit`, and after a `fit` it goes on from there."""
    model, fitted = GaussianMixture(K, random_state=0), GaussianMixture(K, random_state=0).fit(ROWS)
    assert_same(model.partial_fit(ROWS), fitted, 1e-15)
    assert_same(model.partial_fit(ROWS[:50]), fitted.partial_fit(ROWS[:50]), 1e-15)
    assert not np.array_equal(model.means_, clone(model).fit(ROWS).means_)


@pytest.mark.parametrize("kind", KINDS)
def test_partial_fit_counts_weights(kind: str) -> None:
    """In batches, too, a row of weight 3 counts as three rows, and the unit of weights does not matter."""
    counts = np.random.default_rng(1).integers(0, 4, 300)
    models = [GaussianMixture(K, covariance_type=kind, random_state=0) for _ in range(3)]
    for batch in (ROWS[:300], ROWS[300:]):
        models[0].partial_fit(batch, sample_weight=counts)
        models[1].partial_fit(batch, sample_weight=counts * 7.0)
        models[2].partial_fit(np.repeat(batch, counts, axis=0))
    assert_same(models[0], models[1], 1e-9)
    assert_same(models[0], models[2], 1e-9)


def test_partial_fit_far_from_the_origin() -> None:
    """Rows near to each other and far from the origin give the same mixture as about it, only shifted."""
    rows = (1000 + 0.003 * ROWS).astype(np.float32).astype(np.float64)
    options: dict[str, Any] = {"random_state": 0, "reg_covar": 0, "tol": 1e-6}
    models = [GaussianMixture(K, **options), GaussianMixture(K, **options)]
    for batch in np.array_split(rows, 6):
        for model, shift in zip(models, (0, 1000), strict=True):
            model.partial_fit(batch - shift)
    np.testing.assert_allclose(models[0].covariances_, models[1].covariances_, rtol=1e-3)
    np.testing.assert_allclose(models[0].means_ - 1000, models[1].means_, atol=1e-6)


def test_partial_fit_takes_single_rows() -> None:
    """Later batches may be single rows, whose total pull is about that of the same rows in one batch."""
    model = GaussianMixture(K, random_state=0).partial_fit(ROWS[:300])
    single: GaussianMixture = pickle.loads(pickle.dumps(model))  # noqa: S301  # it was pickled just now
    batch = model.partial_fit(ROWS[300:400])
    for row in ROWS[300:400]:
        single.partial_fit(row[None])
    np.testing.assert_allclose(single.means_, batch.means_, atol=0.1)
    assert single.n_iter_ == batch.n_iter_ + 99


def test_partial_fit_forgets() -> None:
    """Old rows fade: when the rows have moved for good, so does the mixture."""
    model = GaussianMixture(K, random_state=0)
    for step in range(100):
        model.partial_fit(drawn(200, step) + (3.0 if step >= 10 else 0.0))
    moved = drawn(2000, 100) + 3.0
    assert model.score(moved) > Reference(K, random_state=0).fit(moved).score(moved) - 0.02


def test_partial_fit_needs_the_same_model() -> None:
    """Another number of features, of components or another family cannot be gone on with."""
    model = GaussianMixture(K, random_state=0).partial_fit(ROWS)
    with pytest.raises(ValueError, match="1 features, but GaussianMixture is expecting 2"):
        model.partial_fit(ROWS[:, :1])
    for change in ({"n_components": 2}, {"covariance_type": "diag"}):
        with pytest.raises(ValueError, match="fit a fresh estimator"):
            clone(model).partial_fit(ROWS).set_params(**change).partial_fit(ROWS)
