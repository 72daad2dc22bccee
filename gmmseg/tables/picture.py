"""The picture that suits a table: by how many columns it has, and of what kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gmmseg.tables.missing import completed
from gmmseg.tables.parameters import lifts, top_places

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gmmseg.tables.clustering import TableClustering

_BARS = 12
_POINTS = 20_000  # rows that are drawn


def picture(clustering: TableClustering) -> Figure:
    """A histogram, a scatter, a scatter of every pair, courses along the columns, or what clusters stand out by."""
    from gmmseg.figures.plots.histogram import histogram
    from gmmseg.figures.plots.pairs import MOST, pairs
    from gmmseg.figures.plots.profiles import profiles
    from gmmseg.figures.plots.scatter import scatter
    from gmmseg.figures.plots.topics import topics

    mixture, columns = clustering.mixture, clustering.columns
    if not isinstance(clustering.records.values, np.ndarray):
        places = [top_places(clustering, c, _BARS) for c in range(clustering.k)]
        above = lifts(clustering)
        return topics(
            [[columns[j] for j in own] for own in places],
            [above[c, own] for c, own in enumerate(places)],
            mixture.weights,
            [int(np.count_nonzero(clustering.labels == c)) for c in range(clustering.k)],
        )
    values, used = completed(clustering.records, clustering.missing, clustering.usual)
    shares, labels = clustering.memberships[used], clustering.labels[used]
    if mixture.d == 1:
        return histogram(values[:, 0], shares, mixture, columns[0])
    if mixture.d > MOST:
        return profiles(values, labels, mixture.means, mixture.weights, columns)
    step = -(-len(values) // _POINTS)
    values, shares = values[::step], shares[::step]
    if mixture.d == 2:
        return scatter(values, shares, mixture, columns)
    return pairs(values, shares, mixture, columns)
