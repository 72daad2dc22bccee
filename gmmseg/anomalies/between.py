"""How pictures of one kind differ as wholes: a little more light, another shade.

A pixel of a further picture is x = z + e, with z from the mixture and one e ~ N(0, S) for the whole picture (random
effects, Laird and Ware 1982). So the density of a pixel of a picture not seen has the covariances Σ + S. Without S a
picture that is a shade lighter than the few that were seen would be odd all over. Few pictures tell little
of S: the next e has a Student distribution, whose variance is larger.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles
from gmmseg.mixture import Mixture

_MOST = 3.0  # times as much variance as the means have


def between(pictures: Sequence[NDArray[np.float32]], known: int) -> Doubles:
    """S of pictures' rows, (n, d) each : (d, d) float64; 0 of one picture, which tells nothing of others.

    The variance of a Student distribution with m − 1 degrees of freedom, (m − 1) / (m − 3) times the unbiased one, of
    m = `known` pictures in all; and (1 + 1/n) times, as the mean is itself that of n pictures.
    """
    n, d = len(pictures), pictures[0].shape[1]
    if n < 2:
        return np.zeros((d, d))
    means = np.array([rows.mean(axis=0, dtype=np.float64) for rows in pictures])
    away = means - means.mean(axis=0)
    wider = min(_MOST, (known - 1) / (known - 3)) if known > 3 else _MOST
    scatter: Doubles = wider * np.einsum("ni,nj->ij", away, away) / (n - 1) * (1 + 1 / n)
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
