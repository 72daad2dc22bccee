"""An order of clusters that is the same from run to run."""

from __future__ import annotations

import numpy as np

from gmmseg.mixture import Mixture


def ordered(mixture: Mixture) -> Mixture:
    """The mixture with its components from the least mean to the largest in one dimension, else the largest first."""
    if mixture.d == 1:
        order = np.argsort(mixture.means[:, 0], kind="stable")
    else:
        order = np.argsort(-mixture.weights, kind="stable")
    covariances = mixture.covariances if mixture.covariance == "tied" else mixture.covariances[order]
    return Mixture(mixture.weights[order], mixture.means[order], covariances, mixture.covariance)
