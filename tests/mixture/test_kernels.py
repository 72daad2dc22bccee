"""The arithmetic under the E-step, against plain NumPy in float64."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba import njit

from gmmseg.arrays import Doubles
from gmmseg.crew import Crew
from gmmseg.mixture import Mixture, expectation, fit
from gmmseg.mixture.families import FAMILIES
from gmmseg.mixture.kernels.lanes import exp2, log2
from gmmseg.mixture.restructuring import assembled
from gmmseg.mixture.rows import checked


@njit
def powers(x: Any, out: Any) -> None:
    for i in range(x.size):
        out[i] = exp2(x[i])


@njit
def logarithms(x: Any, out: Any) -> None:
    for i in range(x.size):
        out[i] = log2(x[i])


@pytest.mark.parametrize(("dtype", "accuracy"), [(np.float32, 3e-7), (np.float64, 6e-16)])
def test_exp2_is_as_accurate_as_its_type(dtype: type, accuracy: float) -> None:
    """2ˣ is right to about the last bit from 0 down to where it stays, above the denormal numbers."""
    lowest = -100.0 if dtype is np.float32 else -996.0
    x: np.ndarray = np.linspace(lowest, 0, 200_001).astype(dtype)
    out = np.empty_like(x)
    powers(x, out)
    np.testing.assert_allclose(out, np.exp2(x.astype(np.longdouble)).astype(np.float64), rtol=accuracy)
    powers(np.array([-1e30], dtype), out[:1])
    assert 2.0 ** (lowest - 1) < out[0] < 2.0 ** (lowest + 1)


@pytest.mark.parametrize(("dtype", "accuracy"), [(np.float32, 2e-7), (np.float64, 4e-16)])
def test_log2_is_as_accurate_as_its_type(dtype: type, accuracy: float) -> None:
    """log₂x is right to about the last bit for x ≥ 1."""
    x: np.ndarray = np.concatenate([np.linspace(1, 2, 100_001), np.geomspace(1, 1e30, 10_001)]).astype(dtype)
    out = np.empty_like(x)
    logarithms(x, out)
    exact = np.log2(x.astype(np.longdouble)).astype(np.float64)
    np.testing.assert_allclose(out, exact, atol=accuracy, rtol=accuracy)


def example(covariance: str, d: int) -> tuple[Mixture, Doubles, Doubles]:
    """A mixture of three components, rows about it, and weights."""
    random = np.random.default_rng(d)
    roots = random.normal(size=(3, d, d)) / np.sqrt(d)
    matrices = roots @ np.swapaxes(roots, 1, 2) + np.eye(d) / 2
    mixture = assembled(np.array([0.2, 0.5, 0.3]), random.normal(scale=2, size=(3, d)), matrices, covariance)
    return mixture, random.normal(scale=2, size=(5000, d)), random.random(5000) + 0.01


def plain_log_densities(mixture: Mixture, rows: Doubles) -> Doubles:
    """Log w_c N(x | c) by the textbook : (n, k)."""
    matrices = mixture.family.matrices(mixture.covariances, mixture.k, mixture.d)
    apart = rows[:, None, :] - mixture.means
    squares = np.einsum("nki,kij,nkj->nk", apart, np.linalg.inv(matrices), apart)
    logs: Doubles = np.log(mixture.weights) - 0.5 * (squares + np.linalg.slogdet(2 * np.pi * matrices)[1])
    return logs


@pytest.mark.parametrize("covariance", FAMILIES)
@pytest.mark.parametrize("d", [1, 2, 3, 5, 8, 9, 20])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_posteriors_follow_the_textbook(covariance: str, d: int, dtype: type) -> None:
    """Densities, responsibilities and assignments are those of the formulas, in few dimensions and in many."""
    mixture, rows, _ = example(covariance, d)
    rows = rows.astype(dtype)
    logs = plain_log_densities(mixture, rows.astype(np.float64))
    density = np.logaddexp.reduce(logs, axis=1)
    single = dtype is np.float32
    np.testing.assert_allclose(mixture.log_density(rows), density, rtol=2e-6 if single else 1e-12, atol=1e-6)
    shares = mixture.responsibilities(rows)
    assert shares.dtype == np.float32
    np.testing.assert_allclose(shares, np.exp(logs - density[:, None]), atol=2e-5 if single else 1e-6)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert np.mean(mixture.assign(rows) == logs.argmax(axis=1)) > 0.999


@pytest.mark.parametrize("covariance", FAMILIES)
@pytest.mark.parametrize("d", [1, 3, 8, 9, 20])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_moments_follow_the_textbook(covariance: str, d: int, dtype: type) -> None:
    """Counts, first and second moments about the anchors are those of the formulas, weights and all."""
    mixture, rows, weights = example(covariance, d)
    rows, weights = rows.astype(dtype), weights.astype(dtype)
    logs = plain_log_densities(mixture, rows.astype(np.float64))
    density = np.logaddexp.reduce(logs, axis=1)
    r = np.exp(logs - density[:, None]) * weights[:, None]
    with Crew(2) as crew:
        ready = checked(rows, weights)
        assert ready.values.dtype == dtype
        sums = expectation.moments(ready, mixture, crew)
    apart = rows[:, None, :].astype(np.float64) - sums.anchors
    accuracy = 1e-4 if dtype is np.float32 else 1e-11
    assert sums.log_likelihood == pytest.approx(weights.astype(np.float64) @ density, rel=accuracy)
    second = np.einsum("nk,nki,nkj->kij", r, apart, apart)
    if mixture.family.diagonal:
        second = np.diagonal(second, axis1=1, axis2=2)
    scale = np.abs(second).max()
    np.testing.assert_allclose(sums.counts, r.sum(axis=0), rtol=accuracy)
    np.testing.assert_allclose(sums.first, np.einsum("nk,nki->ki", r, apart), atol=accuracy * scale)
    np.testing.assert_allclose(sums.second, second, atol=accuracy * scale)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("d", "n"), [(9, 15), (16, 16), (33, 1003), (64, 4099)])
def test_components_left_out_early_change_nothing(d: int, n: int, dtype: type) -> None:
    """Where most components are far from most rows, in any order of the rows, the sums are the textbook's."""
    random = np.random.default_rng(d)
    roots = random.normal(size=(12, d, d)) / np.sqrt(d)
    matrices = roots @ np.swapaxes(roots, 1, 2) + 0.3 * np.eye(d)
    mixture = Mixture(np.full(12, 1 / 12), random.normal(scale=2, size=(12, d)), matrices)
    rows: np.ndarray = random.permutation(mixture.sample(n, 1)[0]).astype(dtype)
    logs = plain_log_densities(mixture, rows.astype(np.float64))
    density = np.logaddexp.reduce(logs, axis=1)
    shares = np.exp(logs - density[:, None])
    accuracy = 1e-4 if dtype is np.float32 else 1e-9
    with Crew(1) as crew:
        sums = expectation.moments(checked(rows), mixture, crew)
    assert sums.log_likelihood == pytest.approx(density.sum(), rel=accuracy / 10)
    np.testing.assert_allclose(sums.counts, shares.sum(axis=0), atol=accuracy * n)
    apart = rows[:, None, :].astype(np.float64) - sums.anchors
    second = np.einsum("nk,nki,nkj->kij", shares, apart, apart)
    np.testing.assert_allclose(sums.second, second, atol=accuracy * np.abs(second).max())
    np.testing.assert_allclose(mixture.responsibilities(rows), shares, atol=accuracy)
    assert np.mean(mixture.assign(rows) == logs.argmax(axis=1)) > 0.999


