"""The EM loop: from a starting mixture up to the next optimum of the likelihood, or of the posterior under a prior."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gmmseg.mixture.convergence import Tolerance, settled
from gmmseg.mixture.mending import ailing, mended
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.slope import Slope

Watch = Callable[[int, Mixture, float], object]


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted mixture and how it came about.

    Attributes
    ----------
    mixture : Mixture
    log_likelihood : float
        Weighted total over the rows, in nats, of exactly this mixture.
    iterations : int
        Steps of the final climb.
    converged : bool
        Whether the tolerance was met.
    reason : str
        Why it stopped.
    trace : tuple of float
        The log-likelihood at the start and after every step; under a prior, the log-posterior up to a constant.
    notes : tuple of str
        What a reader should know: components that were mended or dropped.
    """

    mixture: Mixture
    log_likelihood: float
    iterations: int
    converged: bool
    reason: str
    trace: tuple[float, ...]
    notes: tuple[str, ...] = ()


def climb(slope: Slope, start: Mixture, tolerance: Tolerance, max_iterations: int, watch: Watch | None = None) -> Fit:
    """Steps of EM from `start` until the tolerance is met, `watch` says stop, or the steps run out."""
    mixture = previous = start
    trace: list[float] = []
    notes: list[str] = []
    fresh = 0  # where in the trace the present climb began: at 0, or after the last mending
    mendings = 2 * start.k
    rounding = 1e-9 if slope.rows.values.dtype == np.float32 else 1e-15
    while True:
        log_likelihood, objective, successor, raised, counts = slope.step(mixture)
        trace.append(objective)
        iteration = len(trace) - 1
        noise = (abs(objective) + slope.rows.total) * rounding
        recent = trace[max(fresh, iteration - 2) :]
        reason = settled(tolerance, recent, slope.rows.total, noise, previous, mixture, slope.scale)
        converged = reason is not None
        ill = ailing(slope, successor, raised, counts)
        if watch is not None and watch(iteration, mixture, log_likelihood):
            reason = reason or "stopped by watch"
        elif iteration >= max_iterations:
            reason = reason or f"reached {max_iterations} iterations"
        elif ill.any():
            previous = successor
            mixture, note = mended(successor, ill, replace=mendings > 0)
            mendings -= int(np.count_nonzero(ill))
            notes.append(f"step {iteration + 1}: {note}")
            fresh = len(trace)
            continue
        if reason is not None:
            return Fit(mixture, log_likelihood, iteration, converged, reason, tuple(trace), tuple(notes))
        previous, mixture = mixture, successor
