"""One fit of compressed rows from start to end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gmmseg.arguments import require_count
from gmmseg.arrays import Flags, Labels
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.mixture.climb import Fit, Watch
from gmmseg.mixture.convergence import Tolerance, settled
from gmmseg.mixture.distinct import require_distinct
from gmmseg.mixture.families import family_named
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.moments import Moments
from gmmseg.mixture.sampling import sampled
from gmmseg.mixture.sparse.clusters import best_clusters
from gmmseg.mixture.sparse.ground import Ground, surveyed
from gmmseg.mixture.sparse.likeness import DIRECTION, PLACE
from gmmseg.mixture.sparse.rows import SparseRows

if TYPE_CHECKING:
    from gmmseg.mixture.fitting import Settings

STARTS = {"auto": {DIRECTION: 3, PLACE: 1}, "kmeans": {PLACE: 1}}  # kinds of k-means, and tries of each
_SAMPLE = 4096  # rows on which starts compete, or so many for each component
_EACH = 100
_TRIAL = 3  # steps before their likelihoods are compared
_EMPTY = 1e-8  # share of the rows under which a component has none


def fitted(
    rows: SparseRows, k: int, settings: Settings, random: np.random.Generator, crew: Crew, watch: Watch | None = None
) -> Fit:
    """The best mixture of k components found."""
    from gmmseg.mixture.fitting import deviations

    k = require_count("k", k)
    family = family_named(settings.covariance)
    if not family.diagonal:
        raise InputError(
            f'expected a covariance of "diag" or "spherical" for sparse rows; got {settings.covariance!r}, '
            f"which would need {rows.d} × {rows.d} numbers; name one of these"
        )
    if settings.prior is not None:
        raise InputError("expected no prior for sparse rows; got one; bound their variances by resolution")
    resolution = None if settings.resolution is None else deviations(settings.resolution, rows.d)
    ground = surveyed(rows, family, settings.floor, resolution, crew)
    fit = climbed(ground, _start(ground, k, settings, random), settings.tolerance, settings.max_iterations, watch)
    if fit.mixture.k < k:
        fit = replace(fit, notes=(*fit.notes, f"the rows support {fit.mixture.k} of the {k} components asked for"))
    return fit


def climbed(
    ground: Ground, mixture: Mixture, tolerance: Tolerance, max_iterations: int, watch: Watch | None = None
) -> Fit:
    """Steps of EM from a mixture until the tolerance is met, `watch` says stop, or the steps run out."""
    trace: list[float] = []
    notes: list[str] = []
    fresh, total = 0, ground.rows.total
    previous = mixture
    while True:
        sums = ground.expected(mixture)
        trace.append(sums.log_likelihood)
        iteration = len(trace) - 1
        noise = (abs(trace[-1]) + total) * 1e-13
        recent = trace[max(fresh, iteration - 2) :]
        reason = settled(tolerance, recent, total, noise, previous, mixture, ground.scale)
        converged = reason is not None
        empty = sums.counts < _EMPTY * total
        if watch is not None and watch(iteration, mixture, trace[-1]):
            reason = reason or "stopped by watch"
        elif iteration >= max_iterations:
            reason = reason or f"reached {max_iterations} iterations"
        if reason is not None:
            return Fit(mixture, trace[-1], iteration, converged, reason, tuple(trace), tuple(notes))
        if empty.any():
            notes.append(f"step {iteration + 1}: dropped {np.count_nonzero(empty)} components that ran empty")
            fresh = len(trace)
            sums = _without(sums, empty)
        previous, mixture = mixture, ground.maximised(sums)


def _start(ground: Ground, k: int, settings: Settings, random: np.random.Generator) -> Mixture:
    rows, start = ground.rows, settings.start
    if isinstance(start, Mixture):
        if start.means.shape != (k, rows.d) or not start.family.diagonal:
            raise InputError(
                f"expected a start of {k} diagonal components in {rows.d} dimensions; "
                f"got {start.covariance}, {start.k} in {start.d}"
            )
        variances = np.array(start.factors**-2.0)
        if settings.covariance == "spherical":
            variances = variances.mean(axis=1)
        return Mixture(start.weights, start.means, variances, settings.covariance)
    if start not in STARTS:
        raise InputError(f"expected a start among {', '.join(STARTS)}, or a Mixture, for sparse rows; got {start!r}")
    require_distinct(rows, k)
    trial: Any = sampled(rows, max(_SAMPLE, _EACH * k), k, random)  # rows of the kind they are drawn from
    here = replace(ground, rows=trial)
    if k == 1:
        return _from_labels(here, np.zeros(trial.n, np.intp))
    patience = Tolerance(likelihood=1e-3)
    starts = [
        _from_labels(here, best_clusters(trial, k, likeness, tries, random, here.crew))
        for likeness, tries in STARTS[start].items()
    ]
    if len(starts) == 1:
        return starts[0]
    fits = [climbed(here, mixture, patience, _TRIAL) for mixture in starts]
    return max(fits, key=lambda fit: (fit.mixture.k, fit.log_likelihood)).mixture


def _from_labels(ground: Ground, labels: Labels) -> Mixture:
    """The mixture of clusters that are there."""
    from scipy.sparse import csr_array

    rows = ground.rows
    _, labels = np.unique(labels, return_inverse=True)
    k = int(labels.max()) + 1
    weights = np.broadcast_to(rows.weights, rows.n)
    belongs = csr_array((weights, (labels, np.arange(rows.n))), shape=(k, rows.n))
    counts = np.bincount(labels, weights, minlength=k).astype(np.float64)
    zero = np.zeros((k, rows.d))
    first, second = ((belongs @ part).toarray() for part in (rows.values, rows.values.multiply(rows.values)))
    return ground.maximised(Moments(0.0, rows.total, counts, first, second, zero))


def _without(sums: Moments, gone: Flags) -> Moments:
    keep = ~gone
    return Moments(
        sums.log_likelihood, sums.weight, sums.counts[keep], sums.first[keep], sums.second[keep], sums.anchors[keep]
    )
