"""The default start: many short climbs on a few rows, and the best of them rebuilt where that helps.

The likelihood of a mixture has two kinds of bad optima, and each has its remedy. In poor ones components share what
one could explain while another does the work of two: many starts of several kinds, and merging and splitting, leave
these behind. In spurious ones a component lies flat on a handful of rows and its density grows without bound: short
climbs are made under a faint prior, which costs a healthy component nothing, and a fit that still has such a
component loses to any that has none.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gmmseg.mixture.centres import random_centres, spread_centres
from gmmseg.mixture.climb import Fit, climb
from gmmseg.mixture.convergence import Tolerance
from gmmseg.mixture.kmeans import lloyd
from gmmseg.mixture.mending import sound
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.slope import Slope
from gmmseg.mixture.starts.growth import grown, rebuilt
from gmmseg.mixture.starts.plain import kmeans_start
from gmmseg.mixture.starts.seeding import broad, faint, from_centres

_SHORT = Tolerance(likelihood=1e-2)
_EFFORT = 600_000  # products a step may cost for each unit of effort
_PATIENCE = 300_000_000  # and for each round of rebuilding
_BEYOND = 10_000_000_000  # and for a contest at all: hundreds of dimensions and many components


def best_start(slope: Slope, k: int, random: np.random.Generator) -> Mixture:
    """The best mixture of k components that a bounded effort finds on the slope's rows."""
    work = slope.rows.n * k * (slope.rows.d + 1) * (slope.rows.d + 2)
    if work > _BEYOND:
        return kmeans_start(slope, k, random)
    effort = int(np.clip(min(_EFFORT // work, slope.rows.n // 4), 1, 40))
    gentle = slope if slope.prior is not None else slope.with_prior(faint(slope))
    fits = [climb(gentle, start, _SHORT, 10 * effort) for start in _candidates(slope, k, 2 * effort, random)]
    fits.append(grown(gentle, k, width=1 + effort // 5))
    fits.sort(key=lambda fit: (fit.mixture.k, fit.trace[-1]), reverse=True)
    # Few rows are climbed further: they cost little, and a spike shows itself only near the end.
    close = Tolerance(likelihood=3e-4 / effort)
    closer = [climb(slope, fit.mixture, close, 100 * effort) for fit in _different(fits, 1 + effort // 2, slope)]
    best = max(closer, key=lambda fit: merit(slope, fit, k))
    rounds = int(np.clip(_PATIENCE // work, 1, 2 + k // 4 + effort))
    return rebuilt(slope, best, close, 4 + effort // 2, rounds, lambda fit: merit(slope, fit, k)).mixture


def merit(slope: Slope, fit: Fit, k: int) -> tuple[bool, bool, float]:
    """What fits are compared by: first that all components are there and sound, then the objective."""
    return fit.mixture.k == k, sound(slope, fit.mixture), fit.trace[-1]


def _candidates(slope: Slope, k: int, count: int, random: np.random.Generator) -> Iterator[Mixture]:
    """Starts of three kinds in turn, each from tight and from wide components."""
    wide = slope.with_prior(broad(slope, k))
    for i in range(count):
        if i % 3 == 2:
            centres = random_centres(slope.rows, k, random)
        else:
            centres = spread_centres(slope.rows, k, slope.scale, random)
        if i % 3 == 1:
            centres, _ = lloyd(slope.rows, centres, slope.scale, 1e-2, 20, slope.crew)
        yield from_centres(wide, centres)


def _different(fits: list[Fit], most: int, slope: Slope) -> list[Fit]:
    """The first fits of an ordered list whose objectives differ, so that no optimum is climbed twice."""
    chosen: list[Fit] = []
    for fit in fits:
        if all(abs(fit.trace[-1] - other.trace[-1]) > 1e-3 * slope.rows.total for other in chosen):
            chosen.append(fit)
    return chosen[:most]
