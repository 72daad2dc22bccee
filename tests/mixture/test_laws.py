"""What holds for every fit, whatever the data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gmmseg.arrays import Doubles
from gmmseg.mixture import Fit, Mixture, Prior, Tolerance, fit
from gmmseg.mixture.families import FAMILIES

families = pytest.mark.parametrize("covariance", FAMILIES)


def ordered(mixture: Mixture) -> tuple[Doubles, Doubles, Doubles]:
    """Weights, means and covariance matrices in the order of the first coordinate."""
    order = np.argsort(mixture.means[:, 0])
    matrices = mixture.family.matrices(mixture.covariances, mixture.k, mixture.d)
    return mixture.weights[order], mixture.means[order], matrices[order]


def assert_same(a: Fit, b: Fit, tolerance: float = 1e-4) -> None:
    """The two fits have the same components, in whatever order."""
    for ours, theirs in zip(ordered(a.mixture), ordered(b.mixture), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=tolerance * max(1.0, np.abs(theirs).max()))


def cloud(seed: int, n: int, d: int, k: int) -> Doubles:
    """Rows in k clumps of different sizes and shapes."""
    random = np.random.default_rng(seed)
    centres = random.normal(scale=5, size=(k, d))
    shapes = random.normal(size=(k, d, d))
    own = random.integers(k, size=n)
    rows: Doubles = centres[own] + np.einsum("nij,nj->ni", shapes[own], random.normal(size=(n, d)))
    return rows


@families
@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(20, 300),
    d=st.integers(1, 12),
    k=st.integers(1, 4),
    scale=st.sampled_from([1e-8, 1.0, 1e8]),
    weighted=st.booleans(),
)
def test_likelihood_never_falls(
    covariance: str, seed: int, n: int, d: int, k: int, scale: float, weighted: bool
) -> None:
    """No step of EM lowers the likelihood, in any family, at any scale, with and without weights."""
    rows = cloud(seed, n, d, k) * scale
    weights = np.random.default_rng(seed).random(n) + 0.1 if weighted else None
    found = fit(rows, k, covariance=covariance, weights=weights, start="random", tolerance=1e-7, max_iterations=60)
    size = np.abs(found.trace).max() + n
    if not found.notes:
        assert np.diff(found.trace).min(initial=0) >= -1e-9 * size
    assert np.isfinite(found.log_likelihood)
    assert found.mixture.weights.sum() == pytest.approx(1)


@families
def test_posterior_never_falls_under_a_prior(covariance: str, rows: Doubles) -> None:
    """With a prior, the trace holds the log-posterior, and no step lowers it."""
    prior = Prior(concentration=2.0, strength=5.0)
    found = fit(rows, 4, covariance=covariance, prior=prior, start="random", tolerance=1e-9, max_iterations=200)
    assert np.diff(found.trace).min() >= -1e-9 * np.abs(found.trace).max()


@families
def test_log_likelihood_belongs_to_the_mixture(covariance: str, rows: Doubles) -> None:
    """The log-likelihood reported is the sum of the returned mixture's own log-density."""
    found = fit(rows, 3, covariance=covariance)
    assert found.log_likelihood == pytest.approx(found.mixture.log_density(rows).sum(), rel=1e-12)
    assert found.log_likelihood == pytest.approx(found.trace[-1], rel=1e-12)
    assert len(found.trace) == found.iterations + 1


@families
@pytest.mark.parametrize("d", [2, 3, 11])
def test_thread_count_changes_no_bit(covariance: str, d: int) -> None:
    """One, two or five threads give the same bits."""
    rows = cloud(3, 60_000, d, 3).astype(np.float32)
    one, two, five = (
        fit(rows, 3, covariance=covariance, threads=t, start="random", max_iterations=5) for t in (1, 2, 5)
    )
    for other in (two, five):
        assert one.trace == other.trace
        np.testing.assert_array_equal(one.mixture.means, other.mixture.means)
        np.testing.assert_array_equal(one.mixture.covariances, other.mixture.covariances)


def test_same_seed_gives_the_same_bits(rows: Doubles) -> None:
    """Two fits with one seed agree to the last bit."""
    a, b = fit(rows, 3, seed=7), fit(rows, 3, seed=7)
    assert a.trace == b.trace
    np.testing.assert_array_equal(a.mixture.means, b.mixture.means)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float16, np.float32, np.float64])
def test_type_of_the_rows_changes_no_bit(dtype: type, photo: np.ndarray) -> None:
    """The same whole numbers give the same bits as bytes, integers or floats."""
    few = photo[::40]
    assert fit(few.astype(dtype), 3).trace == fit(few, 3).trace


@families
def test_row_of_weight_three_is_three_rows(covariance: str, rows: Doubles) -> None:
    """Weights count rows: likelihood, parameters and criteria are those of the repeated rows."""
    counts = np.random.default_rng(0).integers(0, 4, len(rows))
    start = fit(rows, 3, covariance=covariance, max_iterations=1).mixture
    weighted = fit(rows, 3, covariance=covariance, weights=counts, start=start)
    repeated = fit(np.repeat(rows, counts, axis=0), 3, covariance=covariance, start=start)
    assert weighted.log_likelihood == pytest.approx(repeated.log_likelihood, rel=1e-10)
    assert_same(weighted, repeated, 1e-8)
    for name in ("bic", "aic", "icl"):
        ours = getattr(weighted.mixture, name)(rows, counts)
        assert ours == pytest.approx(getattr(repeated.mixture, name)(np.repeat(rows, counts, axis=0)), rel=1e-6)


