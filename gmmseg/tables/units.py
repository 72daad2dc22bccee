"""Columns in units of their own standard deviations, and mixtures back in the units of the table.

Full, diagonal and tied covariances take any units: a column in metres or in feet makes the same clusters. Spherical
ones do not, as a component there is as wide in one column as in another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.mixture import Fit, Mixture


@dataclass(frozen=True, eq=False)
class Units:
    """What columns are measured from, and in.

    Attributes
    ----------
    origin : (d,) float64
    unit : (d,) float64
    """

    origin: Doubles
    unit: Doubles

    def standard(self, values: Any) -> Any:
        """The rows in these units, dense or sparse."""
        if isinstance(values, np.ndarray):
            return (values - self.origin) / self.unit
        scaled = values.copy()
        scaled.data = values.data / self.unit[values.indices]
        return scaled

    def restored(self, fit: Fit, total: float) -> Fit:
        """A fit of rows in these units, as one of the table's own rows; `total` is their number."""
        shift = -total * float(np.log(self.unit).sum())  # of dx / dz in every density
        trace = tuple(value + shift for value in fit.trace)
        return replace(fit, mixture=self._own(fit.mixture), log_likelihood=fit.log_likelihood + shift, trace=trace)

    def _own(self, mixture: Mixture) -> Mixture:
        means = mixture.means * self.unit + self.origin
        name, covariances = mixture.covariance, mixture.covariances
        if name in {"full", "tied"}:
            return Mixture(mixture.weights, means, covariances * np.multiply.outer(self.unit, self.unit), name)
        variances = mixture.factors**-2.0 * self.unit**2
        if name == "spherical" and (self.unit == self.unit[0]).all():
            return Mixture(mixture.weights, means, variances[:, 0], name)
        return Mixture(mixture.weights, means, variances, "diag")


def units_of(values: Any) -> Units:
    """Units in which each column has a standard deviation of 1; sparse ones keep their zeros."""
    if isinstance(values, np.ndarray):
        deviation = values.std(axis=0)
        return Units(values.mean(axis=0), np.where(deviation > 0, deviation, 1.0))
    n, d = values.shape
    square = np.bincount(values.indices, values.data**2, minlength=d) / n
    return Units(np.zeros(d), np.where(square > 0, np.sqrt(square), 1.0))
