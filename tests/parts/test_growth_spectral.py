"""Spectral coordinates of small graphs, beside those of SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import eigsh
from scipy.spatial.distance import pdist

from gmmseg.parts.growth.spectral import embedded


def grid(h: int, w: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Neighbours on a grid with weights of chance, weak across one column, and where the nodes are."""
    y, x = np.mgrid[:h, :w]
    names = y * w + x
    pairs = np.concatenate(
        [
            np.stack([names[:, :-1].ravel(), names[:, 1:].ravel()], axis=1),
            np.stack([names[:-1].ravel(), names[1:].ravel()], axis=1),
        ]
    )
    weights = np.random.default_rng(seed).uniform(0.2, 3, len(pairs))
    weights[(pairs[:, 0] % w == w // 3) & (pairs[:, 1] == pairs[:, 0] + 1)] *= 0.02
    places = 2 * np.stack([(y.ravel() + 0.5) / h, (x.ravel() + 0.5) / w], axis=1) - 1
    return pairs, weights, places


def by_scipy(pairs: NDArray[np.int64], weights: NDArray[np.float64], n: int, count: int) -> NDArray[np.float64]:
    """The same coordinates by SciPy's Lanczos method."""
    half = coo_matrix((weights, pairs.T), shape=(n, n))
    whole = (half + half.T).tocsr()
    degrees = np.asarray(whole.sum(axis=1)).ravel()
    scale = 1 / np.sqrt(degrees)
    normal = whole.multiply(scale[:, None]).multiply(scale[None]).tocsr()
    found, vectors = eigsh(normal, count + 1, which="LA", v0=np.ones(n))
    order = np.argsort(-found)[1:]
    slow, vectors = 1 - found[order], vectors[:, order] * scale[:, None]
    vectors /= np.sqrt((degrees[:, None] * vectors**2).sum(axis=0) / degrees.sum())
    return np.asarray(vectors * np.sqrt(slow[0] / slow))


@pytest.mark.parametrize(("h", "w", "seed"), [(9, 12, 0), (15, 20, 1), (4, 60, 2)])
def test_distances_are_those_of_scipy(h: int, w: int, seed: int) -> None:
    """Nodes are as far apart as exact eigenvectors put them, whatever these are turned or mirrored."""
    pairs, weights, places = grid(h, w, seed)
    mine = pdist(embedded(pairs, weights, places, 5))
    theirs = pdist(by_scipy(pairs, weights, h * w, 5))
    assert np.abs(mine - theirs).max() < 1e-4 * theirs.max()


def test_weak_borders_are_far() -> None:
    """The first coordinate tells the two sides of a weak line apart."""
    pairs, weights, places = grid(10, 12, 3)
    first = embedded(pairs, weights, places, 4)[:, 0].reshape(10, 12)
    sides = first[:, :5], first[:, 5:]
    assert sides[0].max() < sides[1].min() or sides[0].min() > sides[1].max()


def test_weights_count_by_their_ratio() -> None:
    """Coordinates do not hang on the unit of the weights, and have the same bits every time."""
    pairs, weights, places = grid(8, 9, 4)
    once = embedded(pairs, weights, places, 3)
    assert np.array_equal(once, embedded(pairs, weights, places, 3))
    assert np.allclose(pdist(once), pdist(embedded(pairs, 1e-3 * weights, places, 3)), atol=1e-5)


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_few_nodes(n: int) -> None:
    """Fewer nodes than eigenvectors have as many coordinates as there can be, all finite."""
    pairs = np.stack([np.arange(n - 1), np.arange(1, n)], axis=1).astype(np.int64)
    places = np.linspace(-1, 1, n)[:, None].repeat(2, axis=1)
    found = embedded(pairs, np.ones(n - 1), places, 8)
    assert found.shape == (n, max(1, n - 1))
    assert np.isfinite(found).all()