@families
def test_order_of_the_rows_changes_only_rounding(covariance: str, rows: Doubles) -> None:
    """Permuted rows give the same mixture."""
    start = fit(rows, 3, covariance=covariance, max_iterations=1).mixture
    turned = np.random.default_rng(5).permutation(rows)
    a = fit(rows, 3, covariance=covariance, start=start)
    b = fit(turned, 3, covariance=covariance, start=start)
    assert_same(a, b, 1e-9)


@families
@pytest.mark.parametrize("shift", [0.0, 1e4])
@pytest.mark.parametrize("scale", [2.0**-20, 1.0, 3e6])
def test_shift_and_scale_carry_over(covariance: str, shift: float, scale: float, rows: Doubles) -> None:
    """Shifting and scaling the rows shifts and scales the mixture, and moves the likelihood by n d ln scale."""
    plain = fit(rows, 3, covariance=covariance)
    moved = fit(rows * scale + shift * scale, 3, covariance=covariance)
    weights, means, matrices = ordered(moved.mixture)
    expected_weights, expected_means, expected_matrices = ordered(plain.mixture)
    np.testing.assert_allclose(weights, expected_weights, atol=1e-5)
    np.testing.assert_allclose(means / scale - shift, expected_means, atol=1e-4)
    np.testing.assert_allclose(matrices / scale**2, expected_matrices, atol=1e-4)
    change = -rows.size * np.log(scale)
    assert moved.log_likelihood - plain.log_likelihood == pytest.approx(change, abs=1e-6 * abs(plain.log_likelihood))


@pytest.mark.parametrize("covariance", ["full", "diag", "tied"])
def test_columns_may_have_units_of_their_own(covariance: str, rows: Doubles) -> None:
    """Scaling one column alone scales the mixture along it and changes no responsibility."""
    unit = np.array([1e-6, 1.0, 1e5])
    plain, moved = fit(rows, 3, covariance=covariance), fit(rows * unit, 3, covariance=covariance)
    np.testing.assert_allclose(ordered(moved.mixture)[1] / unit, ordered(plain.mixture)[1], atol=1e-4)
    ours = np.sort(moved.mixture.responsibilities(rows * unit), axis=1)
    np.testing.assert_allclose(ours, np.sort(plain.mixture.responsibilities(rows), axis=1), atol=1e-3)


@families
def test_order_of_the_components_changes_nothing(covariance: str, rows: Doubles) -> None:
    """A start with its components in another order ends in the same mixture, in that order."""
    start = fit(rows, 3, covariance=covariance, max_iterations=1).mixture
    order = [2, 0, 1]
    covariances = start.covariances if covariance == "tied" else start.covariances[order]
    turned = Mixture(start.weights[order], start.means[order], covariances, covariance)
    a = fit(rows, 3, covariance=covariance, start=start)
    b = fit(rows, 3, covariance=covariance, start=turned)
    np.testing.assert_allclose(a.mixture.means[order], b.mixture.means, atol=1e-8)
    assert a.log_likelihood == pytest.approx(b.log_likelihood, rel=1e-12)


@families
def test_many_rows_in_chunks_equal_the_sum_of_parts(covariance: str) -> None:
    """Moments of all rows are the sum of the moments of any split of them."""
    from gmmseg.crew import Crew
    from gmmseg.mixture.expectation import moments
    from gmmseg.mixture.rows import checked

    rows = cloud(4, 30_000, 3, 3)
    mixture = fit(rows[:500], 3, covariance=covariance).mixture
    with Crew(2) as crew:
        whole = moments(checked(rows), mixture, crew)
        parts = [moments(checked(part), mixture, crew) for part in (rows[:7], rows[7:20_001], rows[20_001:])]
    total = parts[0] + parts[1] + parts[2]
    assert total.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-12)
    assert total.weight == whole.weight
    for name in ("counts", "first", "second"):
        np.testing.assert_allclose(getattr(total, name), getattr(whole, name), rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("tolerance", [1e-9, Tolerance(likelihood=None, parameters=1e-7), Tolerance(1e-9, 1e-7)])
def test_settled_fit_is_a_fixed_point(tolerance: float | Tolerance, rows: Doubles) -> None:
    """Going on from a converged mixture gains nothing worth having."""
    found = fit(rows, 3, tolerance=tolerance)
    assert found.converged
    assert "settled" in found.reason
    more = fit(rows, 3, start=found.mixture, tolerance=0.0, max_iterations=50)
    assert more.log_likelihood - found.log_likelihood < 1e-4


def test_watch_sees_every_step_and_may_stop(rows: Doubles) -> None:
    """The watch is called with the iteration, its mixture and its likelihood, and ends the fit by returning true."""
    seen: list[tuple[int, Mixture, float]] = []

    def watch(iteration: int, mixture: Mixture, log_likelihood: float) -> bool:
        seen.append((iteration, mixture, log_likelihood))
        return iteration == 3

    found = fit(rows, 3, start="random", tolerance=0.0, watch=watch)
    assert [step[0] for step in seen] == [0, 1, 2, 3]
    assert found.trace == tuple(step[2] for step in seen)
    assert found.reason == "stopped by watch"
    assert not found.converged
    assert found.mixture is seen[-1][1]


def test_step_limit_is_kept_and_told(rows: Doubles) -> None:
    """The fit stops after max_iterations steps and says so."""
    found = fit(rows, 3, start="random", tolerance=0.0, max_iterations=4)
    assert found.iterations == 4
    assert not found.converged
    assert "4 iterations" in found.reason
