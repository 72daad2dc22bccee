"""Clusters in a line each, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gmmseg.tables.parameters import by_top, deviations, lifts, top_places

if TYPE_CHECKING:
    from gmmseg.tables.clustering import TableClustering

_FEW = 4  # columns whose means are told
_WORDS = 8  # columns of a sparse table
_LENGTH = 24  # signs of a column's name


def summary(clustering: TableClustering) -> list[str]:
    """One line a cluster: share, rows, and what is special about it."""
    counts = [int(np.count_nonzero(clustering.labels == c)) for c in range(clustering.k)]
    wide = len(str(max(counts)))
    return [
        f"{c:>{len(str(clustering.k - 1))}}  {100 * weight:5.1f}%  {count:>{wide}} {'row ' if count == 1 else 'rows'}  "
        f"{_special(clustering, c)}".rstrip()
        for c, (weight, count) in enumerate(zip(clustering.mixture.weights, counts, strict=True))
    ]


def _special(clustering: TableClustering, c: int) -> str:
    columns = [name if len(name) <= _LENGTH else name[: _LENGTH - 1] + "…" for name in clustering.columns]
    if by_top(clustering):
        return " ".join(columns[j] for j in top_places(clustering, c, _WORDS))
    mean, spread = clustering.mixture.means[c], deviations(clustering, c)
    if len(columns) <= _FEW:
        return ", ".join(f"{name} {m:.4g} ± {s:.2g}" for name, m, s in zip(columns, mean, spread, strict=True))
    # What differs most, in units of how much rows differ at all.
    above = lifts(clustering)
    within = np.array([deviations(clustering, b) ** 2 for b in range(clustering.k)])
    unit = np.sqrt(clustering.mixture.weights @ (within + above**2))
    apart = above[c] / np.where(unit > 0, unit, 1)
    most = np.argsort(-np.abs(apart), kind="stable")[:_FEW]
    return ", ".join(f"{columns[j]}: {mean[j]:.4g} ({apart[j]:+.1f} sd)" for j in most)
