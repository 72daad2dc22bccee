"""The least standard deviation that components may have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.mixture import fit, select

FAMILIES = ["full", "diag", "tied", "spherical"]


@pytest.fixture(scope="module")
def lumpy() -> Doubles:
    """Half of the rows on one point, the others spread wide : (1000, 2)."""
    random = np.random.default_rng(0)
    return np.concatenate([np.full((500, 2), 3.0), random.normal(0, [5, 8], (500, 2))])


@pytest.mark.parametrize("covariance", FAMILIES)
def test_no_component_is_narrower(lumpy: Doubles, covariance: str) -> None:
    """Along every axis of every component the deviation is the resolution or more."""
    mixture = fit(lumpy, 2, covariance=covariance, resolution=1.5).mixture
    matrices = mixture.family.matrices(mixture.covariances, 2, 2)
    assert np.linalg.eigvalsh(matrices).min() >= 1.5**2 * (1 - 1e-9)


def test_a_point_takes_a_component_of_just_that_width(lumpy: Doubles) -> None:
    """A component on a single point has the resolution for its width, and is not taken for collapsed."""
    found = fit(lumpy, 2, resolution=[0.5, 2.0])
    tight = int(np.argmin(np.linalg.det(found.mixture.covariances)))
    np.testing.assert_allclose(found.mixture.covariances[tight], np.diag([0.25, 4.0]), rtol=0.2, atol=0.02)
    assert found.notes == ()


def test_likelihood_never_falls_under_a_resolution(photo: np.ndarray) -> None:
    """EM with the floor in force still climbs in every step."""
    trace = np.array(fit(photo, 5, resolution=6.0, start="kmeans").trace)
    assert (np.diff(trace) > -1e-9 * np.abs(trace[:-1])).all()


def test_wide_components_do_not_feel_it(photo: np.ndarray) -> None:
    """A resolution under every component's width changes nothing."""
    free, bound = fit(photo, 3), fit(photo, 3, resolution=1e-3)
    assert free.log_likelihood == bound.log_likelihood


def test_selection_passes_it_on(lumpy: Doubles) -> None:
    """Candidates of a selection respect the resolution."""
    best = select(lumpy, [2], resolution=1.5).best.fit.mixture
    assert np.linalg.eigvalsh(best.covariances).min() >= 1.5**2 * (1 - 1e-9)


@pytest.mark.parametrize("resolution", [-1.0, np.nan, [1.0, 2.0, 3.0], "fine", [1.0, np.inf]])
def test_nonsense_is_refused(lumpy: Doubles, resolution: Any) -> None:
    """A resolution that is no length is refused, with what was expected."""
    with pytest.raises(InputError, match="expected a resolution"):
        fit(lumpy, 2, resolution=resolution)
