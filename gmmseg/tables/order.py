"""An order of clusters that is the same from run to run."""

from __future__ import annotations

import numpy as np

from gmmseg.mixture import Mixture

_FEW = 8  # columns that are looked at


def ordered(mixture: Mixture) -> Mixture:
    """The mixture with its components from the least mean to the largest in one dimension, else the largest first.

    Components as large as each other, but for what rounding makes of it, go by their means.
    """
    if mixture.d == 1:
        order = np.argsort(mixture.means[:, 0], kind="stable")
    else:
        order = np.lexsort((*mixture.means.T[:_FEW][::-1], -np.round(mixture.weights, 6)))
    covariances = mixture.covariances if mixture.covariance == "tied" else mixture.covariances[order]
    return Mixture(mixture.weights[order], mixture.means[order], covariances, mixture.covariance)
