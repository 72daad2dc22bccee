"""Where a mixture begins: the rows split in two, again and again, where they scatter most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Floats
from gmmseg.mixture import Mixture


def split(rows: Floats, weights: Doubles, k: int, least: float) -> Mixture:
    """A mixture of k clusters of rows : (n, d), weighted by weights : (n,).

    The cluster whose squared distances from its mean add up to most is split there, across its longest axis. There is
    no chance in it, a little noise changes it little, and rows with a sign turned give the mixture with that sign
    turned, so a mirrored picture has the mirrored mixture.

    least : the smallest variance of a component. There are fewer than k components where there are fewer rows.
    """
    values = rows.astype(np.float64)
    clusters = [_cluster(values, weights, np.arange(len(values)))]
    while len(clusters) < k:
        worst = max(range(len(clusters)), key=lambda i: clusters[i].scatter)
        cluster = clusters[worst]
        axis = np.linalg.eigh(cluster.covariance)[1][:, -1]
        side = np.einsum("nd,d->n", values[cluster.members] - cluster.mean, axis) > 0
        if cluster.scatter <= 0 or side.all() or not side.any():
            break
        clusters[worst] = _cluster(values, weights, cluster.members[side])
        clusters.append(_cluster(values, weights, cluster.members[~side]))
    shares = np.array([weights[cluster.members].sum() for cluster in clusters])
    floor = np.eye(values.shape[1]) * least
    return Mixture(
        shares / shares.sum(),
        np.stack([cluster.mean for cluster in clusters]),
        np.stack([cluster.covariance + floor for cluster in clusters]),
        "full",
    )


@dataclass(frozen=True, eq=False)
class _Cluster:
    """Some of the rows."""

    members: NDArray[np.int64]
    scatter: float
    mean: Doubles
    covariance: Doubles


def _cluster(values: Doubles, weights: Doubles, members: NDArray[np.int64]) -> _Cluster:
    own, share = values[members], weights[members] / weights[members].sum()
    mean = np.einsum("n,nd->d", share, own)
    centred = own - mean
    covariance = np.einsum("n,ni,nj->ij", share, centred, centred)
    return _Cluster(members, float(np.trace(covariance) * weights[members].sum()), mean, covariance)
