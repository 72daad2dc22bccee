"""The colours of the subject and of the ground: mixtures of both, and which of them speak for a colour.

What the subject's colours are is only guessed at first: few Gaussians blur them, many learn what is wrong by heart. So
mixtures of several sizes vote by their mean log-likelihood ratio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Flags, Floats
from gmmseg.features.colour import converted
from gmmseg.mixture import Mixture, fit

_BITS = 5  # of each channel: colours of a cell 8 levels wide are one row
_RESOLUTION = 2.0  # of L*a*b*: a difference that just can be seen
_TOLERANCE = 3e-3  # nats a pixel that a fit leaves to be gained: the next round has other weights anyway
_LEAST = 1e-3  # all rows of smaller weight, taken together, would weigh less than this part of the heaviest
_NOTHING = 1e-9  # pixels


@dataclass(frozen=True, eq=False)
class Palette:
    """The colours of a picture, as rows for the engine.

    Attributes
    ----------
    rows : (m, 3) float32
        In L*a*b*.
    index : (n,) intp
        The row of each valid pixel.
    """

    rows: Floats
    index: NDArray[np.intp]

    @classmethod
    def of(cls, picture: NDArray[np.uint8], valid: Flags) -> Palette:
        """Of a picture : (h, w, 3) in sRGB; valid : (h, w)."""
        pixels = picture[valid]
        code = np.zeros(len(pixels), np.intp)
        for channel in range(3):
            code = code << _BITS | pixels[:, channel] >> (8 - _BITS)
        counts = np.bincount(code, minlength=1 << 3 * _BITS)
        cells = np.flatnonzero(counts)
        means = np.stack(
            [np.bincount(code, pixels[:, c], len(counts))[cells] / counts[cells] for c in range(3)], axis=1
        )
        place = np.cumsum(counts > 0) - 1
        return cls(converted((means / 255).astype(np.float32), "lab"), place[code])

    def mixtures(self, weights: Doubles, sizes: Sequence[int], before: Sequence[Mixture], seed: int) -> list[Mixture]:
        """Mixtures of several sizes of the colours of pixels with these weights : (n,).

        They begin with those of the round before, where there are some.
        """
        totals: Doubles = np.bincount(self.index, weights, len(self.rows)).astype(np.float64)
        if totals.max() < _NOTHING:  # nothing is on this side: it may have any colour that there is
            totals = np.bincount(self.index, minlength=len(self.rows)).astype(np.float64)
        totals = totals / totals.max()
        kept = totals > _LEAST / len(totals)
        starts: Sequence[Mixture | str] = before or ["kmeans"] * len(sizes)
        made = []
        for size, start in zip(sizes, starts, strict=True):
            k = min(size, int(kept.sum()))
            known = isinstance(start, Mixture) and start.k == k
            made.append(
                fit(
                    self.rows[kept],
                    k,
                    weights=totals[kept],
                    start=start if known else "kmeans",
                    resolution=_RESOLUTION,
                    tolerance=_TOLERANCE,
                    seed=seed,
                ).mixture
            )
        return made

    def ratio(self, subject: Sequence[Mixture], ground: Sequence[Mixture], most: float) -> Doubles:
        """Mean log-likelihood ratio of each pixel's colour : (n,), each from −most to most."""
        votes = [
            np.clip(own.log_density(self.rows) - other.log_density(self.rows), -most, most)
            for own, other in zip(subject, ground, strict=True)
        ]
        return np.asarray(np.mean(votes, axis=0)[self.index], np.float64)
