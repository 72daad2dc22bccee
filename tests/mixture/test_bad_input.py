"""What cannot be worked with gets one clear error; what is merely odd gets a sensible fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gmmseg import GmmsegError, InputError
from gmmseg.arrays import Doubles
from gmmseg.mixture import Mixture, Prior, Tolerance, fit, kmeans, select
from gmmseg.mixture.families import FAMILIES

ROWS = np.random.default_rng(0).normal(size=(50, 2))


def broken(value: float) -> Doubles:
    rows = ROWS.copy()
    rows[3, 1] = value
    return rows


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (np.empty((0, 3)), "at least one row"),
        (np.empty((5, 0)), "at least one row"),
        (np.float64(3), "shape (n, d)"),
        (np.arange(5.0), "rows[:, None]"),
        (np.zeros((2, 2, 2)), "3 dimensions"),
        (broken(np.nan), "the first at [3, 1]"),
        (broken(np.inf), "NaN or infinite"),
        (broken(-np.inf), "NaN or infinite"),
        (ROWS * 1e200, "rescale"),
        (np.full((40, 2), 1e308), "rescale"),
        ([["a", "b"]], "real numbers"),
        ([[1, 2], [3]], "rectangular"),
        (ROWS + 1j, "real numbers"),
        (np.array([[object()]]), "real numbers"),
        ("rows", "real numbers"),
        (np.ma.masked_less(ROWS, 0), "without a mask"),
        (None, "real numbers"),
    ],
)
def test_rows_that_are_no_table_of_numbers(rows: Any, words: str) -> None:
    """Rows of a wrong shape, type or value are refused with a word on what is wrong."""
    for work in (lambda: fit(rows, 2), lambda: kmeans(rows, 2), lambda: select(rows, [1, 2])):
        with pytest.raises(InputError) as caught:
            work()
        assert words in str(caught.value)
        assert isinstance(caught.value, ValueError)
        assert isinstance(caught.value, GmmsegError)


@pytest.mark.parametrize("k", [0, -1, 2.5, None, True, "many", np.nan])
def test_counts_that_are_none(k: Any) -> None:
    """A number of components must be a whole number of at least one."""
    with pytest.raises(InputError, match="k"):
        fit(ROWS, k)
    with pytest.raises(InputError, match="k"):
        kmeans(ROWS, k)


@pytest.mark.parametrize("start", ["auto", "split", "kmeans", "kmeans++", "random"])
def test_more_components_than_different_rows(start: str) -> None:
    """More components than different rows are refused, with the number that would do."""
    rows = np.repeat([[0.0, 1.0], [2.0, 3.0], [5.0, 4.0]], 20, axis=0)
    with pytest.raises(InputError, match=r"k = 4.* there are 3"):
        fit(rows, 4, start=start)
    with pytest.raises(InputError, match=r"k = 4.* there are 3"):
        kmeans(rows, 4)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (-np.ones(50), "at least 0"),
        (np.zeros(50), "all are 0"),
        (np.ones(49), "shape"),
        (np.ones((50, 1)), "shape"),
        (np.full(50, np.nan), "finite weights"),
        (np.full(50, np.inf), "finite weights"),
        (["x"] * 50, "real numbers"),
        (np.full(50, 1e-40), "rescale"),
    ],
)
def test_weights_that_count_nothing(weights: Any, words: str) -> None:
    """Weights of a wrong shape, type or value are refused."""
    with pytest.raises(InputError, match=words):
        fit(ROWS, 2, weights=weights)


@pytest.mark.parametrize(
    "options",
    [
        {"covariance": "round"},
        {"covariance": None},
        {"start": "lucky"},
        {"start": 3},
        {"prior": 1.0},
        {"floor": 0},
        {"floor": -1},
        {"floor": 2.0},
        {"floor": "low"},
        {"tolerance": -1e-3},
        {"tolerance": np.nan},
        {"max_iterations": 0},
        {"max_iterations": 1.5},
        {"seed": "seed"},
        {"seed": -1},
        {"threads": 0},
        {"threads": 1.5},
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any]) -> None:
    """Every option is checked, and the error names what was expected."""
    with pytest.raises(InputError, match="expected"):
        fit(ROWS, 2, **options)


def test_options_may_be_numpy_numbers() -> None:
    """NumPy's own scalars are numbers too."""
    options: dict[str, Any] = {
        "k": np.int64(2),
        "tolerance": np.float32(1e-4),
        "floor": np.float64(1e-6),
        "max_iterations": np.int32(50),
        "threads": np.int16(1),
        "seed": np.uint8(3),
    }
    assert fit(ROWS, **options).mixture.k == 2


