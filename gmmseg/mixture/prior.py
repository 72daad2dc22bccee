"""A conjugate prior on a mixture, for estimates that cannot collapse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arrays import Doubles
from gmmseg.errors import InputError


@dataclass(frozen=True, eq=False)
class Prior:
    """Dirichlet on the weights, normal–inverse-Wishart on each component's mean and covariance.

    What is left out is taken from the data, after Fraley and Raftery (2007): it then weighs about as much as a few
    rows, whatever their number, unit and place.

    Parameters
    ----------
    concentration : float
        α ≥ 1 of the Dirichlet distribution; 1 says nothing about the weights.
    mean : (d,), optional
        Where means are expected; the data's mean.
    strength : float
        How many rows that expectation is worth, κ ≥ 0.
    scatter : (d, d), optional
        Ψ of the inverse-Wishart distribution; the data's covariance times k^(−2/d).
    degrees : float, optional
        ν of the inverse-Wishart distribution, above d − 1; d + 2.
    """

    concentration: float = 1.0
    mean: ArrayLike | None = None
    strength: float = 0.01
    scatter: ArrayLike | None = None
    degrees: float | None = None

    def resolved(self, k: int, mean: Doubles, covariance: Doubles) -> Pseudo:
        """The prior in numbers, given the data's mean (d,) and covariance (d, d)."""
        d = len(mean)
        try:
            centre = mean if self.mean is None else np.asarray(self.mean, np.float64)
            scatter = covariance * k ** (-2 / d) if self.scatter is None else np.asarray(self.scatter, np.float64)
            alpha, kappa = float(self.concentration), float(self.strength)
            nu = d + 2.0 if self.degrees is None else float(self.degrees)
        except (TypeError, ValueError):
            raise InputError("expected numbers in the prior; got something else") from None
        if centre.shape != (d,) or not np.isfinite(centre).all():
            raise InputError(f"expected a finite prior mean of shape ({d},); got {centre}")
        if scatter.shape != (d, d) or not np.isfinite(scatter).all() or not _semidefinite(scatter):
            raise InputError(f"expected a prior scatter of shape ({d}, {d}), positive semi-definite; got {scatter}")
        if not (1 <= alpha < np.inf and 0 <= kappa < np.inf and d - 1 < nu < np.inf):
            raise InputError(
                f"expected a prior concentration of at least 1, a strength of at least 0 and degrees above {d - 1}; "
                f"got {alpha:g}, {kappa:g} and {nu:g}"
            )
        return Pseudo(alpha, centre, kappa, scatter, nu)


def _semidefinite(matrix: Doubles) -> bool:
    values = np.linalg.eigvalsh(matrix)
    return bool(values[0] >= -1e-9 * max(values[-1], 0))


@dataclass(frozen=True, eq=False)
class Pseudo:
    """A prior in numbers; the fields are Prior's, all there."""

    concentration: float
    mean: Doubles
    strength: float
    scatter: Doubles
    degrees: float
