"""Where a mixture begins: the rows split in two, again and again, where they scatter most."""

from __future__ import annotations

import numpy as np

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
        worst = max(range(len(clusters)), key=lambda i: clusters[i][1])
        members, scatter, mean, covariance = clusters[worst]
        if scatter <= 0:
            break
        axis = np.linalg.eigh(covariance)[1][:, -1]
        side = np.einsum("nd,d->n", values[members] - mean, axis) > 0
        if side.all() or not side.any():
            break
        clusters[worst] = _cluster(values, weights, members[side])
        clusters.append(_cluster(values, weights, members[~side]))
    shares = np.array([weights[members].sum() for members, *_ in clusters])
    floor = np.eye(values.shape[1]) * least
    return Mixture(
        shares / shares.sum(),
        np.stack([mean for _, _, mean, _ in clusters]),
        np.stack([covariance + floor for *_, covariance in clusters]),
        "full",
    )


def _cluster(values: Doubles, weights: Doubles, members: np.ndarray) -> tuple[np.ndarray, float, Doubles, Doubles]:
    own, share = values[members], weights[members] / weights[members].sum()
    mean = np.einsum("n,nd->d", share, own)
    centred = own - mean
    covariance = np.einsum("n,ni,nj->ij", share, centred, centred, optimize=False)
    return members, float(np.trace(covariance) * weights[members].sum()), mean, covariance
