"""Growing a mixture by splitting, and rebuilding it by a merge and a split at once.

After Ueda, Nakano, Ghahramani and Hinton (SMEM, 2000): local optima mostly have too many components in one place and
too few in another, which no step of EM can mend and one merge with one split can. Which merge and which split is not
guessed from overlaps here, but measured: a merge by the likelihood it costs at once, a split by what it gains in two
steps of EM. On colours of photos three moves chosen so find what ten chosen by overlap do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gmmseg.mixture.climb import Fit, climb
from gmmseg.mixture.convergence import Tolerance
from gmmseg.mixture.expectation import moments
from gmmseg.mixture.families.definite import log_determinants
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.restructuring import merged, split
from gmmseg.mixture.slope import Slope
from gmmseg.mixture.starts.seeding import faint, single

_GLANCE = Tolerance(likelihood=1e-2)
_LOOSE = Tolerance(likelihood=1e-3)
_CLOSE = Tolerance(likelihood=3e-4)
_STEPS = 1000
_GAIN = 1e-4  # likelihood a row that makes a rebuilding worth it


def grown_start(slope: Slope, k: int, _random: np.random.Generator) -> Mixture:
    """Grown from one component by the best of all splits, then rebuilt until four moves in a row fail."""
    gentle = slope if slope.prior is not None else slope.with_prior(faint(slope))
    fit = climb(slope, grown(gentle, k, width=k).mixture, _CLOSE, _STEPS)
    return rebuilt(slope, fit, _CLOSE, 4, k, lambda fit: (fit.mixture.k, fit.trace[-1])).mixture


def grown(slope: Slope, k: int, *, width: int) -> Fit:
    """From one component to k: of the `width` heaviest components, the one whose split gains most, again and again."""
    fit = _first(slope)
    while fit.mixture.k < k:
        larger = _larger(slope, fit, width, _LOOSE)
        if larger is None:
            break
        fit = larger
    return fit


def path(slope: Slope, most: int) -> Iterator[Fit]:
    """Mixtures of 1, 2, … components, at most `most`, each grown from the one before and carried near its optimum.

    One mixture passes through all sizes, so this costs about as much as one good start; each size is a little short of
    the best that could be found for it alone, all of them about equally, and their order is what matters.
    """
    fit: Fit | None = _first(slope)
    while fit is not None:
        yield fit
        fit = _larger(slope, fit, 3, _GLANCE) if fit.mixture.k < most else None
        if fit is not None:
            fit = climb(slope, fit.mixture, _LOOSE, 30)


def _first(slope: Slope) -> Fit:
    return climb(slope, single(slope), _LOOSE, 8)


def _larger(slope: Slope, fit: Fit, width: int, tolerance: Tolerance) -> Fit | None:
    """The best of the splits of the `width` heaviest components; None where every new component withered."""
    heaviest = np.argsort(-fit.mixture.weights, kind="stable")[:width]
    larger = [climb(slope, split(fit.mixture, int(c)), tolerance, 8) for c in heaviest]
    larger = [other for other in larger if other.mixture.k > fit.mixture.k]
    return max(larger, key=lambda other: other.trace[-1]) if larger else None


def rebuilt(slope: Slope, fit: Fit, close: Tolerance, tries: int, rounds: int, merit: Callable[[Fit], Any]) -> Fit:
    """The fit after at most `rounds` moves (merge two, split a third) that raised its merit, until `tries` failed."""
    failed = 0
    while failed < tries and rounds > 0:
        for candidate in _moves(slope, fit.mixture, tries - failed):
            other = climb(slope, candidate, _GLANCE, 30)
            # What is left to gain after a glance is about its tolerance; beyond hope is not climbed further.
            if other.trace[-1] + 2e-2 * slope.rows.total > fit.trace[-1]:
                other = climb(slope, other.mixture, close, _STEPS)
            if merit(other) > merit(fit) and other.trace[-1] > fit.trace[-1] + _GAIN * slope.rows.total:
                fit, failed, rounds = other, 0, rounds - 1
                break
            failed += 1
        else:
            break
    return fit


def _moves(slope: Slope, mixture: Mixture, most: int) -> Iterator[Mixture]:
    """The most promising candidates first: those of the largest gain less cost."""
    k = mixture.k
    if k < 3:
        return
    level = _likelihood(slope, mixture)
    costs = {pair: level - _likelihood(slope, merged(mixture, *pair)) for pair in _likely_pairs(mixture)}
    gains = [_likelihood(slope, _two_steps(slope, split(mixture, c))) - level for c in range(k)]
    ranked = sorted(
        ((gains[c] - cost, pair, c) for pair, cost in costs.items() for c in range(k) if c not in pair), reverse=True
    )
    for _, (a, b), c in ranked[:most]:
        yield split(merged(mixture, a, b), c - (c > b))


def _likely_pairs(mixture: Mixture) -> list[tuple[int, int]]:
    """The 2k pairs whose merger would cost the least if no component overlapped with another.

    Then a component of share w and covariance Σ has the expected log-density −w ln|Σ|/2 and a constant.
    """
    pairs = [(a, b) for a in range(mixture.k) for b in range(a + 1, mixture.k)]
    if len(pairs) <= 2 * mixture.k:
        return pairs

    def cost(pair: tuple[int, int]) -> float:
        one = merged(mixture, *pair)
        parts = float(mixture.weights @ log_determinants(mixture.factors))
        return parts - float(one.weights @ log_determinants(one.factors))

    return sorted(pairs, key=cost)[: 2 * mixture.k]


def _two_steps(slope: Slope, mixture: Mixture) -> Mixture:
    for _ in range(2):
        mixture = slope.step(mixture)[2]
    return mixture


def _likelihood(slope: Slope, mixture: Mixture) -> float:
    return moments(slope.rows, mixture, slope.crew).log_likelihood