def test_many_threads_give_the_same_bits_in_many_dimensions() -> None:
    """More threads than processors do not disturb each other's sums, nor their order."""
    mixture, _, _ = example("full", 40)
    rows = checked(mixture.sample(40_000, 0)[0].astype(np.float32))
    with Crew(1) as alone, Crew(6) as crowd:
        one = expectation.moments(rows, mixture, alone)
        for _ in range(5):
            other = expectation.moments(rows, mixture, crowd)
            assert other.log_likelihood == one.log_likelihood
            for part in ("counts", "first", "second"):
                np.testing.assert_array_equal(getattr(other, part), getattr(one, part))


@pytest.mark.parametrize("d", [3, 20])
def test_mixture_may_lie_in_memory_in_any_order(d: int) -> None:
    """A mixture whose arrays are transposed in memory answers like any other."""
    mixture, rows, _ = example("full", d)
    turned = Mixture(mixture.weights, np.asfortranarray(mixture.means), np.asfortranarray(mixture.covariances))
    np.testing.assert_allclose(turned.log_density(rows), mixture.log_density(rows), rtol=1e-12)
    np.testing.assert_allclose(
        fit(rows, 3, start=turned, max_iterations=2).log_likelihood,
        fit(rows, 3, start=mixture, max_iterations=2).log_likelihood,
    )


