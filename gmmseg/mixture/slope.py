"""What EM climbs: rows under a family, with what bounds it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.crew import Crew
from gmmseg.mixture.expectation import moments
from gmmseg.mixture.families import Family
from gmmseg.mixture.maximisation import log_prior, maximise
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.prior import Pseudo
from gmmseg.mixture.rows import TAME, Rows, scale_of


@dataclass(frozen=True, eq=False)
class Slope:
    """What is climbed: the rows, the family, what bounds it, and by whom.

    Attributes
    ----------
    rows : Rows
    family : Family
    mean : (d,), covariance : (d, d) float64
        Of the data as a whole; only the diagonal of the covariance where the family is diagonal.
    scale : (d,) float64
        The unit of each column, its standard deviation.
    least : (d,) float64
        The least standard deviation of a component, in the rows' units; along other directions the ellipsoid with
        these axes is the least.
    flattest : float
        The smallest variance of the data in any direction, in units of `scale` squared: no component is blamed for
        being as flat as the data.
    prior : Pseudo, optional
    crew : Crew
    narrow : bool
        Whether components may rest on few rows however narrow they are: the rows are so few distinct points that
        components may stand on single points, or `least` is a known resolution and not just a bound.
    """

    rows: Rows
    family: Family
    mean: Doubles
    covariance: Doubles
    scale: Doubles
    least: Doubles
    flattest: float
    prior: Pseudo | None
    crew: Crew
    narrow: bool = False

    def with_prior(self, prior: Pseudo | None) -> Slope:
        """The same slope under another prior."""
        return replace(self, prior=prior)

    def step(self, mixture: Mixture) -> tuple[float, float, Mixture, bool, Doubles]:
        """Log-likelihood and objective of a mixture, its successor, whether the floor held it, and the counts."""
        sums = moments(self.rows, mixture, self.crew)
        objective = sums.log_likelihood + log_prior(mixture, self.prior)
        successor, raised = maximise(sums, self.family, self.least, self.prior)
        return sums.log_likelihood, objective, successor, raised, sums.counts


def surveyed(rows: Rows, family: Family, floor: float, crew: Crew) -> Slope:
    """The slope of these rows, in float64 if need be: one look at all of them gives their mean and covariance.

    floor : the least variance of a component, as a share of the data's own.
    """
    probe = rows.values[:: max(1, rows.n // 1024)].astype(np.float64)
    centre, spread = probe.mean(axis=0), scale_of(probe.var(axis=0))
    if spread.min() < TAME[0] or spread.max() > TAME[1]:
        rows = rows.widened()
    if family.diagonal:
        sums = moments(rows, Mixture(np.ones(1), centre[None], spread[None] ** 2, "diag"), crew)
        shift = sums.first[0] / rows.total
        covariance = None
        variances = np.maximum(sums.second[0] / rows.total - shift**2, 0)
    else:
        sums = moments(rows, Mixture(np.ones(1), centre[None], np.diag(spread**2), "tied"), crew)
        shift = sums.first[0] / rows.total
        covariance = sums.second[0] / rows.total - np.multiply.outer(shift, shift)
        variances = np.diagonal(covariance)
    mean = sums.anchors[0] + shift
    # What rounding leaves of a constant column is not a variance.
    rounding = np.finfo(rows.values.dtype).eps
    moving = variances > (4 * rounding * np.abs(mean)) ** 2
    variances = variances * moving
    scale = scale_of(variances)
    if covariance is None:  # of thousands of columns, which have no room for many matrices
        flattest = float((variances / scale**2).min())
        return Slope(rows, family, mean, np.diag(variances), scale, sqrt(floor) * scale, flattest, None, crew)
    covariance = covariance * np.multiply.outer(moving, moving)
    unit = np.multiply.outer(scale, scale)
    values, vectors = np.linalg.eigh(covariance / unit)
    flattest = float(values[0])
    if flattest < 0:  # by rounding, as of rows on a line or a plane
        covariance = (vectors * np.maximum(values, 0)) @ vectors.T * unit
    return Slope(rows, family, mean, covariance, scale, sqrt(floor) * scale, flattest, None, crew)
