"""Where a mixture begins, in a way that a mirrored picture shares."""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles, Floats
from gmmseg.mixture import Mixture


def seeded(rows: Floats, weights: Doubles, k: int, least: float, seed: int) -> Mixture:
    """A mixture of round components of one width about rows that lie apart (k-means++, Arthur and Vassilvitskii 2007).

    Draws go by the order of the rows : (n, d) and by their distances alone, so rows with a sign turned, in the same
    order, give the mixture with that sign turned.

    least : the smallest variance of the components, of which there are fewer than k where there are fewer rows.
    """
    random = np.random.default_rng(seed)
    values = rows.astype(np.float64)
    apart = np.full(len(values), np.inf)
    places: list[int] = []
    reach = weights.astype(np.float64)
    for draw in random.random(k):
        total = np.cumsum(reach)
        if total[-1] <= 0:
            break
        places.append(min(int(np.searchsorted(total, draw * total[-1], side="right")), len(values) - 1))
        apart = np.minimum(apart, ((values - values[places[-1]]) ** 2).sum(axis=1))
        reach = weights * apart
    d = values.shape[1]
    variance = max(float((weights * apart).sum() / (weights.sum() * d)), least)
    count = len(places)
    return Mixture(np.full(count, 1 / count), values[places], np.stack([np.eye(d) * variance] * count), "full")
