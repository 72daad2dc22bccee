"""A few rows that stand for many."""

from __future__ import annotations

import numpy as np

from gmmseg.mixture.distinct import condensed, distinct_up_to
from gmmseg.mixture.rows import Rows


def sampled(rows: Rows, size: int, k: int, random: np.random.Generator) -> Rows:
    """At most `size` rows, drawn in proportion to their weights; all of them, weights and all, if there are no more.

    Drawn rows count one each. Unweighted rows are drawn one from each of `size` equal stretches, which costs nothing
    for millions of rows and spreads the sample over a picture. Where the draw shows fewer than k different rows, the
    different rows with their weights are taken instead: there cannot be many.
    """
    if rows.n <= size:
        return rows
    if rows.weighted:
        edges = np.cumsum(rows.weights, dtype=np.float64)
        places = (np.arange(size) + random.random(size)) * (edges[-1] / size)
        index = np.minimum(np.searchsorted(edges, places, side="right"), rows.n - 1)
    else:
        index = ((np.arange(size) + random.random(size)) * (rows.n / size)).astype(np.intp)
    drawn = rows.taken(index).unweighted()
    return drawn if distinct_up_to(drawn, k) == k else condensed(rows)
