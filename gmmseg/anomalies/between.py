"""How pictures of one kind differ as wholes: a little more light, another shade.

A pixel of a further picture is x = z + e, with z from the mixture and one e ~ N(0, S) for the whole picture (random
effects, Laird and Ware 1982). So the density of a pixel of a picture not seen has the covariances Σ + S. Without S a
picture that is a shade lighter than the few that were seen would be odd all over.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles
from gmmseg.mixture import Mixture


def between(pictures: Sequence[NDArray[np.float32]]) -> Doubles:
    """S of pictures' rows, (n, d) each : (d, d) float64; 0 of one picture, which tells nothing of others.

    The scatter of means about a mean that is itself that of n pictures: (1 + 1/n) of the unbiased covariance.
    """
    n, d = len(pictures), pictures[0].shape[1]
    if n < 2:
        return np.zeros((d, d))
    means = np.array([rows.mean(axis=0, dtype=np.float64) for rows in pictures])
    away = means - means.mean(axis=0)
    scatter: Doubles = np.einsum("ni,nj->ij", away, away) / (n - 1) * (1 + 1 / n)
    return scatter


def broadened(mixture: Mixture, scatter: Doubles) -> Mixture:
    """The mixture with S added to its covariances, as far as their family holds it."""
    if mixture.covariance == "diag":
        more: Doubles = np.diagonal(scatter)
    elif mixture.covariance == "spherical":
        more = np.diagonal(scatter).mean()
    else:
        more = scatter
    return Mixture(mixture.weights, mixture.means, mixture.covariances + more, mixture.covariance)
