"""Clusters as records: one a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gmmseg.arrays import Doubles, Labels

if TYPE_CHECKING:
    from gmmseg.tables.clustering import TableClustering

TOP = 15  # columns that a cluster of a sparse table is told by
_MANY = 50  # columns beyond which it is


def parameters(clustering: TableClustering) -> list[dict[str, Any]]:
    """Numbers, texts and mappings alone, ready for JSON; certainty is None where a cluster has no row."""
    return [
        {**_usual(clustering, c), **({"top": tops(clustering, c)} if by_top(clustering) else _moments(clustering, c))}
        for c in range(clustering.k)
    ]


def by_top(clustering: TableClustering) -> bool:
    """Whether clusters are told by the columns that they stand out by."""
    return not isinstance(clustering.records.values, np.ndarray) and len(clustering.columns) > _MANY


def deviations(clustering: TableClustering, c: int) -> Doubles:
    """The standard deviation of each column in a cluster : (d,)."""
    mixture = clustering.mixture
    if mixture.family.diagonal:
        spread: Doubles = 1 / mixture.factors[c]
        return spread
    return np.sqrt(np.diagonal(matrix(clustering, c)))


def matrix(clustering: TableClustering, c: int) -> Doubles:
    """The covariance of a cluster : (d, d)."""
    mixture = clustering.mixture
    found: Doubles = mixture.family.matrices(mixture.covariances, mixture.k, mixture.d)[c]
    return found


def lifts(clustering: TableClustering) -> Doubles:
    """By how much each column's mean in each cluster exceeds the mean of all : (k, d)."""
    mixture = clustering.mixture
    above: Doubles = mixture.means - mixture.weights @ mixture.means
    return above


def top_places(clustering: TableClustering, c: int, count: int = TOP) -> Labels:
    """The columns that a cluster stands out by, the most outstanding first."""
    above = lifts(clustering)[c]
    best = np.argsort(-above, kind="stable")[:count]
    outstanding: Labels = best[above[best] > 0]
    return outstanding


def tops(clustering: TableClustering, c: int) -> list[dict[str, Any]]:
    """These columns by name, with their means in the cluster and in the whole table."""
    mixture = clustering.mixture
    overall = mixture.weights @ mixture.means
    return [
        {
            "column": clustering.columns[j],
            "mean": _short(mixture.means[c, j]),
            "usual": _short(overall[j]),
        }
        for j in top_places(clustering, c)
    ]


def _usual(clustering: TableClustering, c: int) -> dict[str, Any]:
    own = clustering.labels == c
    return {
        "cluster": c,
        "weight": _short(clustering.mixture.weights[c]),
        "rows": int(np.count_nonzero(own)),
        "certainty": _short(clustering.memberships[own, c].mean(dtype=np.float64)) if own.any() else None,
    }


def _moments(clustering: TableClustering, c: int) -> dict[str, Any]:
    columns, mean, spread = clustering.columns, clustering.mixture.means[c], deviations(clustering, c)
    return {
        "mean": {name: _short(value) for name, value in zip(columns, mean, strict=True)},
        "sd": {name: _short(value) for name, value in zip(columns, spread, strict=True)},
    }


def _short(value: Any) -> float:
    """A number with as many digits as mean something."""
    return float(f"{value:.7g}")
