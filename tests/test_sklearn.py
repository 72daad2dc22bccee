"""The scikit-learn face: scikit-learn's own checks, agreement with its class, and the laws of what it does not have."""

from __future__ import annotations

import pickle
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture as Reference
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from gmmseg.sklearn import GaussianMixture

if TYPE_CHECKING:
    from gmmseg.arrays import Doubles

KINDS = ["full", "tied", "diag", "spherical"]
INITS = ["kmeans", "k-means++", "random", "random_from_data"]
PARAMETERS = ["weights_", "means_", "covariances_", "precisions_", "precisions_cholesky_"]
K, D = 3, 2


def drawn(n: int, seed: int = 0, *, apart: float = 6.0) -> tuple[Doubles, Any]:
    """Rows of three components of different shapes and shares, in random order, and where each comes from."""
    random = np.random.default_rng(seed)
    means = apart * np.array([[0.0, 0.0], [1.0, 0.2], [0.3, 1.0]])
    roots = np.array([[[1.0, 0.0], [0.5, 0.8]], [[0.6, 0.0], [-0.3, 1.2]], [[1.3, 0.0], [0.2, 0.5]]])
    labels = random.choice(K, n, p=[0.5, 0.3, 0.2])
    return means[labels] + np.einsum("nij,nj->ni", roots[labels], random.standard_normal((n, D))), labels


ROWS, TRUTH = drawn(600)


def given(kind: str) -> dict[str, Any]:
    """A start in the shapes of the family."""
    precisions = {"full": np.tile(np.eye(D), (K, 1, 1)), "tied": np.eye(D), "diag": np.ones((K, D))}
    return {
        "weights_init": np.array([0.2, 0.5, 0.3]),
        "means_init": ROWS[:K],
        "precisions_init": precisions.get(kind, np.ones(K)),
    }


def assert_same(one: Any, other: Any, rtol: float) -> None:
    """All parameters of two fitted models agree."""
    for name in PARAMETERS:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol, rtol, err_msg=name)


def revived(model: GaussianMixture) -> GaussianMixture:
    """The model, pickled and back."""
    copy: GaussianMixture = pickle.loads(pickle.dumps(model))  # noqa: S301  # it was pickled just now
    return copy


@parametrize_with_checks([GaussianMixture(covariance_type=kind) for kind in KINDS])  # type: ignore[untyped-decorator]
def test_keeps_the_conventions(estimator: Any, check: Any) -> None:
    """Every check that scikit-learn has for estimators passes."""
    check(estimator)


@pytest.mark.parametrize("kind", KINDS)
def test_agrees_from_the_same_start(kind: str) -> None:
    """From the same weights, means and precisions, the same steps lead to the same parameters as scikit-learn's."""
    options: dict[str, Any] = {"covariance_type": kind, "tol": 1e-6, "max_iter": 500, "reg_covar": 1e-3, **given(kind)}
    ours, theirs = GaussianMixture(K, **options).fit(ROWS), Reference(K, **options).fit(ROWS)
    assert_same(ours, theirs, 1e-8)
    assert ours.n_iter_ == theirs.n_iter_
    np.testing.assert_allclose(ours.lower_bound_, theirs.lower_bound_)
    np.testing.assert_allclose(ours.score_samples(ROWS), theirs.score_samples(ROWS))
    np.testing.assert_allclose(ours.predict_proba(ROWS), theirs.predict_proba(ROWS), atol=1e-6)
    np.testing.assert_allclose(ours.predict_proba(ROWS).sum(axis=1), 1, 1e-12)
    np.testing.assert_array_equal(ours.predict(ROWS), theirs.predict(ROWS))
    np.testing.assert_allclose([ours.bic(ROWS), ours.aic(ROWS)], [theirs.bic(ROWS), theirs.aic(ROWS)])
    assert ours._n_parameters() == theirs._n_parameters()


