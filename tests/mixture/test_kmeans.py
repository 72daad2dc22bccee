"""K-means, by itself and as the limit of a mixture."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans as Peer

from gmmseg.arrays import Doubles
from gmmseg.mixture import Mixture, kmeans


def nearest(rows: Doubles, centres: Doubles) -> np.ndarray:
    return np.asarray(np.square(rows[:, None] - centres).sum(axis=2).argmin(axis=1))


def test_labels_centres_and_distortion_agree(rows: Doubles) -> None:
    """Labels are nearest centres, centres are means of their rows, and the distortion is theirs."""
    centres, labels, distortion = kmeans(rows, 5)
    np.testing.assert_array_equal(labels, nearest(rows, centres))
    for c in range(5):
        np.testing.assert_allclose(centres[c], rows[labels == c].mean(axis=0), atol=1e-4)
    assert distortion == pytest.approx(np.square(rows - centres[labels]).sum(), rel=1e-9)


@pytest.mark.parametrize("k", [2, 4, 7])
@pytest.mark.parametrize("d", [1, 2, 3, 12])
def test_no_worse_than_scikit_learn(k: int, d: int) -> None:
    """The distortion is at most scikit-learn's with ten starts, within rounding."""
    random = np.random.default_rng(d)
    rows = random.normal(size=(800, d)) + random.normal(scale=4, size=(5, d))[random.integers(5, size=800)]
    peer = Peer(k, n_init=10, random_state=0).fit(rows)
    assert kmeans(rows, k).distortion <= peer.inertia_ * 1.003


def test_spherical_mixture_becomes_kmeans_as_its_variance_vanishes(rows: Doubles) -> None:
    """With one shared variance going to zero, a mixture assigns rows as k-means does, and without doubt."""
    centres, labels, _ = kmeans(rows, 4)
    doubt = []
    for variance in (4.0, 1.0, 0.1, 1e-3, 1e-6):
        limit = Mixture(np.full(4, 0.25), centres, np.full(4, variance), "spherical")
        np.testing.assert_array_equal(limit.assign(rows), labels)
        doubt.append(float(np.mean(1 - limit.responsibilities(rows).max(axis=1))))
    assert doubt == sorted(doubt, reverse=True)
    assert doubt[0] > 0.01
    assert doubt[-1] < 1e-6


def test_row_of_weight_three_is_three_rows(rows: Doubles) -> None:
    """Weighted rows give the centres and the distortion of repeated rows."""
    counts = np.random.default_rng(0).integers(0, 4, len(rows))
    weighted = kmeans(rows, 3, weights=counts)
    repeated = kmeans(np.repeat(rows, counts, axis=0), 3)
    order, other = np.argsort(weighted.centres[:, 0]), np.argsort(repeated.centres[:, 0])
    np.testing.assert_allclose(weighted.centres[order], repeated.centres[other], atol=1e-5)
    assert weighted.distortion == pytest.approx(repeated.distortion, rel=1e-6)


def test_labels_are_given_for_rows_of_no_weight(rows: Doubles) -> None:
    """Rows of weight zero move no centre and still get a label."""
    counts = np.ones(len(rows))
    counts[::2] = 0
    found = kmeans(rows, 3, weights=counts)
    assert found.labels.shape == (len(rows),)
    np.testing.assert_array_equal(found.labels, nearest(rows, found.centres))


def test_threads_and_seed_decide_no_bit(photo: np.ndarray) -> None:
    """Same seed, same bits, on one thread or two."""
    one, two = kmeans(photo, 5, threads=1), kmeans(photo, 5, threads=2)
    np.testing.assert_array_equal(one.centres, two.centres)
    np.testing.assert_array_equal(one.labels, two.labels)


def test_centre_without_rows_is_put_to_work() -> None:
    """As many centres as different rows end on one each."""
    rows = np.repeat(np.arange(6.0)[:, None] ** 3, 10, axis=0)
    found = kmeans(rows, 6)
    np.testing.assert_allclose(np.sort(found.centres[:, 0]), np.arange(6.0) ** 3, atol=1e-6)
    assert found.distortion == pytest.approx(0, abs=1e-9)
