"""Rows that are nearly all zeros: what holds for dense ones holds for them, and documents find their topics."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from documents import made_corpus, purity
from scipy import sparse
from sklearn.mixture import GaussianMixture

from gmmseg import InputError
from gmmseg.arrays import Doubles
from gmmseg.crew import Crew
from gmmseg.mixture import Mixture, Prior, fit, kmeans, select
from gmmseg.mixture.rows import checked
from gmmseg.mixture.sparse import expectation
from gmmseg.mixture.sparse.clusters import merged
from gmmseg.mixture.sparse.likeness import DIRECTION, PLACE


@pytest.fixture(scope="module")
def corpus() -> Any:
    """Made documents of twelve topics."""
    return made_corpus(documents=1500, words=1200, topics=12, length=80)


@pytest.fixture(scope="module")
def blobs() -> Doubles:
    """Three clumps in four columns, one of them at zero, many entries of which are zero."""
    random = np.random.default_rng(5)
    clumps = [
        random.normal(0, (1, 0.5, 2, 1), (200, 4)) + centre for centre in ((0, 0, 0, 0), (9, 0, 5, 0), (0, 8, 0, 9))
    ]
    rows = np.concatenate(clumps)
    rows[random.random(rows.shape) < 0.2] = 0
    return rows


def as_peer(mixture: Mixture) -> GaussianMixture:
    """The same mixture as scikit-learn has it."""
    peer = GaussianMixture(mixture.k, covariance_type=mixture.covariance)
    peer.weights_, peer.means_, peer.covariances_ = mixture.weights, mixture.means, mixture.covariances
    peer.precisions_cholesky_ = mixture.factors if mixture.covariance == "diag" else mixture.factors[:, 0]
    return peer


@pytest.mark.parametrize("covariance", ["diag", "spherical"])
def test_likelihood_is_the_peer_s(corpus: Any, covariance: str) -> None:
    """The same parameters have the log-likelihood that scikit-learn finds on the dense array."""
    mixture = fit(corpus.rows, 6, covariance=covariance).mixture
    dense = corpus.rows.toarray()
    peer = as_peer(mixture)
    np.testing.assert_allclose(mixture.log_density(corpus.rows), peer.score_samples(dense), rtol=1e-9)
    np.testing.assert_allclose(mixture.responsibilities(corpus.rows), peer.predict_proba(dense), atol=1e-6)
    assert mixture.bic(corpus.rows) == pytest.approx(peer.bic(dense), rel=1e-9)


@pytest.mark.parametrize("covariance", ["diag", "spherical"])
def test_sparse_and_dense_agree(blobs: Doubles, covariance: str) -> None:
    """From the same start, with the same bounds, both ways lead to the same mixture."""
    start = fit(blobs, 3, covariance=covariance, max_iterations=1, seed=1).mixture
    dense = fit(blobs, 3, covariance=covariance, start=start, max_iterations=20, tolerance=0.0)
    compressed = fit(
        sparse.csr_array(blobs), 3, covariance=covariance, start=start, max_iterations=20, tolerance=0.0, resolution=0.0
    )
    np.testing.assert_allclose(compressed.mixture.means, dense.mixture.means, atol=1e-9)
    np.testing.assert_allclose(compressed.mixture.covariances, dense.mixture.covariances, rtol=1e-8)
    np.testing.assert_allclose(compressed.trace, dense.trace, rtol=1e-11)


def test_all_questions_agree(blobs: Doubles) -> None:
    """A mixture answers alike for rows of every format, dense or sparse."""
    mixture = fit(blobs, 3, covariance="diag").mixture
    for form in (sparse.csr_array, sparse.csc_matrix, sparse.coo_array, sparse.lil_matrix):
        rows = form(blobs)
        np.testing.assert_allclose(mixture.log_density(rows), mixture.log_density(blobs), rtol=1e-10)
        np.testing.assert_allclose(mixture.responsibilities(rows), mixture.responsibilities(blobs), atol=1e-6)
        np.testing.assert_array_equal(mixture.assign(rows), mixture.assign(blobs))
        for criterion in ("bic", "aic", "icl"):
            assert getattr(mixture, criterion)(rows) == pytest.approx(getattr(mixture, criterion)(blobs), rel=1e-6)


def test_likelihood_never_falls(corpus: Any) -> None:
    """No step of EM loses likelihood, bounds of the variances included."""
    random = np.random.default_rng(0)
    chosen = corpus.rows[random.choice(1500, 8, replace=False)].toarray()
    start = Mixture(np.full(8, 1 / 8), chosen, np.full((8, 1200), 0.01), "diag")
    found = fit(corpus.rows, 8, covariance="diag", start=start, tolerance=0.0, max_iterations=25)
    assert (np.diff(found.trace) >= -1e-9 * abs(found.trace[-1])).all()
    assert found.log_likelihood == pytest.approx(float(found.mixture.log_density(corpus.rows).sum()), rel=1e-12)


def test_threads_change_no_bit(corpus: Any) -> None:
    """One thread or several give the same bits."""
    found = [fit(corpus.rows, 12, covariance="diag", threads=threads, seed=3).mixture for threads in (1, 2, 5)]
    for other in found[1:]:
        np.testing.assert_array_equal(other.means, found[0].means)
        np.testing.assert_array_equal(other.covariances, found[0].covariances)


def test_chunks_equal_the_whole(corpus: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums over many chunks and small blocks are those over one."""
    mixture = fit(corpus.rows, 5, covariance="diag", max_iterations=2).mixture
    rows: Any = checked(corpus.rows)
    with Crew(2) as crew:
        whole = expectation.moments(rows, mixture, crew)
        monkeypatch.setattr(expectation, "_LEAST", 1)
        monkeypatch.setattr(expectation, "_CELLS", 64 * 5)
        parts = expectation.moments(rows, mixture, crew)
    assert parts.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-12)
    np.testing.assert_allclose(parts.counts, whole.counts, rtol=1e-10)
    np.testing.assert_allclose(parts.first, whole.first, atol=1e-10)
    np.testing.assert_allclose(parts.second, whole.second, atol=1e-10)


