"""Precision, memory and size."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from gmmseg.arrays import Doubles
from gmmseg.mixture import Mixture, Prior, fit
from gmmseg.mixture.families import FAMILIES


def reference_step(rows: Doubles, mixture: Mixture) -> tuple[Doubles, Doubles, Doubles]:
    """One step of EM by the textbook, in long double, about the middle of the rows."""
    wide = rows.astype(np.longdouble)
    middle = wide.mean(axis=0)
    wide = wide - middle
    means = mixture.means.astype(np.longdouble) - middle
    logs = np.empty((len(rows), mixture.k), np.longdouble)
    for c in range(mixture.k):
        # Scaled to unit variances, the inverse is safe in float64.
        unit = np.sqrt(np.diagonal(mixture.covariances[c]))
        inverse = np.linalg.inv(mixture.covariances[c] / np.outer(unit, unit)) / np.outer(unit, unit)
        apart = wide - means[c]
        logs[:, c] = np.log(mixture.weights[c]) - np.einsum("ni,ij,nj->n", apart, inverse, apart) / 2
        logs[:, c] -= np.linalg.slogdet(mixture.covariances[c] / np.outer(unit, unit))[1] / 2 + np.log(unit).sum()
    r = np.exp(logs - logs.max(axis=1, keepdims=True))
    r /= r.sum(axis=1, keepdims=True)
    counts = r.sum(axis=0)
    new = (r.T @ wide) / counts[:, None]
    spread = np.stack([((wide - new[c]) * r[:, c : c + 1]).T @ (wide - new[c]) / counts[c] for c in range(mixture.k)])
    return (counts / len(rows)).astype(float), (new + middle).astype(float), spread.astype(float)


@pytest.mark.parametrize(("d", "n"), [(3, 6000), (64, 4000)])
def test_tight_components_far_away_lose_nothing(d: int, n: int) -> None:
    """At σ = 1e-4 and offsets of 1e4 a fit agrees with a reference in extended precision to 1e-3 of σ."""
    random = np.random.default_rng(d)
    centres = 1e4 + random.normal(scale=1e-3, size=(2, d))
    roots = 1e-4 * (np.eye(d) + random.normal(scale=0.3 / np.sqrt(d), size=(2, d, d)))
    own = random.integers(2, size=n)
    rows = centres[own] + np.einsum("nij,nj->ni", roots[own], random.normal(size=(n, d)))
    mixture = fit(rows, 2, tolerance=1e-10).mixture
    weights, means, covariances = reference_step(rows, mixture)
    np.testing.assert_allclose(mixture.weights, weights, atol=1e-5)
    np.testing.assert_allclose((mixture.means - means) / 1e-4, 0, atol=1e-3)
    np.testing.assert_allclose(mixture.covariances / 1e-8, covariances / 1e-8, atol=1e-3)
    order = np.argsort(mixture.means[:, 0])
    np.testing.assert_allclose(mixture.means[order] - centres[np.argsort(centres[:, 0])], 0, atol=2e-5)


def test_float32_keeps_tight_components_as_well_as_it_holds_them() -> None:
    """Small whole numbers about a large offset come out to 1e-3 in single precision."""
    random = np.random.default_rng(0)
    rows = (np.round(random.normal(scale=3, size=(20_000, 3))) + np.array([1e5, 2e5, -1e5])).astype(np.float32)
    mixture = fit(rows, 1).mixture
    exact = rows.astype(np.float64)
    np.testing.assert_allclose(mixture.means[0], exact.mean(axis=0), rtol=1e-9)
    np.testing.assert_allclose(mixture.covariances[0], np.cov(exact.T, bias=True), atol=1e-3)


@pytest.mark.parametrize("unit", [1e-25, 1e-18, 1e12])
def test_float32_columns_of_extreme_scale_are_no_constants(unit: float, rows: Doubles) -> None:
    """A float32 column whose squares float32 cannot hold is fitted like any other."""
    plain = fit(rows, 3).mixture
    scaled = (rows * np.array([1.0, unit, 1.0])).astype(np.float32)
    found = fit(scaled, 3).mixture
    order, other = np.argsort(plain.means[:, 0]), np.argsort(found.means[:, 0])
    np.testing.assert_allclose(found.means[other, 1] / unit, plain.means[order, 1], atol=1e-3)
    np.testing.assert_allclose(found.covariances[other, 1, 1] / unit**2, plain.covariances[order, 1, 1], atol=1e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_fit_needs_little_memory_beside_the_rows(dtype: type) -> None:
    """A large fit allocates a small part of what the rows themselves take."""
    rows: np.ndarray = np.random.default_rng(0).normal(size=(2_000_000, 3)).astype(dtype)
    fit(rows[:1000], 3, max_iterations=2)
    tracemalloc.start()
    try:
        fit(rows, 3, max_iterations=3, threads=2)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 0.4 * rows.nbytes


@pytest.mark.parametrize("covariance", FAMILIES)
def test_five_hundred_dimensions(covariance: str) -> None:
    """Rows of 512 dimensions are fitted in every family."""
    random = np.random.default_rng(0)
    centres = random.normal(scale=3, size=(2, 512))
    own = random.integers(2, size=3000)
    rows = (centres[own] + random.normal(size=(3000, 512))).astype(np.float32)
    found = fit(rows, 2, covariance=covariance, start="kmeans", max_iterations=5)
    agree = np.mean((found.mixture.assign(rows) == 1) == (own == 1))
    assert max(agree, 1 - agree) > 0.999
    assert np.isfinite(found.log_likelihood)


@pytest.mark.parametrize("covariance", FAMILIES)
def test_samples_have_the_moments_of_the_mixture(covariance: str, rows: Doubles) -> None:
    """Rows drawn from a mixture have its shares, means and covariances."""
    mixture = fit(rows, 3, covariance=covariance).mixture
    drawn, components = mixture.sample(60_000, 0)
    matrices = mixture.family.matrices(mixture.covariances, 3, 3)
    for c in range(3):
        own = drawn[components == c]
        assert len(own) / 60_000 == pytest.approx(mixture.weights[c], abs=0.01)
        np.testing.assert_allclose(own.mean(axis=0), mixture.means[c], atol=0.05)
        np.testing.assert_allclose(np.cov(own.T), matrices[c], atol=0.1)
    again, _ = mixture.sample(60_000, 0)
    np.testing.assert_array_equal(drawn, again)


def test_arrays_of_a_mixture_cannot_be_changed(truth: Mixture, rows: Doubles) -> None:
    """A mixture holds its arrays for itself, whether a caller or a fit made it."""
    for mixture in (truth, fit(rows, 2).mixture):
        for array in (mixture.weights, mixture.means, mixture.covariances):
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0


def test_rows_are_left_as_they_are(rows: Doubles) -> None:
    """Fitting neither changes the caller's rows nor takes away the right to write to them."""
    mine = rows.copy()
    fit(mine, 2)
    np.testing.assert_array_equal(mine, rows)
    assert mine.flags.writeable


