"""Starts: each leads to a fit, and the default finds optima that others miss."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_iris

from gmmseg.arrays import Doubles
from gmmseg.mixture import Mixture, Prior, fit
from gmmseg.mixture.families import FAMILIES
from gmmseg.mixture.restructuring import assembled, merged, split, without
from gmmseg.mixture.starts import STARTS


@pytest.mark.parametrize("covariance", FAMILIES)
@pytest.mark.parametrize("start", [start for start in STARTS if start != "directional"])
def test_every_start_finds_what_is_plain_to_see(start: str, covariance: str, rows: Doubles, truth: Mixture) -> None:
    """Three well separated clumps are found by the informed starts; the random one finds a mixture at least."""
    found = fit(rows, 3, start=start, covariance=covariance)
    assert found.converged
    if start != "random":
        order = np.argsort(found.mixture.means @ [1, 2, 0])
        np.testing.assert_allclose(
            found.mixture.means[order], truth.means[np.argsort(truth.means @ [1, 2, 0])], atol=0.25
        )


def test_default_start_is_no_worse_than_fifty_random_ones() -> None:
    """On crowded clumps the default reaches the best likelihood that fifty random starts reach."""
    random = np.random.default_rng(0)
    own = random.integers(8, size=1500)
    rows = random.normal(scale=6, size=(8, 2))[own] + random.normal(size=(1500, 2)) * random.random((8, 1))[own]
    best = max(fit(rows, 8, start="random", seed=seed).log_likelihood for seed in range(50))
    for seed in range(5):
        assert fit(rows, 8, seed=seed).log_likelihood > best - 1.0


# Log-likelihoods of the iris measurements found by mclust 6 with its hierarchical start.
MCLUST = {
    ("full", 2): -214.3547,
    ("full", 3): -180.1855,
    ("full", 4): -165.5475,
    ("full", 5): -152.9037,
    ("full", 6): -137.7403,
    ("diag", 2): -386.1852,
    ("diag", 5): -245.4901,
    ("spherical", 2): -478.5592,
    ("spherical", 5): -298.6448,
    ("tied", 2): -296.4484,
    ("tied", 4): -250.3332,
    ("tied", 6): -207.2004,
}


def iris() -> Doubles:
    """Fisher's irises as R has them; scikit-learn's copy is the same since its rows 35 and 38 were mended."""
    return np.asarray(load_iris().data, np.float64)


@pytest.mark.parametrize(("covariance", "k"), MCLUST)
def test_published_optima_are_reached(covariance: str, k: int) -> None:
    """The default reaches the likelihoods that mclust reports for the irises, without a collapsed component."""
    rows = iris()
    found = fit(rows, k, covariance=covariance, tolerance=1e-9)
    assert found.log_likelihood > MCLUST[covariance, k] - 0.02
    matrices = found.mixture.family.matrices(found.mixture.covariances, k, 4)
    assert np.linalg.eigvalsh(matrices / np.multiply.outer(rows.std(0), rows.std(0))).min() > 1e-4


def test_published_criteria_of_the_irises() -> None:
    """BIC and ICL of two full components are mclust's with the sign turned, and single components are exact."""
    rows = iris()
    mixture = fit(rows, 2, tolerance=1e-9).mixture
    assert mixture.parameters == 29
    assert mixture.bic(rows) == pytest.approx(574.0178, abs=1e-3)
    assert mixture.icl(rows) == pytest.approx(574.0191, abs=1e-3)
    assert fit(rows, 1).log_likelihood == pytest.approx(-379.9146, abs=1e-3)
    assert fit(rows, 1, covariance="diag").log_likelihood == pytest.approx(-741.0175, abs=1e-3)
    assert fit(rows, 1, covariance="spherical").log_likelihood == pytest.approx(-889.5159, abs=1e-3)


# Mean log-likelihood a pixel of the default fit to the sample photo, the best that many seeds have found.
GOLDEN = {
    ("full", 3): -12.7641,
    ("full", 5): -12.4468,
    ("full", 8): -12.1219,
    ("diag", 5): -13.6878,
    ("tied", 4): -13.5147,
    ("spherical", 4): -14.3417,
}


@pytest.mark.parametrize(("covariance", "k"), GOLDEN)
def test_optimum_on_a_photo_does_not_get_worse(covariance: str, k: int, photo: np.ndarray) -> None:
    """The median likelihood of the sample photo's colours over three seeds stays within 0.01 nats of the best."""
    found = [fit(photo, k, covariance=covariance, seed=seed).log_likelihood / len(photo) for seed in range(3)]
    assert np.median(found) > GOLDEN[covariance, k] - 0.01


@pytest.mark.parametrize("covariance", FAMILIES)
def test_split_and_merge_keep_what_they_should(covariance: str, truth: Mixture) -> None:
    """Splitting keeps the overall mean, merging a pair undoes a split, and leaving out keeps the rest."""
    mixture = assembled(truth.weights, truth.means, truth.covariances, covariance)
    halves = split(mixture, 1)
    assert halves.k == 4
    np.testing.assert_allclose(halves.weights @ halves.means, mixture.weights @ mixture.means)
    again = merged(halves, 1, 3)
    np.testing.assert_allclose(again.weights, mixture.weights)
    np.testing.assert_allclose(again.means, mixture.means)
    np.testing.assert_allclose(again.covariances, mixture.covariances, atol=1e-12)
    rest = without(mixture, np.array([False, True, False]))
    np.testing.assert_allclose(rest.means, mixture.means[[0, 2]])
    assert rest.weights.sum() == pytest.approx(1)


def test_start_of_another_family_is_taken_over(rows: Doubles) -> None:
    """A full mixture may start a fit of any family."""
    start = fit(rows, 3).mixture
    for covariance in FAMILIES:
        assert fit(rows, 3, covariance=covariance, start=start).mixture.covariance == covariance


def test_strong_prior_wins_and_weak_prior_yields(rows: Doubles) -> None:
    """With a prior worth more than the rows the mixture is the prior's; with a faint one it is the data's."""
    strong = Prior(concentration=1e9, mean=[1.0, 2.0, 3.0], strength=1e9, scatter=np.eye(3) * 2e9, degrees=1e9)
    ruled = fit(rows, 3, prior=strong).mixture
    np.testing.assert_allclose(ruled.weights, 1 / 3, atol=1e-3)
    np.testing.assert_allclose(ruled.means, [[1, 2, 3]] * 3, atol=1e-3)
    np.testing.assert_allclose(ruled.covariances, [np.eye(3) * 2] * 3, atol=1e-2)
    free, held = fit(rows, 3).mixture, fit(rows, 3, prior=Prior()).mixture
    order, other = np.argsort(free.means[:, 0]), np.argsort(held.means[:, 0])
    np.testing.assert_allclose(held.means[other], free.means[order], atol=0.02)


@pytest.mark.parametrize("covariance", FAMILIES)
def test_prior_makes_small_samples_safe(covariance: str) -> None:
    """Under a prior, more components than the rows could support keep healthy covariances."""
    rows = np.random.default_rng(0).normal(size=(12, 3))
    found = fit(rows, 5, covariance=covariance, prior=Prior())
    matrices = found.mixture.family.matrices(found.mixture.covariances, 5, 3)
    assert np.linalg.eigvalsh(matrices).min() > 1e-3
