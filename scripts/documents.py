"""Made documents whose topics are known: counts of words, and what tf–idf makes of them.

Words are drawn as Zipf's law has them. A topic lifts some of the words and lowers others (a Dirichlet draw about the
common frequencies); a document mixes its topic with the language's common words and with other topics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gmmseg.arrays import Doubles, Labels


@dataclass(frozen=True)
class Corpus:
    """Documents of known topics.

    Attributes
    ----------
    rows : (documents, words) scipy CSR of float64
        tf–idf with rows of length one.
    topics : (documents,) intp
        The main topic of each document.
    names : tuple of str
        What the words are called.
    """

    rows: Any
    topics: Labels
    names: tuple[str, ...]


# What share of a document is of its topic, and what of other topics; the rest is the common language.
LEVELS = {"plain": (0.45, 0.05), "overlapping": (0.25, 0.15)}


def made_corpus(
    level: str = "plain",
    documents: int = 5000,
    words: int = 5000,
    topics: int = 20,
    *,
    length: int = 120,
    seed: int = 0,
) -> Corpus:
    """Documents of about `length` words each; topics differ in size by a factor of up to four."""
    from scipy.sparse import csr_array

    random = np.random.default_rng(seed)
    own, foreign = LEVELS[level]
    common = 1 / (np.arange(words) + 5.0)
    common /= common.sum()
    # A concentration under the number of words makes a topic's favourites few and strong.
    about = np.stack([random.dirichlet(0.02 * words * common + 1e-4) for _ in range(topics)])
    sizes = np.repeat(np.linspace(1, 4, topics) / np.linspace(1, 4, topics).sum(), 1)
    main = random.choice(topics, documents, p=sizes)
    indices, counts, ends = [], [], [0]
    for topic in main:
        others = random.dirichlet(np.full(topics, 0.1))
        shares = own * about[topic] + foreign * (others @ about) + (1 - own - foreign) * common
        drawn = random.choice(
            words, max(10, random.poisson(length * random.lognormal(0, 0.5))), p=shares / shares.sum()
        )
        present, times = np.unique(drawn, return_counts=True)
        indices.append(present)
        counts.append(times)
        ends.append(ends[-1] + len(present))
    places = np.concatenate(indices).astype(np.int32)  # what scikit-learn takes
    table = csr_array(
        (np.concatenate(counts).astype(float), places, np.array(ends, np.int32)), shape=(documents, words)
    )
    return Corpus(tf_idf(table), main, tuple(f"word{j}" for j in range(words)))


def tf_idf(counts: Any) -> Any:
    """Counts weighted by how rare a word is, rows of length one; as scikit-learn's TfidfTransformer does it."""
    from scipy.sparse import diags_array

    n = counts.shape[0]
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    weighted = (counts @ diags_array(np.log((1 + n) / (1 + frequency)) + 1)).tocsr()
    norms = np.sqrt(weighted.multiply(weighted).sum(axis=1))
    return (diags_array(1 / np.maximum(norms, 1e-300)) @ weighted).tocsr()


def purity(labels: Labels, topics: Labels) -> float:
    """The share of documents that are of the commonest topic of their cluster."""
    table: Doubles = np.zeros((int(labels.max()) + 1, int(topics.max()) + 1))
    np.add.at(table, (labels, topics), 1)
    return float(table.max(axis=1).sum() / len(labels))
