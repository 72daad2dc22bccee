"""Moments: all that a block of rows says about a mixture."""

from __future__ import annotations

from dataclasses import dataclass

from gmmseg.arrays import Doubles


@dataclass(frozen=True)
class Moments:
    """Additive sufficient statistics of rows under a mixture; r are responsibilities times row weights.

    Attributes
    ----------
    log_likelihood : float
        Weighted total, in nats.
    weight : float
        Sum of the row weights.
    counts : (k,) float64
        Σ r
    first : (k, d) float64
        Σ r (x − anchor)
    second : (k, d, d) or, for diagonal families, (k, d) float64
        Σ r (x − anchor)(x − anchor)ᵀ, or its diagonal
    anchors : (k, d) float64
        The components' means, rounded to the type of the rows; both sides of a sum must have the same.
    """

    log_likelihood: float
    weight: float
    counts: Doubles
    first: Doubles
    second: Doubles
    anchors: Doubles

    def __add__(self, other: Moments) -> Moments:
        return Moments(
            self.log_likelihood + other.log_likelihood,
            self.weight + other.weight,
            self.counts + other.counts,
            self.first + other.first,
            self.second + other.second,
            self.anchors,
        )