@pytest.mark.parametrize("init", INITS)
@pytest.mark.parametrize("kind", ["full", "spherical"])
def test_agrees_from_the_same_seed(kind: str, init: str) -> None:
    """On few rows, the same random state gives the same fit as scikit-learn's, whatever the kind of start."""
    options: dict[str, Any] = {"covariance_type": kind, "init_params": init, "n_init": 2, "random_state": 5}
    assert_same(GaussianMixture(K, **options).fit(ROWS), Reference(K, **options).fit(ROWS), 1e-8)


def test_agrees_on_float32_and_keeps_it() -> None:
    """float32 rows give float32 attributes and predictions, near those of the same rows in float64."""
    narrow = ROWS.astype(np.float32)
    single, double = (GaussianMixture(K, **given("full")).fit(x) for x in (narrow, narrow.astype(np.float64)))
    assert_same(single, double, 1e-4)
    assert {getattr(single, name).dtype for name in PARAMETERS} == {np.dtype(np.float32)}
    assert {getattr(double, name).dtype for name in PARAMETERS} == {np.dtype(np.float64)}
    assert single.score_samples(narrow).dtype == single.predict_proba(narrow).dtype == np.float32


def test_whole_numbers_are_numbers() -> None:
    """uint8 rows give the same fit as the same numbers in float64."""
    pixels = np.clip(np.round(30 + 10 * ROWS), 0, 255)
    bytes_, doubles = (GaussianMixture(K, random_state=0).fit(pixels.astype(kind)) for kind in (np.uint8, np.float64))
    assert_same(bytes_, doubles, 1e-12)


