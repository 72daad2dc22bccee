"""Where a lesson begins: round, broad components about a few rows, the same for EM and k-means."""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles, Floats
from gmmseg.errors import InputError
from gmmseg.mixture import Fit, Mixture, fit
from gmmseg.mixture.centres import random_centres, spread_centres
from gmmseg.mixture.distinct import require_distinct
from gmmseg.mixture.rows import checked

STARTS = ("poor", "random", "kmeans++")
_BROAD = 0.6  # a component's standard deviation, in units of the rows'
_DRAWS = 12  # starts of which the poorest is taken
_WORK = 2e9  # products that trying them may take; in many dimensions fewer are tried
_FEWEST = 3
_TRIAL = 1000  # rows on which they are tried
_PATIENCE = 150  # steps of EM that a lecture has time for
_ALIKE = 5e-3  # log-likelihood a row by which two ends are the same


def start_of(rows: Floats, k: int, start: str | Mixture, resolution: Doubles | None, seed: int) -> Mixture:
    """The mixture that a lesson begins with.

    "random" stands on rows drawn by lot, "kmeans++" on rows far from each other. "poor" is the draw of lowest
    likelihood among those from which EM still finds the best end that any of them finds: the longest way up, and none
    that ends on a lower hill.

    Parameters
    ----------
    rows : (n, d)
    k : int
    start : {"poor", "random", "kmeans++"} or Mixture
    resolution : (d,) or None
        No component is narrower.
    seed : int
    """
    if isinstance(start, Mixture):
        if start.means.shape != (k, rows.shape[1]):
            raise InputError(
                f"expected a start of {k} components in {rows.shape[1]} dimensions; got {start.k} in {start.d}"
            )
        return start
    if start not in STARTS:
        raise InputError(f"expected a start among {', '.join(STARTS)}, or a Mixture; got {start!r}")
    ready = checked(rows)
    require_distinct(ready, k)
    variance = float(rows.var(axis=0, dtype=np.float64).mean())
    random = np.random.default_rng(seed)
    if start == "kmeans++":
        return _about(spread_centres(ready, k, np.full(ready.d, np.sqrt(variance)), random), variance)
    if start == "random":
        return _about(random_centres(ready, k, random), variance)
    trial = rows[random.permutation(len(rows))[:_TRIAL]]
    count = int(np.clip(_WORK / (len(trial) * k * ready.d**2 * _PATIENCE), _FEWEST, _DRAWS))
    draws = [_about(random_centres(ready, k, random), variance) for _ in range(count)]
    return draws[_poorest([_tried(trial, draw, resolution) for draw in draws])]


def _about(centres: Doubles, variance: float) -> Mixture:
    k, d = centres.shape
    return Mixture(np.full(k, 1 / k), centres, np.tile(_BROAD**2 * variance * np.eye(d), (k, 1, 1)))


def _tried(rows: Floats, draw: Mixture, resolution: Doubles | None) -> Fit:
    return fit(rows, draw.k, start=draw, resolution=resolution, tolerance=1e-4, max_iterations=_PATIENCE, threads=1)


def _poorest(fits: list[Fit]) -> int:
    """The fit that began lowest among those that ended best, and in time; mended ones do not count if others do."""
    ends = np.array([one.log_likelihood for one in fits])
    smooth = np.array([one.converged and not one.notes for one in fits])
    usable = np.flatnonzero(smooth) if smooth.any() else np.arange(len(fits))
    spread = abs(ends[usable].max())
    good = [int(c) for c in usable if ends[c] >= ends[usable].max() - _ALIKE * max(spread, 1.0)]
    return min(good, key=lambda c: fits[c].trace[0])