def test_kmeans_tolerance_must_be_a_number() -> None:
    """K-means checks its own options too."""
    wrong: list[dict[str, Any]] = [{"tolerance": "fine"}, {"tolerance": -1.0}, {"runs": 0}, {"max_iterations": 0}]
    for options in wrong:
        with pytest.raises(InputError, match="expected"):
            kmeans(ROWS, 2, **options)


def test_tolerance_without_conditions() -> None:
    """A tolerance must hold at least one condition."""
    with pytest.raises(InputError, match="at least one"):
        Tolerance(likelihood=None, parameters=None)


@pytest.mark.parametrize(
    "prior",
    [
        Prior(concentration=0.5),
        Prior(mean=[1.0]),
        Prior(strength=-1),
        Prior(scatter=-np.eye(2)),
        Prior(scatter=np.eye(3)),
        Prior(degrees=0.5),
        Prior(mean=["a", "b"]),
    ],
)
def test_priors_that_are_none(prior: Prior) -> None:
    """Prior parameters of a wrong shape or value are refused."""
    with pytest.raises(InputError, match="prior"):
        fit(ROWS, 2, prior=prior)


GOOD = (np.array([0.4, 0.6]), np.zeros((2, 2)), np.stack([np.eye(2)] * 2))


@pytest.mark.parametrize(
    ("parts", "covariance", "words"),
    [
        ((np.array([0.4, 0.4]), *GOOD[1:]), "full", "sum 1"),
        ((np.array([-0.5, 1.5]), *GOOD[1:]), "full", "at least 0"),
        ((np.array([]), *GOOD[1:]), "full", "k at least 1"),
        ((GOOD[0], np.zeros((3, 2)), GOOD[2]), "full", "means of shape"),
        ((GOOD[0], np.zeros(2), GOOD[2]), "full", "means of shape"),
        ((GOOD[0], np.full((2, 2), np.nan), GOOD[2]), "full", "finite means"),
        ((*GOOD[:2], np.eye(2)), "full", "covariances of shape"),
        ((*GOOD[:2], -GOOD[2]), "full", "positive definite"),
        ((*GOOD[:2], np.zeros((2, 2, 2))), "full", "positive definite"),
        ((*GOOD[:2], np.array([[[1, 2], [0, 1]]] * 2)), "full", "symmetric"),
        ((*GOOD[:2], np.array([[1.0, 0.0], [1.0, 1.0]])), "diag", "positive definite"),
        ((*GOOD[:2], np.array([1.0, -1.0])), "spherical", "positive definite"),
        ((*GOOD[:2], np.array([[1.0, 3.0], [3.0, 1.0]])), "tied", "positive definite"),
        ((*GOOD[:2], "large"), "full", "array of numbers"),
        (GOOD, "round", "covariance among"),
    ],
)
def test_mixtures_that_are_none(parts: tuple[Any, Any, Any], covariance: str, words: str) -> None:
    """A mixture with parts of a wrong shape or value is not made."""
    with pytest.raises(InputError, match=words):
        Mixture(*parts, covariance)


def test_start_of_another_shape() -> None:
    """A given start must have the k and the dimensions of the fit."""
    start = Mixture(*GOOD)
    with pytest.raises(InputError, match="start of 3 components in 2 dimensions; got 2 in 2"):
        fit(ROWS, 3, start=start)
    with pytest.raises(InputError, match="named start"):
        fit(ROWS, "auto", start=start)


def test_rows_of_another_width_than_the_mixture() -> None:
    """Questions to a mixture need rows of its own width."""
    mixture = Mixture(*GOOD)
    for question in (mixture.log_density, mixture.responsibilities, mixture.assign, mixture.bic, mixture.icl):
        with pytest.raises(InputError, match="2 columns"):
            question(np.zeros((4, 3)))
    with pytest.raises(InputError, match="whole number"):
        mixture.sample(0)