@pytest.mark.parametrize("layout", ["reversed", "columns", "strided", "read-only", "big-endian"])
def test_any_memory_layout_gives_the_same_bits(layout: str, photo: np.ndarray) -> None:
    """Views, Fortran order, byte order and read-only memory change nothing."""
    plain = np.ascontiguousarray(photo[::50]).astype(np.float32)
    views = {
        "reversed": np.ascontiguousarray(plain[::-1])[::-1],
        "columns": np.asfortranarray(plain),
        "strided": np.repeat(plain, 2, axis=0)[::2],
        "read-only": np.frombuffer(plain.tobytes(), np.float32).reshape(plain.shape),
        "big-endian": plain.astype(">f4"),
    }
    assert fit(views[layout], 3).trace == fit(plain, 3).trace


@pytest.mark.parametrize("k", [1, 2])
def test_two_points_off_the_axes_are_a_line(k: int) -> None:
    """Rows on two points, whose covariance is singular but for rounding, are fitted with a prior or without."""
    random = np.random.default_rng(4)
    for _ in range(50):
        ends = (random.random((2, 3)) * 100).astype(np.float32)
        rows = np.repeat(ends, [300, 200], axis=0)
        for prior in (None, Prior()):
            assert fit(rows, k, prior=prior).mixture.k == k
