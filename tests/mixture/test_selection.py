"""Choosing the number of components and the family."""

from __future__ import annotations

import numpy as np
import pytest

from gmmseg import InputError
from gmmseg.arrays import Doubles
from gmmseg.mixture import fit, select


@pytest.mark.parametrize("criterion", ["bic", "icl"])
def test_clear_clumps_are_counted(criterion: str, rows: Doubles) -> None:
    """Both criteria choose three components where three were drawn."""
    selection = select(rows, range(1, 7), criterion=criterion)
    assert selection.best.k == 3
    assert [candidate.k for candidate in selection.candidates] == [1, 2, 3, 4, 5, 6]
    score = getattr(selection.best.fit.mixture, criterion)(rows)
    assert selection.best.score == pytest.approx(score, rel=1e-9)


def test_auto_chooses_by_bic(rows: Doubles) -> None:
    """K = "auto" gives the fit of least BIC and says so."""
    found = fit(rows, "auto")
    assert found.mixture.k == 3
    assert any("least BIC" in note for note in found.notes)
    assert found.log_likelihood == fit(rows, 3).log_likelihood


def test_families_compete(rows: Doubles) -> None:
    """Among several families the best is the one that the data have."""
    spheres = np.concatenate([rows[:, :2] * 0 + c + np.random.default_rng(0).normal(size=(2000, 2)) for c in (0, 8)])
    selection = select(spheres, [1, 2, 3], covariance=["full", "diag", "tied", "spherical"])
    assert len(selection.candidates) == 12
    assert (selection.best.k, selection.best.covariance) == (2, "spherical")


def test_candidate_is_the_fit_with_the_same_seed(rows: Doubles) -> None:
    """Each candidate equals the fit of its k alone."""
    selection = select(rows, [2, 4], seed=5)
    for candidate in selection.candidates:
        alone = fit(rows, candidate.k, seed=5)
        np.testing.assert_array_equal(alone.mixture.means, candidate.fit.mixture.means)


def test_sizes_beyond_the_different_rows_are_left_out() -> None:
    """With three different rows no more than three components are tried."""
    rows = np.repeat([[0.0], [4.0], [9.0]], 30, axis=0)
    assert [candidate.k for candidate in select(rows, range(1, 8)).candidates] == [1, 2, 3]
    assert fit(rows, "auto").mixture.k == 3


def test_weights_count_in_the_criteria(rows: Doubles) -> None:
    """The size of the sample is the sum of the weights."""
    few = rows[:300]
    weighted = select(few, [1, 2], weights=np.full(300, 4.0))
    repeated = select(np.repeat(few, 4, axis=0), [1, 2])
    for ours, theirs in zip(weighted.candidates, repeated.candidates, strict=True):
        assert ours.score == pytest.approx(theirs.score, rel=1e-5)


@pytest.mark.parametrize(
    ("ks", "options"),
    [([], {}), ([0], {}), ([2.5], {}), ([2], {"criterion": "best"}), ([2], {"covariance": []}), ([9999], {})],
)
def test_nothing_to_choose_among(ks: list[int], options: dict[str, object], rows: Doubles) -> None:
    """Sizes, criteria and families that are none are refused."""
    with pytest.raises(InputError, match="expected"):
        select(rows, ks, **options)  # type: ignore[arg-type]