@pytest.mark.parametrize("ridge", [1e-2, 1.0, 100.0])
def test_resolves_flat_components_of_narrow_rows(ridge: float) -> None:
    """Whole numbers whose columns are multiples of one another, so that components are flat, are fitted exactly."""
    rows = np.round(3000 * ROWS[:, :1] + 20000).clip(0, 65535) * np.array([0.25, 1.0, 1.5])
    options: dict[str, Any] = {"random_state": 0, "reg_covar": ridge}
    ours, theirs = GaussianMixture(2, **options).fit(rows), Reference(2, **options).fit(rows)
    np.testing.assert_allclose(ours.lower_bound_, theirs.lower_bound_, atol=1e-4)
    np.testing.assert_allclose(ours.score(rows), theirs.score(rows), atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_attributes_belong_together(kind: str) -> None:
    """Precisions invert covariances, and their roots are upper triangular or square roots."""
    model = GaussianMixture(K, covariance_type=kind, random_state=0).fit(ROWS)
    roots = model.precisions_cholesky_
    if kind in {"full", "tied"}:
        np.testing.assert_allclose(roots @ np.swapaxes(roots, -1, -2), model.precisions_)
        np.testing.assert_array_equal(np.tril(roots, -1), 0)
        eye = np.broadcast_to(np.eye(D), roots.shape)
        np.testing.assert_allclose(model.precisions_ @ model.covariances_, eye, atol=1e-9)
    else:
        np.testing.assert_allclose(roots**2, model.precisions_)
        np.testing.assert_allclose(1 / model.covariances_, model.precisions_)
    assert model.converged_
    assert model.n_iter_ == len(model.lower_bounds_)
    assert model.lower_bound_ == model.lower_bounds_[-1]
    assert np.all(np.diff(model.lower_bounds_) > -1e-9)
    np.testing.assert_allclose(model.score(ROWS), model.lower_bound_, atol=model.tol)
    assert adjusted_rand_score(TRUTH, model.predict(ROWS)) > 0.85


def test_predicts_by_the_attributes() -> None:
    """Whoever sets weights, means and roots of precisions by hand gets the predictions of that mixture."""
    fitted = GaussianMixture(K, random_state=0).fit(ROWS)
    built = GaussianMixture(K)
    built.weights_, built.means_, built.precisions_cholesky_ = (
        fitted.weights_[::-1],
        fitted.means_[::-1],
        fitted.precisions_cholesky_[::-1],
    )
    np.testing.assert_allclose(built.score_samples(ROWS), fitted.score_samples(ROWS))
    np.testing.assert_array_equal(built.predict(ROWS), K - 1 - fitted.predict(ROWS))


def test_predicts_far_away() -> None:
    """Distances whose squares float32 cannot hold are told apart, in float32 rows too."""
    built = GaussianMixture(2, covariance_type="spherical")
    built.weights_, built.means_ = np.full(2, 0.5), np.array([[0.0], [2e13]])
    built.precisions_cholesky_ = np.full(2, 1e7)
    built.n_features_in_ = 1
    np.testing.assert_array_equal(built.predict(np.array([[0.9e13], [1.1e13]], np.float32)), [0, 1])


def test_fits_into_scikit_learn() -> None:
    """It works in a Pipeline and in GridSearchCV, which finds the number of components."""
    scaled = make_pipeline(StandardScaler(), GaussianMixture(K, random_state=0))
    assert adjusted_rand_score(TRUTH, scaled.fit_predict(ROWS)) > 0.85
    search = GridSearchCV(
        GaussianMixture(random_state=0, init_params="auto"), {"n_components": [1, 2, 3], "covariance_type": KINDS}, cv=3
    )
    search.fit(ROWS)
    assert search.best_params_ == {"n_components": 3, "covariance_type": "full"}


def test_copies_and_pickles() -> None:
    """A clone has the parameters and no fit; a pickle has both."""
    model = GaussianMixture(K, tol=1e-4, random_state=0).fit(ROWS)
    assert clone(model).get_params() == model.get_params()
    assert not hasattr(clone(model), "means_")
    np.testing.assert_array_equal(revived(model).predict_proba(ROWS), model.predict_proba(ROWS))


def test_warm_start_goes_on() -> None:
    """Fits of one step each, with warm start, are the steps of one long fit, and notice when they have converged."""
    whole = GaussianMixture(K, random_state=0, tol=1e-5).fit(ROWS)
    stepwise = GaussianMixture(K, random_state=0, tol=1e-5, max_iter=1, warm_start=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for _ in range(whole.n_iter_):
            assert not getattr(stepwise, "converged_", False)
            stepwise.fit(ROWS)
    assert stepwise.converged_
    assert_same(stepwise, whole, 1e-9)
    with pytest.raises(ValueError, match="fit a fresh estimator"):
        stepwise.set_params(n_components=2).fit(ROWS)


@pytest.mark.parametrize("kind", KINDS)
def test_reg_covar_is_added_to_variances(kind: str) -> None:
    """Of one component, the variances are those of the rows and `reg_covar`, in the rows' own units."""
    model = GaussianMixture(covariance_type=kind, reg_covar=0.25, random_state=0).fit(ROWS)
    covariance = np.cov(ROWS.T, bias=True) + 0.25 * np.eye(D)
    want = {"full": covariance, "tied": covariance, "diag": np.diag(covariance)}.get(kind, np.trace(covariance) / D)
    np.testing.assert_allclose(model.covariances_.squeeze(), want)


@pytest.mark.parametrize("kind", KINDS)
def test_collapse_without_reg_covar(kind: str) -> None:
    """Components on single points are an error without `reg_covar`, and have that variance with it."""
    points = np.repeat([[0.0, 0.0], [1.0, 1.0]], 10, axis=0)
    with pytest.raises(ValueError, match="increase reg_covar"):
        GaussianMixture(2, covariance_type=kind, reg_covar=0, random_state=0).fit(points)
    model = GaussianMixture(2, covariance_type=kind, random_state=0).fit(points)
    np.testing.assert_allclose(model.covariances_.max(), 1e-6)


def test_collapse_on_the_way_keeps_what_was_sound() -> None:
    """A run that collapses ends at its last sound mixture, as not converged."""
    rows = np.vstack([ROWS, [[40.0, 40.0]]])
    start: dict[str, Any] = {"means_init": [[0.0, 0.0], [40.0, 40.0]], "weights_init": [0.9, 0.1]}
    start["precisions_init"] = [1.0, 1.0]
    model = GaussianMixture(2, covariance_type="spherical", reg_covar=0, tol=1e-9, **start)
    with pytest.warns(ConvergenceWarning, match="degenerate data"):
        model.fit(rows)
    assert not model.converged_
    assert np.isfinite(model.score_samples(rows)).all()


def test_component_without_rows() -> None:
    """A component that starts too far from all rows to have any keeps its place, and spoils nothing."""
    rows = np.random.default_rng(0).normal(size=(200, 10))
    means = np.array([np.zeros(10), np.full(10, 1e3)])
    options: dict[str, Any] = {"means_init": means, "weights_init": [0.5, 0.5], "precisions_init": np.ones((2, 10))}
    model = GaussianMixture(2, covariance_type="diag", **options).fit(rows)
    np.testing.assert_allclose(model.means_, [rows.mean(axis=0), means[1]], atol=1e-9)
    np.testing.assert_allclose(model.weights_, [1, 0], atol=1e-9)


def test_collapse_loses() -> None:
    """Among several starts, one whose run collapses is not chosen, however high its likelihood."""
    rows = np.random.default_rng(0).normal(size=(14, 3))
    options: dict[str, Any] = {"reg_covar": 0, "init_params": "random", "tol": 1e-9, "random_state": 18}
    with pytest.warns(ConvergenceWarning):
        spike = GaussianMixture(2, **options).fit(rows)
    best = GaussianMixture(2, n_init=3, **options).fit(rows)
    assert best.converged_
    assert best.score(rows) < spike.score(rows)


def test_says_when_it_did_not_converge() -> None:
    """Too few steps bring a warning; none at all, for the start alone, do not."""
    with pytest.warns(ConvergenceWarning, match="did not converge"):
        GaussianMixture(K, max_iter=1, random_state=0).fit(ROWS)
    model = GaussianMixture(K, max_iter=0, means_init=[[1, 2], [3, 4], [5, 6]], random_state=0).fit(ROWS)
    np.testing.assert_array_equal(model.means_, [[1, 2], [3, 4], [5, 6]])
    assert model.n_iter_ == 0
    assert not model.converged_


@pytest.mark.parametrize("init", ["k-means++", "random_from_data"])
def test_starts_at_rows(init: str) -> None:
    """Where rows are chosen to start from, the first means are different rows."""
    means = GaussianMixture(K, init_params=init, max_iter=0, random_state=0).fit(ROWS).means_
    assert len({tuple(mean) for mean in means} & {tuple(row) for row in ROWS}) == K


@pytest.mark.parametrize("init", [*INITS, "auto"])
def test_starts_on_many_rows(init: str) -> None:
    """Where there are more rows than starts are sought among, every kind of start leads to a good fit."""
    rows, labels = drawn(40_000, apart=9.0)
    model = GaussianMixture(K, init_params=init, random_state=0, tol=1e-6, max_iter=500).fit(rows)
    assert adjusted_rand_score(labels, model.predict(rows)) > 0.95


def test_contest_of_starts() -> None:
    """The engine's own start ends no lower than five of scikit-learn's, and has all components even on few points."""
    rows, _ = drawn(500, 7, apart=3.0)
    options: dict[str, Any] = {"random_state": 0, "tol": 1e-5, "max_iter": 1000}
    best = GaussianMixture(4, init_params="auto", **options).fit(rows)
    assert best.score(rows) > Reference(4, n_init=5, **options).fit(rows).score(rows) - 1e-3
    few = np.random.default_rng(2).normal(size=(20, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = GaussianMixture(4, init_params="auto", random_state=4).fit(few)
    assert model.means_.shape == (4, 1)


def test_more_starts_are_no_worse() -> None:
    """Of several starts the best is kept, and the labels are those of that fit."""
    rows, _ = drawn(300, 5, apart=2.0)
    options: dict[str, Any] = {"random_state": 0, "init_params": "random_from_data", "max_iter": 500}
    one, many = GaussianMixture(4, **options).fit(rows), GaussianMixture(4, n_init=6, **options)
    labels = many.fit_predict(rows)
    assert many.lower_bound_ >= one.lower_bound_
    np.testing.assert_array_equal(labels, many.predict(rows))
    np.testing.assert_array_equal(labels, many.predict_proba(rows).argmax(axis=1))


def test_threads_change_nothing() -> None:
    """The number of threads changes no bit."""
    rows, _ = drawn(40_000)
    one, two = (GaussianMixture(K, random_state=0, n_threads=n).fit(rows) for n in (1, 2))
    assert_same(one, two, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_samples_from_the_mixture(kind: str) -> None:
    """Sampled rows have the means and shares of the mixture, and the same seed gives the same rows."""
    model = GaussianMixture(K, covariance_type=kind, random_state=0).fit(ROWS)
    rows, labels = model.sample(20_000)
    assert rows.shape == (20_000, D)
    np.testing.assert_allclose(np.bincount(labels) / 20_000, model.weights_, atol=0.02)
    refitted = GaussianMixture(K, covariance_type=kind, means_init=model.means_).fit(rows)
    np.testing.assert_allclose(refitted.means_, model.means_, atol=0.1)
    np.testing.assert_allclose(refitted.covariances_, model.covariances_, atol=0.15)
    np.testing.assert_array_equal(model.sample(5)[0], model.sample(5)[0])
    with pytest.raises(ValueError, match="at least 1, got 0"):
        model.sample(0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"weights_init": np.full((K, 1), 1 / K)}, r"'weights' should have the shape of \(3,\), but got \(3, 1\)"),
        ({"weights_init": [1.5, -0.25, -0.25]}, r"'weights' should be in the range \[0, 1\]"),
        ({"weights_init": [0.2, 0.2, 0.2]}, "'weights' should be normalized"),
        ({"means_init": np.zeros((K, 1))}, "'means' should have the shape of"),
        ({"precisions_init": np.eye(D)}, "'full precision' should have the shape of"),
        ({"precisions_init": np.tile(-np.eye(D), (K, 1, 1))}, "symmetric, positive-definite"),
        ({"precisions_init": [1.0, -1.0, 1.0], "covariance_type": "spherical"}, "should be positive"),
        ({"covariance_type": "round"}, "'covariance_type' parameter of GaussianMixture must be"),
        ({"init_params": "best"}, "'init_params' parameter of GaussianMixture must be"),
        ({"reg_covar": -1.0}, "'reg_covar' parameter of GaussianMixture must be"),
        ({"n_threads": 0}, "'n_threads' parameter of GaussianMixture must be"),
        ({"n_components": 601}, "Expected n_samples >= n_components"),
    ],
)
def test_bad_parameters(options: dict[str, Any], words: str) -> None:
    """Parameters that make no sense are refused in the words that users of scikit-learn know."""
    with pytest.raises(ValueError, match=words):
        GaussianMixture(**{"n_components": K, **options}).fit(ROWS)


@pytest.mark.parametrize("method", ["predict", "predict_proba", "score", "score_samples", "bic", "aic", "sample"])
def test_asks_to_be_fitted(method: str) -> None:
    """Before the fit there is nothing to ask for."""
    with pytest.raises(NotFittedError, match="not fitted yet"):
        getattr(GaussianMixture(), method)(*([] if method == "sample" else [ROWS]))


def test_talks_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is printed without `verbose`; with it starts and steps, with more of it likelihoods."""
    said = []
    for verbose in (0, 1, 2):
        GaussianMixture(K, random_state=0, n_init=2, verbose=verbose, verbose_interval=1).fit(ROWS)
        said.append(capsys.readouterr().out)
    assert not said[0]
    assert "start 2 of 2" in said[1]
    assert "step 1" in said[1]
    assert "a row" not in said[1]
    assert "a row" in said[2]


def test_needs_scikit_learn() -> None:
    """Without scikit-learn the import says what to install."""
    code = "import sys; sys.modules['sklearn'] = None; import gmmseg.sklearn"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'gmmseg[sklearn]'" in ended.stderr
