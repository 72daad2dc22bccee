"""The colours of the subject and of the ground: a mixture of each, and which of both speaks for a colour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Floats
from gmmseg.features import Features
from gmmseg.mixture import Mixture, fit

_TOLERANCE = 3e-3  # nats a pixel that a fit leaves to be gained: the next round has other weights anyway
_LEAST = 1e-3  # all colours of smaller weight, taken together, would weigh less than this part of the heaviest
_NOTHING = 1e-9  # pixels


@dataclass(frozen=True, eq=False)
class Palette:
    """The distinct colours of a picture, as rows for the engine.

    Attributes
    ----------
    rows : (m, 3) float32
        In L*a*b*.
    index : (n,) int32
        The row of each valid pixel.
    resolution : (3,) float64
    """

    rows: Floats
    index: NDArray[np.int32]
    resolution: Doubles

    @classmethod
    def of(cls, features: Features) -> Palette:
        """Of features with a row a distinct colour, or a row a pixel."""
        return cls(features.rows[:], features.index[features.index >= 0], features.resolution)

    def mixture(self, weights: Doubles, k: int, seed: int) -> Mixture:
        """A mixture of the colours of pixels with these weights : (n,)."""
        totals = np.bincount(self.index, weights, len(self.rows))
        if totals.max() < _NOTHING:  # nothing is on this side: it may have any colour that there is
            totals = np.bincount(self.index, minlength=len(self.rows)).astype(np.float64)
        totals /= totals.max()
        kept = totals > _LEAST / len(totals)
        k = min(k, int(kept.sum()))
        return fit(
            self.rows[kept],
            k,
            weights=totals[kept],
            start="kmeans",
            resolution=self.resolution,
            tolerance=_TOLERANCE,
            seed=seed,
        ).mixture

    def ratio(self, subject: Mixture, ground: Mixture, most: float) -> Doubles:
        """Log-likelihood ratio of each pixel's colour : (n,), from −most to most."""
        ratio = subject.log_density(self.rows) - ground.log_density(self.rows)
        return np.asarray(np.clip(ratio, -most, most)[self.index], np.float64)
