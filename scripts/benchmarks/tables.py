"""Measures clusters of tables: documents as sparse tf–idf against scikit-learn's mixture of the dense array.

Documents are made, so their topics are known: purity is the share of them that are of the commonest topic of their
cluster. Times are medians; our run and the peer's alternate, so that a machine that drifts drifts for both.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from gmmseg.mixture import Mixture, fit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from documents import LEVELS, made_corpus, purity

K = 20


def main() -> int:
    """Run the parts asked for, and print a table of each."""
    parts: dict[str, Callable[[int], None]] = {
        "documents": documents,
        "new": new_documents,
        "choice": choice,
        "agreement": agreement,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=parts, help="leave out the other parts")
    parser.add_argument("--repeats", type=int, default=3, help="runs of which the median is taken (3)")
    options = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}")
    for name, part in parts.items():
        if options.only is None or name in options.only:
            part(options.repeats)
    return 0


def documents(repeats: int) -> None:
    """Time and purity of whole fits, each with another seed."""
    print(f"\n5,000 documents × 5,000 words, tf–idf, {K} topics, diagonal covariances, medians of {repeats}")
    for level in LEVELS:
        corpus = made_corpus(level)
        dense = corpus.rows.toarray()
        ours: list[tuple[float, float]] = []
        theirs: list[tuple[float, float]] = []
        fit(corpus.rows[:500], 2, covariance="diag")  # what is loaded and compiled once
        for seed in range(repeats):
            seconds, found = timed(partial(fit, corpus.rows, K, covariance="diag", seed=seed))
            ours.append((seconds, purity(found.mixture.assign(corpus.rows), corpus.topics)))
            peer = GaussianMixture(K, covariance_type="diag", random_state=seed)
            seconds, labels = timed(partial(peer.fit_predict, dense))
            theirs.append((seconds, purity(labels, corpus.topics)))
        mine, other = medians(ours), medians(theirs)
        print(
            f"{level:12} ours {mine[0]:6.2f} s, purity {mine[1]:.3f}   scikit-learn {other[0]:6.2f} s, "
            f"purity {other[1]:.3f}   {other[0] / mine[0]:5.1f} x"
        )


def new_documents(repeats: int) -> None:
    """How many documents find their topic that were not learnt from."""
    print("\n2,500 documents to learn from, 2,500 new ones: share of these in the cluster of their topic")
    for level in LEVELS:
        corpus = made_corpus(level)
        half = corpus.rows.shape[0] // 2
        shares = []
        for seed in range(repeats):
            mixture = fit(corpus.rows[:half], K, covariance="diag", seed=seed).mixture
            table = np.zeros((K, K))
            np.add.at(table, (mixture.assign(corpus.rows[:half]), corpus.topics[:half]), 1)
            named = table.argmax(axis=1)
            shares.append(float(np.mean(named[mixture.assign(corpus.rows[half:])] == corpus.topics[half:])))
        print(f"{level:12} {statistics.median(shares):.3f}")


def choice(repeats: int) -> None:
    """The number of clusters that is chosen."""
    del repeats
    print(f"\nk = auto where there are {K} topics")
    for level in LEVELS:
        corpus = made_corpus(level)
        seconds, found = timed(partial(fit, corpus.rows, "auto", covariance="diag"))
        print(f"{level:12} k = {found.mixture.k}, {seconds:.1f} s")


def agreement(repeats: int) -> None:
    """Log-likelihood of the same parameters, ours of sparse rows and the peer's of dense ones."""
    del repeats
    corpus = made_corpus(documents=300, words=400, topics=5)
    dense = corpus.rows.toarray()
    mixture = fit(corpus.rows, 5, covariance="diag").mixture
    ours = float(mixture.log_density(corpus.rows).mean())
    theirs = float(as_peer(mixture).score(dense))
    print(f"\nlog-likelihood a row: ours {ours:.9f}, scikit-learn {theirs:.9f}, off by {abs(ours / theirs - 1):.1e}")


def as_peer(mixture: Mixture) -> Any:
    """The same mixture as scikit-learn has it."""
    peer = GaussianMixture(mixture.k, covariance_type="diag")
    peer.weights_, peer.means_, peer.covariances_ = mixture.weights, mixture.means, mixture.covariances
    peer.precisions_cholesky_ = mixture.factors
    return peer


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    time.sleep(0.3)  # a peer's threads spin for a moment after their work is done
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def medians(found: list[tuple[float, float]]) -> tuple[float, float]:
    """Of seconds and of purities."""
    return statistics.median(one[0] for one in found), statistics.median(one[1] for one in found)


if __name__ == "__main__":
    raise SystemExit(main())
