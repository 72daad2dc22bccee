"""One fit from start to end, on rows that are ready."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arguments import is_number, require_count
from gmmseg.arrays import Doubles
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.mixture.climb import Fit, Watch, climb
from gmmseg.mixture.convergence import Tolerance
from gmmseg.mixture.distinct import distinct_up_to, require_distinct
from gmmseg.mixture.families import family_named
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.prior import Prior
from gmmseg.mixture.restructuring import assembled
from gmmseg.mixture.rows import Rows
from gmmseg.mixture.sampling import sampled
from gmmseg.mixture.slope import Slope, surveyed
from gmmseg.mixture.sparse.fitting import fitted as fitted_sparse
from gmmseg.mixture.sparse.rows import SparseRows
from gmmseg.mixture.starts import start_named

_SAMPLE = 4096  # rows on which starts compete, or so many for each dimension of each component
_EACH = 8
PATH = "path"  # the start of a selection that grows one mixture through all sizes; no start of a single fit


@dataclass(frozen=True, eq=False)
class Settings:
    """How to fit; the fields are those of `fit`."""

    covariance: str
    start: str | Mixture
    prior: Prior | None
    floor: float
    tolerance: Tolerance
    max_iterations: int
    resolution: ArrayLike | None = None

    def __post_init__(self) -> None:
        family_named(self.covariance)
        if not isinstance(self.start, Mixture) and self.start != PATH:
            start_named(self.start)
        if self.prior is not None and not isinstance(self.prior, Prior):
            raise InputError(f"expected a Prior or None; got {self.prior!r}")
        if not is_number(self.floor) or not 1e-12 <= self.floor < 1:
            raise InputError(f"expected a floor from 1e-12 up to 1, in the data's variances; got {self.floor!r}")
        require_count("max_iterations", self.max_iterations)


def fitted(
    rows: Rows, k: int, settings: Settings, random: np.random.Generator, crew: Crew, watch: Watch | None = None
) -> Fit:
    """The best mixture of k components found."""
    if isinstance(rows, SparseRows):
        return fitted_sparse(rows, k, settings, random, crew, watch)
    k = require_count("k", k)
    slope = slope_of(rows, k, settings, crew)
    fit = climb(slope, _start(slope, k, settings, random), settings.tolerance, settings.max_iterations, watch)
    if fit.mixture.k < k:
        note = (
            f"the rows support {fit.mixture.k} of the {k} components asked for; "
            "a prior, or diagonal or tied covariances, would make do with fewer rows"
        )
        fit = replace(fit, notes=(*fit.notes, note))
    return fit


def slope_of(rows: Rows, k: int, settings: Settings, crew: Crew) -> Slope:
    """What a mixture of k components climbs under these settings."""
    slope = surveyed(rows, family_named(settings.covariance), settings.floor, crew)
    if settings.prior is not None:
        slope = slope.with_prior(settings.prior.resolved(k, slope.mean, slope.covariance))
    # So few different points, again and again, that a component on each is what the data are.
    points = k * (rows.d + 1)
    different = distinct_up_to(rows, points + 1)
    few = different <= points and 2 * different <= rows.total
    if settings.resolution is not None:
        least = np.maximum(slope.least, deviations(settings.resolution, rows.d))
        slope = replace(slope, least=least)
    return replace(slope, narrow=few or settings.resolution is not None)


def deviations(given: ArrayLike, d: int) -> Doubles:
    """Standard deviations, one a column : (d,), from one or from d numbers."""
    numbers = np.asarray(given)
    usable = numbers.dtype.kind in "iuf" and numbers.shape in {(), (d,)}
    if not usable or not np.all(np.isfinite(numbers)) or not np.all(numbers >= 0):
        raise InputError(
            f"expected a resolution of at least 0, one number or one for each of {d} columns; got {given!r}"
        )
    return np.broadcast_to(numbers.astype(np.float64), d)


def _start(slope: Slope, k: int, settings: Settings, random: np.random.Generator) -> Mixture:
    rows, start = slope.rows, settings.start
    if isinstance(start, Mixture):
        if start.means.shape != (k, rows.d):
            raise InputError(f"expected a start of {k} components in {rows.d} dimensions; got {start.k} in {start.d}")
        if start.covariance == settings.covariance:
            return start
        return assembled(
            start.weights, start.means, start.family.matrices(start.covariances, k, rows.d), settings.covariance
        )
    if settings.start == PATH:
        raise InputError('expected a start of a single fit; "path" grows through many sizes, see `select`')
    require_distinct(rows, k)
    trial = sampled(rows, max(_SAMPLE, _EACH * k * (rows.d + 1)), k, random)
    return start_named(start)(replace(slope, rows=trial), k, random)