def test_component_of_no_weight_takes_no_row(rows: Doubles) -> None:
    """A component of weight zero has responsibility zero and disturbs nothing."""
    pair = Mixture(np.array([0.0, 1.0]), np.zeros((2, 3)), np.stack([np.eye(3)] * 2))
    alone = Mixture(np.ones(1), np.zeros((1, 3)), np.eye(3)[None])
    assert pair.responsibilities(rows)[:, 0].max() < 1e-30
    np.testing.assert_allclose(pair.log_density(rows), alone.log_density(rows))


def test_rows_beyond_float32_squares_are_still_told_apart() -> None:
    """A float32 row so far away that its squared distance overflows is worked on in float64."""
    mixture = Mixture(np.array([0.5, 0.5]), np.array([[0.0], [1.0]]), np.array([[[1e-6]], [[1e-6]]]))
    far = np.array([[1e14], [-1e14]], np.float32)
    np.testing.assert_array_equal(mixture.assign(far), [1, 0])
    np.testing.assert_allclose(mixture.log_density(far), -0.5e34, rtol=1e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("d", [3, 40])
def test_rows_alone_are_answered_as_among_others(d: int, dtype: type) -> None:
    """Density and responsibilities of a row are the same whether it comes alone or with many."""
    mixture, rows, _ = example("full", d)
    rows = rows.astype(dtype)
    shares, density = mixture.responsibilities(rows), mixture.log_density(rows)
    for i in range(0, 200, 7):
        # What is left out of a sum depends on the rows that come with a row.
        rounding = 1e-5 if dtype is np.float32 else 1e-7
        np.testing.assert_allclose(mixture.responsibilities(rows[i : i + 1])[0], shares[i], atol=rounding)
        np.testing.assert_allclose(mixture.log_density(rows[i : i + 1])[0], density[i], rtol=1e-6)


@pytest.mark.parametrize("d", [3, 40])
def test_centre_without_rows_gives_a_finite_start(d: int) -> None:
    """A start from a centre that no row is near has no NaN in it."""
    from gmmseg.mixture.slope import surveyed
    from gmmseg.mixture.starts.seeding import broad, from_centres

    _, rows, _ = example("full", d)
    centres = np.stack([rows[0], rows[1], np.full(d, 1e3)])
    with Crew(1) as crew:
        slope = surveyed(checked(rows), FAMILIES["full"], 1e-6, crew)
        start = from_centres(slope.with_prior(broad(slope, 3)), centres)
    assert np.isfinite(start.means).all()
    assert np.isfinite(start.factors).all()


def test_components_are_told_apart_from_very_far() -> None:
    """Float64 rows beyond the range of float32 squares have a density, and belong to the nearer component."""
    mixture = Mixture(np.full(2, 0.5), np.array([[0.0], [1e15]]), np.ones((2, 1, 1)))
    far = np.array([[1.1e25], [-1.1e25]])
    np.testing.assert_allclose(mixture.log_density(far), -0.5 * far[:, 0] ** 2, rtol=1e-6)
    np.testing.assert_array_equal(mixture.responsibilities(far), [[0, 1], [1, 0]])


def test_flat_components_are_resolved_in_any_type() -> None:
    """Where float32 would blur a component, whole numbers have the density that nearby float64 numbers have."""
    grey = np.random.default_rng(0).integers(0, 65536, (1000, 1))
    rows = np.repeat(grey, 3, axis=1).astype(float)
    flat = Mixture(np.ones(1), rows.mean(axis=0)[None], (np.cov(rows.T, bias=True) + 1e-3 * np.eye(3))[None])
    np.testing.assert_allclose(flat.log_density(rows), flat.log_density(rows + 1e-7), atol=1e-3)


CHILD = "import numpy as np; from gmmseg.mixture import fit; print(fit(np.arange(60.).reshape(20, 3), 2).mixture.k)"


@pytest.mark.parametrize("trouble", ["unwritable", "full of rubbish"])
def test_compiled_code_needs_no_cache(trouble: str, tmp_path: Path) -> None:
    """A cache that cannot be written, or holds rubbish, costs time and nothing else."""
    cache = tmp_path / "cache"
    environment = {
        **os.environ,
        "NUMBA_CACHE_DIR": str(cache),
        "NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator",  # nowhere else
    }
    if trouble == "unwritable":
        cache.write_text("a file where the folder should be")
    else:
        run = subprocess.run([sys.executable, "-c", CHILD], env=environment, check=True, capture_output=True, text=True)
        entries = [path for path in cache.rglob("*") if path.is_file()]
        assert entries
        for path in entries:
            path.write_bytes(path.read_bytes()[:40])
    run = subprocess.run([sys.executable, "-c", CHILD], env=environment, check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "2"
    assert run.stderr == ""
