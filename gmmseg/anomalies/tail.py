"""How often normal pixels score so high: a table of the body, and a generalised Pareto law beyond.

The excess of scores over a high level u has nearly the distribution function 1 − (1 + ξ y / σ)^(−1/ξ) (Pickands 1975),
so that rates of which the normal pixels hold no example can be told too.
"""

from __future__ import annotations

from collections.abc import Sequence
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
_LAST = 1e-6  # of the table of pieces: the share from which on a law stands for it
_NODES = 61  # of the integral over the levels of further pieces


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
    def of_pieces(cls, pieces: Sequence[NDArray[np.float32]]) -> Tail:
        """The tail of a piece not seen, from the scores of pieces known to be normal, and not fitted to : (m,) each.

        Pieces, such as pictures, differ in how high they score as a whole, by more than their many pixels would make
        them. So a pixel's score is its piece's level, the score that 0.02 of the piece exceeds, plus a rest whose tail
        all n pieces tell (`of`). The level of the next piece has a Student distribution with n − 1 degrees of freedom
        about the mean level, (1 + 1/n) times as wide in variance as the levels are; the share of its pixels above a
        score is expected over that (predictive inference, Aitchison and Dunsmore 1975). Thresholds are higher than the
        scores that were seen suggest: with them the rates are met on average over pieces and models.
        """
        from scipy.special import stdtr

        if len(pieces) < 2:
            return cls.of(np.concatenate(pieces) if pieces else [])
        n = len(pieces)
        parts = [_ordered(piece) for piece in pieces]
        tops = np.array([np.quantile(part, 1 - _START) for part in parts])
        rest = cls.of(np.concatenate([part - top for part, top in zip(parts, tops, strict=True)]))
        far = np.geomspace(6, max(12.0, _LAST ** (-1.5 / (n - 1))), _NODES)[1:]
        nodes = np.concatenate([-far[::-1], np.linspace(-6, 6, _NODES), far])
        cuts = np.concatenate([[-np.inf], (nodes[1:] + nodes[:-1]) / 2, [np.inf]])
        shares = np.diff(stdtr(n - 1, cuts))
        upper = nodes > 0  # the upper half by symmetry: differences of numbers close to 1 would be rounded
        shares[upper] = shares[: upper.sum()][::-1]
        tops = tops.mean() + tops.std(ddof=1) * np.sqrt(1 + 1 / n) * nodes

        wanted = np.concatenate([np.geomspace(1, _LAST, _LEVELS), _LAST * np.array([0.1, 0.01])])
        least = min(float(part[0]) for part in parts)
        low = np.full(wanted.size, least)
        high = np.full(wanted.size, tops[-1] + max(rest.threshold(1e-3 * _LAST), rest.levels[-1]) + _NARROW)
        for _ in range(36):
            middle = (low + high) / 2
            above = (rest.rate(middle[:, None] - tops) * shares).sum(axis=1) > wanted
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        levels = np.maximum.accumulate(high)
        near, beyond = max(levels[-2] - levels[-3], _NARROW), max(levels[-1] - levels[-2], _NARROW)
        shape = float(np.clip(np.log10(beyond / near), 0, 1))
        scale = near * shape / (10**shape - 1) if shape > 1e-6 else near / np.log(10)
        return cls(levels[:-2], wanted[:-2], float(scale), shape)

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
