"""The directional start: axes of edges, and mixtures of patches that are told apart by direction alone."""

from __future__ import annotations

import numpy as np
import pytest

from gmmseg.arrays import Doubles
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.mixture import Mixture, fit
from gmmseg.mixture.families import FAMILIES
from gmmseg.mixture.rows import checked
from gmmseg.mixture.slope import surveyed
from gmmseg.mixture.starts.directional import bases, directional_start


def stripes(angle: float, n: int, side: int = 8, seed: int = 0) -> Doubles:
    """Patches of waves whose crests run at `angle` degrees, of many lengths and phases, and a little noise."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side].reshape(2, -1)
    turn = np.deg2rad(angle)
    across = x * np.sin(turn) + y * np.cos(turn)
    length, phase, level = random.uniform(6, 12, (n, 1)), random.uniform(0, 2 * np.pi, (n, 1)), random.random((n, 1))
    waves: Doubles = 20 * np.sin(2 * np.pi * across / length + phase)
    return 100 + 20 * level + waves + random.normal(scale=2, size=waves.shape)


def start_on(rows: Doubles, k: int, covariance: str = "full") -> Mixture:
    """The directional start alone."""
    with Crew(1) as crew:
        slope = surveyed(checked(rows), FAMILIES[covariance], 1e-6, crew)
        return directional_start(slope, k, np.random.default_rng(0))


@pytest.mark.parametrize("side", [2, 3, 8, 11])
@pytest.mark.parametrize("k", [2, 19, 64])
def test_axes_are_orthonormal_and_begin_with_the_constant(side: int, k: int) -> None:
    """Every component's axes are orthonormal, the first is the constant patch, and the cosines stand last."""
    for basis in bases(side, k):
        np.testing.assert_allclose(basis.T @ basis, np.eye(side * side), atol=1e-12)
        np.testing.assert_allclose(basis[:, 0], 1 / side, atol=1e-12)
    waves = np.cos(np.pi * (np.arange(side) + 0.5) / side)
    share = bases(side, k)[-1][:, 1:3].T @ np.stack([np.repeat(waves, side), np.tile(waves, side)], axis=1)
    np.testing.assert_allclose(np.abs(share).sum(axis=0), np.sqrt(side * (waves**2).sum()), atol=1e-9)


def test_edges_of_a_direction_lie_in_its_first_axes() -> None:
    """Six axes hold nearly all of an edge of their own direction, and less of one across it."""
    y, x = np.mgrid[:8, :8].reshape(2, -1) - 3.5
    basis = bases(8, 19)[3][:, :6]  # edges at 30°
    for turn, least, most in ((30, 0.97, 1.0), (120, 0.0, 0.9)):
        angle = np.deg2rad(turn)
        edge = np.tanh(x * np.sin(angle) + y * np.cos(angle) - 0.3)
        share = ((basis.T @ edge) ** 2).sum() / (edge**2).sum()
        assert least < share <= most


@pytest.mark.parametrize("channels", [1, 3])
def test_stripes_go_to_the_component_of_their_direction(channels: int) -> None:
    """Before any step, stripes of each of eighteen directions belong to the component of that direction."""
    parts = [stripes(10 * c, 200, seed=c) for c in range(18)]
    tint = np.array([1.0, 0.8, 0.5])[:channels]
    rows = np.concatenate(parts)[:, :, None] * tint
    if channels == 3:
        rows = rows + np.random.default_rng(1).normal(scale=1, size=rows.shape)
    start = start_on(rows.reshape(len(rows), -1), 19)
    assert (start.k, start.d) == (19, 64 * channels)
    shares = start.responsibilities(rows.reshape(len(rows), -1)).reshape(18, 200, 19).mean(axis=1)
    np.testing.assert_array_equal(shares.argmax(axis=1), np.arange(18))


def test_fit_finds_the_stripes_of_a_picture() -> None:
    """A fit gives each of six kinds of stripes the component of its direction, and a weave of two the last."""
    kinds = [stripes(30 * c, 800, seed=c) for c in range(6)]
    weave = (stripes(0, 800, seed=6) - 110) * (stripes(90, 800, seed=7) - 110) / 10 + 110
    rows = np.concatenate([*kinds, weave])
    found = fit(rows.astype(np.float32), 7, start="directional", max_iterations=20)
    labels = found.mixture.assign(rows).reshape(7, 800)
    assert np.mean(labels == np.arange(7)[:, None], axis=1).min() > 0.99


def test_start_takes_level_and_spectrum_from_the_data() -> None:
    """Brighter and stronger data have a start that is as much brighter and stronger, and nothing else differs."""
    rows = np.concatenate([stripes(20 * c, 100, seed=c) for c in range(9)])
    start, other = start_on(rows, 10), start_on(3 * rows + 50, 10)
    np.testing.assert_allclose(start.means, np.full((10, 64), rows.mean()))
    np.testing.assert_allclose(other.means, 3 * start.means + 50)
    np.testing.assert_allclose(other.covariances, 9 * start.covariances, atol=1e-6 * other.covariances.max())
    for matrix in start.covariances:
        assert np.trace(matrix) == pytest.approx(np.trace(np.cov(rows.T, bias=True)))


@pytest.mark.parametrize("covariance", FAMILIES)
def test_components_of_every_family_differ(covariance: str) -> None:
    """Families that cannot hold a direction begin with components that are not all the same."""
    rows = np.concatenate([stripes(45 * c, 300, side=4, seed=c) for c in range(4)])
    start = start_on(rows, 5, covariance)
    assert start.covariance == covariance
    assert (start.means.std(axis=0).max() > 0) or covariance == "full"
    again = start_on(rows, 5, covariance)
    np.testing.assert_array_equal(start.covariances, again.covariances)
    assert fit(rows, 5, start="directional", covariance=covariance, max_iterations=5).mixture.k == 5


@pytest.mark.parametrize("k", [1, 2, 64])
def test_any_number_of_components(k: int) -> None:
    """One component is the cosines' alone; sixty-four are two to three degrees apart."""
    start = start_on(stripes(20, 400), k)
    assert start.k == k
    assert np.linalg.eigvalsh(start.covariances).min() > 0


def test_flat_patches_have_a_start() -> None:
    """Patches without any texture, of a few levels, do not break the start."""
    rows = np.repeat(np.arange(50.0), 10)[:, None] * np.ones(16)
    assert np.isfinite(start_on(rows, 5).factors).all()
    assert fit(rows, 5, start="directional", max_iterations=3).mixture.k >= 1


@pytest.mark.parametrize("d", [1, 2, 3, 5, 63, 65, 193])
def test_rows_that_are_no_patches_are_refused(d: int) -> None:
    """Rows whose columns are no square, nor three times one, are refused with what to do."""
    rows = np.random.default_rng(0).normal(size=(300, d))
    with pytest.raises(InputError, match=f"got {d} columns; cut square patches"):
        fit(rows, 3, start="directional")


def test_the_scikit_learn_face_has_the_start() -> None:
    """`init_params="directional"` begins at the same mixture."""
    from gmmseg.sklearn import GaussianMixture

    rows = np.concatenate([stripes(45 * c, 200, side=4, seed=c) for c in range(4)])
    model = GaussianMixture(5, init_params="directional", max_iter=0, random_state=0).fit(rows)
    np.testing.assert_allclose(model.means_, start_on(rows, 5).means, rtol=1e-6)