def test_weights_are_copies(corpus: Any) -> None:
    """A row of weight two counts as two rows, one of weight zero as none."""
    rows = corpus.rows[:300]
    weights = np.ones(300)
    weights[:50], weights[50:80] = 2, 0
    copied = sparse.vstack([rows[:50], rows[:50], rows[80:]])
    start = fit(rows, 3, covariance="diag", max_iterations=1).mixture
    weighted = fit(rows, 3, covariance="diag", weights=weights, start=start, resolution=0.1)
    plain = fit(copied, 3, covariance="diag", start=start, resolution=0.1)
    np.testing.assert_allclose(weighted.mixture.means, plain.mixture.means, atol=1e-10)
    assert weighted.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-10)


def test_memory_is_bounded() -> None:
    """A table of which the dense array would take 8 GB is fitted in a fraction of it."""
    random = np.random.default_rng(0)
    rows = sparse.random_array((20_000, 50_000), density=2e-4, rng=random, format="csr")
    tracemalloc.start()
    try:
        found = fit(rows, 3, covariance="diag", max_iterations=3)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.mixture.k == 3
    assert peak < 2.5e8


@pytest.mark.parametrize(("level", "golden", "new"), [("plain", 1.0, 1.0), ("overlapping", 0.9635, 0.955)])
def test_documents_find_their_topics(level: str, golden: float, new: float) -> None:
    """Purity on made documents, those learnt from and new ones; no worse than the peer's on the dense array."""
    corpus = made_corpus(level, documents=3000, words=2000, topics=12)
    rows, topics = corpus.rows[:2000], corpus.topics[:2000]
    mixture = fit(rows, 12, covariance="diag").mixture
    labels = mixture.assign(rows)
    found = purity(labels, topics)
    assert found >= 0.99 * golden
    table = np.zeros((12, 12))
    np.add.at(table, (labels, topics), 1)
    seen = table.argmax(axis=1)[mixture.assign(corpus.rows[2000:])]
    assert np.mean(seen == corpus.topics[2000:]) >= 0.99 * new
    peer = GaussianMixture(12, covariance_type="diag", random_state=0).fit_predict(rows.toarray())
    assert found >= purity(peer, topics)


