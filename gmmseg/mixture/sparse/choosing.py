"""Choosing the number of components of compressed rows: by rows that were held out.

BIC charges ln(n) / 2 for each of 2 d numbers a component has, thousands of which no row ever speaks of, and so takes
one component for everything. What counts is whether a mixture foresees rows it has not seen: half of the rows are
learnt from, and the likelihood of the other half is the score. On made documents of 20 topics it is largest at 20
components where topics differ clearly, and at 22 where they overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gmmseg.arguments import generator
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.mixture.climb import Watch
from gmmseg.mixture.distinct import distinct_up_to
from gmmseg.mixture.fitting import Settings, fitted
from gmmseg.mixture.sampling import sampled
from gmmseg.mixture.selection import Candidate, Selection
from gmmseg.mixture.sparse.expectation import moments
from gmmseg.mixture.sparse.rows import SparseRows

HELD_OUT = "held-out"
_MOST = 64
_ROWS = 8192  # rows that are looked at
_LADDER = (1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64)
_PATIENCE = 2  # rungs without a better score before the rest is given up
_BETWEEN = 6  # numbers tried between the best rung and its neighbours


def held_out(
    rows: SparseRows,
    settings: Settings,
    seed: int | np.random.Generator,
    crew: Crew,
    sizes: Sequence[int] | None = None,
    watch: Watch | None = None,
) -> Selection:
    """Mixtures of half of the rows, scored by −2 log-likelihood of the others.

    sizes : numbers of components to try; without them a few, and then those near the best.
    """
    random = generator(seed)
    seen: Any = sampled(rows, _ROWS, 2, random)
    order = random.permutation(seen.n)
    learnt, kept = (seen.taken(np.sort(half)) for half in (order[: -(-seen.n // 2)], order[-(-seen.n // 2) :]))
    tried: dict[int, Candidate] = {}
    if kept.n == 0:
        kept = learnt

    def score(k: int) -> float:
        if k not in tried:
            fit = fitted(learnt, k, settings, generator(seed), crew, watch)
            tried[k] = Candidate(k, settings.covariance, fit, -2 * moments(kept, fit.mixture, crew).log_likelihood)
        return tried[k].score

    most = distinct_up_to(learnt, max(sizes or [_MOST]))
    if sizes is not None:
        if min(sizes) > most:
            raise InputError(f"expected at least one k up to {most}, the number of different rows to learn from")
        for k in sizes:
            if k <= most:
                score(k)
        return Selection(tuple(tried.values()), HELD_OUT)
    least, waited = np.inf, 0
    for k in (k for k in _LADDER if k <= most):
        waited = 0 if score(k) < least else waited + 1
        least = min(least, tried[k].score)
        if waited == _PATIENCE:
            break
    for k in _near(min(tried, key=lambda k: tried[k].score), most):
        score(k)
    return Selection(tuple(tried[k] for k in sorted(tried)), HELD_OUT)


def _near(best: int, most: int) -> Iterator[int]:
    """Numbers between the rungs on both sides of the best, evenly, and not too many."""
    below = max((k for k in _LADDER if k < best), default=best)
    above = min((k for k in (*_LADDER, most) if k > best), default=best)
    between = [k for k in range(below + 1, min(above, most + 1)) if k != best]
    places = np.linspace(0, len(between) - 1, min(_BETWEEN, len(between))).round().astype(int)
    yield from (between[place] for place in places)
