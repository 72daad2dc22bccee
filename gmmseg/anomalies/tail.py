"""How often normal pixels score so high: a table of the body, and a generalised Pareto law beyond.

The excess of scores over a high level u has nearly the distribution function 1 − (1 + ξ y / σ)^(−1/ξ) (Pickands 1975),
so that rates of which the normal pixels hold no example can be told too.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmmseg.arguments import is_number
from gmmseg.arrays import Doubles
from gmmseg.errors import InputError

_START = 0.02  # the share of normal pixels that the law of the tail is fitted to
_LEAST = 20  # or so many of them
_LEVELS = 129  # of the table
_BOUND = 0.25  # of ξ, from 0: few scores can look as if their tail had hardly a mean, or ended, and none ends
_BULK_BOUND = 0.1  # likewise, where the highest scores are not to be looked at
_NARROW = 0.01  # nats; no tail is steeper
_OUTER = 0.2  # of a picture's own scores, the share at which its tail is taken to begin
_INNER = 0.05  # what is beyond may be the anomaly itself


@dataclass(frozen=True, eq=False)
class Tail:
    """The scores of normal pixels.

    Attributes
    ----------
    levels : (m,) float64
        Scores, rising, that the shares `shares` of normal pixels reach.
    shares : (m,) float64
        From 1 falling to that at which the tail begins.
    scale : float
        σ of the tail, in nats.
    shape : float
        ξ of the tail; 0 is an exponential.
    """

    levels: Doubles = field(repr=False)
    shares: Doubles = field(repr=False)
    scale: float
    shape: float

    @classmethod
    def of(cls, scores: ArrayLike) -> Tail:
        """The tail of scores of pixels known to be normal, and not fitted to : (n,).

        ξ and σ by probability-weighted moments (Hosking and Wallis 1987), which do well with few excesses.
        """
        ordered = _ordered(scores)
        begin = min(0.5, max(_START, _LEAST / ordered.size))
        levels, shares = _table(ordered, begin)
        excess = ordered[ordered > levels[-1]] - levels[-1]
        if excess.size < 2 or excess[-1] <= 0:
            return cls(levels, shares, _NARROW, 0.0)
        n = excess.size
        mean = float(excess.mean())
        moment = float(np.mean((1 - (np.arange(1, n + 1) - 0.35) / n) * excess))
        shape = 2 - mean / max(mean - 2 * moment, 1e-9 * mean)
        return cls._bounded(levels, shares, mean, shape)

    @classmethod
    def of_bulk(cls, scores: ArrayLike) -> Tail:
        """The tail of a picture's own scores : (n,), of which the highest may be no normal ones.

        Only quantiles inside are looked at: ξ by Pickands' estimator from the shares p, p/2 and p/4, p = 0.2.
        """
        ordered = _ordered(scores)
        levels, shares = _table(ordered, _OUTER)
        u, middle, last = (
            float(np.quantile(ordered, 1 - share)) for share in (_OUTER, (_OUTER * _INNER) ** 0.5, _INNER)
        )
        near, far = middle - u, last - middle
        if near <= 0 or far <= 0:
            return cls(levels, shares, max(near + far, _NARROW), 0.0)
        shape = float(np.clip(np.log2(far / near), 0, _BULK_BOUND))
        grown = (_OUTER / _INNER) ** shape
        scale = (last - u) * shape / (grown - 1) if abs(shape) > 1e-6 else (last - u) / np.log(_OUTER / _INNER)
        return cls(levels, shares, max(float(scale), _NARROW), shape)

    @classmethod
    def _bounded(cls, levels: Doubles, shares: Doubles, mean: float, shape: float) -> Tail:
        """The tail with this mean excess, σ / (1 − ξ)."""
        shape = float(np.clip(shape, 0, _BOUND))
        return cls(levels, shares, max(mean * (1 - shape), _NARROW), shape)

    def threshold(self, rate: float) -> float:
        """The score that this share of normal pixels exceeds."""
        if not is_number(rate) or not 0 < rate < 1:
            raise InputError(f"expected a rate of false alarms above 0 and under 1; got {rate!r}")
        begin = float(self.shares[-1])
        if rate >= begin:
            return float(np.interp(-rate, -self.shares, self.levels))
        ratio = begin / rate
        if abs(self.shape) < 1e-6:
            return float(self.levels[-1] + self.scale * np.log(ratio))
        return float(self.levels[-1] + self.scale / self.shape * (ratio**self.shape - 1))

    def rate(self, scores: ArrayLike) -> NDArray[np.float64]:
        """The share of normal pixels that score so high or higher, for each score."""
        given = np.asarray(scores, np.float64)
        body = np.interp(given, self.levels, self.shares)
        excess = np.maximum(given - self.levels[-1], 0) / self.scale
        if abs(self.shape) < 1e-6:
            beyond = np.exp(-excess)
        else:
            beyond = np.maximum(1 + self.shape * excess, 0) ** (-1 / self.shape)
        rates: NDArray[np.float64] = np.where(excess > 0, self.shares[-1] * beyond, body)
        return rates


def _ordered(scores: ArrayLike) -> Doubles:
    ordered = np.sort(np.asarray(scores, np.float64).ravel())
    if ordered.size == 0 or not np.isfinite(ordered).all():
        raise InputError("expected finite scores of at least one normal pixel; got none, or NaN")
    return ordered


def _table(ordered: Doubles, begin: float) -> tuple[Doubles, Doubles]:
    shares = np.geomspace(1, begin, _LEVELS)
    return np.quantile(ordered, 1 - shares), shares