def test_auto_counts_the_topics(corpus: Any) -> None:
    """K = "auto" finds the number of topics, by rows that were held out, and says so."""
    found = fit(corpus.rows, "auto", covariance="diag")
    assert found.mixture.k == 12
    assert any("held out" in note for note in found.notes)


def test_selection_by_a_criterion(blobs: Doubles) -> None:
    """`select` scores sparse rows as it does dense ones."""
    chosen = select(sparse.csr_array(blobs), [1, 2, 3, 4], covariance="diag")
    assert chosen.best.k in {3, 4}
    assert chosen.best.score == pytest.approx(chosen.best.fit.mixture.bic(blobs), rel=1e-6)


def test_rows_of_one_component(corpus: Any) -> None:
    """One component is the rows' mean."""
    found = fit(corpus.rows, 1, covariance="diag")
    np.testing.assert_allclose(found.mixture.means[0], corpus.rows.mean(axis=0), atol=1e-12)


def test_merging_loses_least() -> None:
    """Clusters of like direction, or place, become one first."""
    sums = np.array([[10, 0], [9, 1], [0, 5], [0.5, 6]], np.float32)
    for likeness in (DIRECTION, PLACE):
        total, counts = merged(sums, np.array([10.0, 9, 5, 6]), 2, likeness)
        np.testing.assert_allclose(total, np.array([[19, 1], [0.5, 11]]), rtol=1e-6)
        np.testing.assert_array_equal(counts, [19, 11])


def test_sample_of_many_columns(corpus: Any) -> None:
    """Rows are drawn from mixtures of thousands of columns without their square."""
    mixture = fit(corpus.rows, 3, covariance="diag", max_iterations=1).mixture
    rows, components = mixture.sample(50)
    assert rows.shape == (50, 1200)
    assert (np.diff(components) >= 0).all()


def test_empty_rows_and_columns() -> None:
    """Documents without words and words without documents do no harm."""
    rows = np.zeros((60, 30))
    rows[:25, :5], rows[25:50, 10:15] = 1, 1
    rows[np.arange(50), np.random.default_rng(0).integers(0, 20, 50)] += 0.5
    found = fit(sparse.csr_array(rows), 2, covariance="diag")
    labels = found.mixture.assign(sparse.csr_array(rows))
    assert len({labels[0], labels[30]}) == 2
    assert np.isfinite(found.log_likelihood)
    assert fit(sparse.csr_array((40, 7)), 1, covariance="diag").mixture.k == 1


def _broken() -> Any:
    rows = sparse.csr_array(np.eye(4))
    rows.data[1] = np.nan
    return rows


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        (sparse.csr_array(np.eye(4)), {"covariance": "full"}, "diag"),
        (sparse.csr_array(np.eye(4)), {"covariance": "tied"}, "diag"),
        (sparse.csr_array(np.eye(4)), {"prior": Prior()}, "prior"),
        (sparse.csr_array(np.eye(4)), {"start": "split"}, "start"),
        (sparse.csr_array(np.eye(4)), {"k": 5}, "different rows"),
        (sparse.csr_array(np.eye(4)), {"weights": [1, 2]}, "weight"),
        (sparse.csr_array(np.eye(4)), {"resolution": -1.0}, "resolution"),
        (sparse.csr_array((0, 4)), {}, "at least one"),
        (sparse.csr_array(np.eye(4, dtype=complex)), {}, "real numbers"),
        (sparse.csr_array(np.eye(4) * 1e200), {}, "rescale"),
        (_broken(), {}, "finite"),
    ],
)
def test_bad_input(rows: Any, options: dict[str, Any], words: str) -> None:
    """What cannot be worked with is refused in one line."""
    arguments = {"k": 2, "covariance": "diag", **options}
    with pytest.raises(InputError, match=words):
        fit(rows, arguments.pop("k"), **arguments)


def test_other_columns_are_refused(corpus: Any) -> None:
    """A mixture takes rows of its own width alone, and k-means takes dense ones."""
    mixture = fit(corpus.rows[:, :20].tocsr(), 2, covariance="diag").mixture
    with pytest.raises(InputError, match="20 columns"):
        mixture.assign(corpus.rows)
    with pytest.raises(InputError, match="dense"):
        kmeans(corpus.rows, 2)