@pytest.mark.parametrize("covariance", FAMILIES)
@pytest.mark.parametrize("value", [0.0, 5.0, 1e6 + 0.1])
def test_constant_column_is_fitted(covariance: str, value: float, rows: Doubles) -> None:
    """A column that never changes gets its value as mean and a small variance, and spoils nothing else."""
    wide = np.column_stack([rows, np.full(len(rows), value)])
    found = fit(wide, 3, covariance=covariance)
    assert found.mixture.k == 3
    np.testing.assert_allclose(found.mixture.means[:, 3], value, rtol=1e-6, atol=1e-6)
    assert np.isfinite(found.log_likelihood)
    if covariance in ("full", "diag"):
        plain = fit(rows, 3, covariance=covariance).mixture
        agree = plain.responsibilities(rows)[:, np.argsort(plain.means[:, 0])]
        ours = found.mixture.responsibilities(wide)[:, np.argsort(found.mixture.means[:, 0])]
        assert np.abs(ours - agree).max() < 0.01


@pytest.mark.parametrize("covariance", FAMILIES)
@pytest.mark.parametrize("row", [[0.0, 0.0], [255.0, 3.0], [1e-5, 7e8]])
def test_one_distinct_row_is_one_component(covariance: str, row: list[float]) -> None:
    """A table of one repeated row has that row as its mean, with k = 1 and with k chosen."""
    rows = np.tile(row, (30, 1))
    for k in (1, "auto"):
        found = fit(rows, k, covariance=covariance)
        assert found.mixture.k == 1
        np.testing.assert_allclose(found.mixture.means[0], row, rtol=1e-6)
        assert np.isfinite(found.log_likelihood)


@pytest.mark.parametrize("covariance", FAMILIES)
def test_few_distinct_rows_are_found_exactly(covariance: str) -> None:
    """With a component for each of a few repeated rows, every component sits on one."""
    points = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 20.0], [9.0, 21.0]])
    counts = [400, 30, 3, 60]
    found = fit(np.repeat(points, counts, axis=0), 4, covariance=covariance)
    order = np.lexsort(found.mixture.means.round().T)
    np.testing.assert_allclose(found.mixture.means[order], points[np.lexsort(points.T)], atol=1e-3)
    np.testing.assert_allclose(np.sort(found.mixture.weights), np.sort(counts) / np.sum(counts), atol=1e-6)


@pytest.mark.parametrize("covariance", FAMILIES)
def test_one_row(covariance: str) -> None:
    """A single row is a table too."""
    found = fit([[1.0, 2.0]], 1, covariance=covariance)
    np.testing.assert_allclose(found.mixture.means, [[1, 2]])


def test_grey_pictures_are_flat_in_two_directions() -> None:
    """Columns that repeat each other leave the mixture as good as one column would make it."""
    grey = np.concatenate([np.random.default_rng(0).normal(c, 10, 500) for c in (60, 180)])
    found = fit(np.repeat(grey[:, None], 3, axis=1), 2)
    np.testing.assert_allclose(np.sort(found.mixture.means[:, 0]), [60, 180], atol=2)
    assert not found.notes


@pytest.mark.parametrize("covariance", FAMILIES)
def test_collapsed_start_is_mended_with_a_word(covariance: str, rows: Doubles) -> None:
    """A component that begins on a single row, or far from all, is put to work elsewhere, and the notes say so."""
    wide = np.cov(rows.T)
    matrices = np.stack([wide, wide, np.eye(3) * 1e-9])
    far = np.stack([rows[0], rows[1], rows.mean(axis=0) + 1e4])
    if covariance == "tied":
        start = Mixture(np.array([0.4, 0.4, 0.2]), far, wide, "tied")
    else:
        from gmmseg.mixture.restructuring import assembled

        start = assembled(np.array([0.4, 0.4, 0.2]), far, matrices, covariance)
    found = fit(rows, 3, covariance=covariance, start=start)
    assert any("ran empty" in note for note in found.notes)
    assert found.mixture.weights.min() > 0.05


def test_more_components_than_the_rows_can_support() -> None:
    """Where rows are too few for so many covariances, components are dropped with advice that helps."""
    rows = np.random.default_rng(0).normal(size=(120, 40))
    found = fit(rows, 5)
    assert found.mixture.k < 5
    assert "prior" in found.notes[-1]
    assert np.linalg.eigvalsh(found.mixture.covariances).min() > 1e-3
    assert fit(rows, 5, prior=Prior()).mixture.k == 5
    assert fit(rows, 5, covariance="diag").mixture.k == 5


def test_spikes_are_not_returned() -> None:
    """On small samples no start ends in a component that lies on two rows, though its likelihood would be greater."""
    for seed in range(20):
        random = np.random.default_rng(seed)
        rows = random.normal(size=(40, 1))
        rows[:2] = 0.3
        for start in ("auto", "random"):
            found = fit(rows, 4, start=start, seed=seed)
            assert found.mixture.covariances.min() > 1e-5
