"""Whether probabilities are what they say: among pixels of probability 0.8, eight of ten should be foreground."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmmseg.arrays import Doubles, Flags
from gmmseg.errors import InputError
from gmmseg.evaluate.detection import kinds_of

BINS = 20


@dataclass(frozen=True, eq=False)
class Reliability:
    """Labelled pixels by the probability that they were given, in bins of equal width; frames are added up.

    Parameters
    ----------
    pixels, foreground : (bins,) int64
        How many there are, and how many of them are foreground.
    probability : (bins,) float64
        The sum of their probabilities.
    squares : float
        The sum of all squared differences between probability and truth (0 or 1).
    """

    pixels: NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, np.int64))
    foreground: NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, np.int64))
    probability: Doubles = field(default_factory=lambda: np.zeros(BINS))
    squares: float = 0.0

    def __add__(self, other: Reliability) -> Reliability:
        return Reliability(
            self.pixels + other.pixels,
            self.foreground + other.foreground,
            self.probability + other.probability,
            self.squares + other.squares,
        )

    @property
    def means(self) -> Doubles:
        """The mean probability in each bin : (bins,) float64, NaN where there is no pixel."""
        return _ratio(self.probability, self.pixels)

    @property
    def shares(self) -> Doubles:
        """The share of foreground in each bin : (bins,) float64, NaN where there is no pixel."""
        return _ratio(self.foreground, self.pixels)

    @property
    def error(self) -> float:
        """The expected calibration error: |mean − share|, weighted with pixels (Naeini et al. 2015)."""
        total = int(self.pixels.sum())
        return float(np.abs(self.probability - self.foreground).sum() / total) if total else nan

    @property
    def brier(self) -> float:
        """The mean squared difference between probability and truth (Brier 1950)."""
        total = int(self.pixels.sum())
        return self.squares / total if total else nan


def reliability(
    probability: ArrayLike, truth: NDArray[np.uint8], inside: Flags | None = None, bins: int = BINS
) -> Reliability:
    """Sort the labelled pixels of one frame by probability.

    Parameters
    ----------
    probability : (h, w) float
        Of foreground, 0 to 1.
    truth, inside
        As for `detection`; shadow is background.
    bins : int

    Returns
    -------
    Reliability
    """
    given = np.asarray(probability)
    if given.shape != truth.shape or given.dtype.kind != "f":
        raise InputError(
            f"expected probabilities {truth.shape} of float, as the truth; got {given.shape} {given.dtype}"
        )
    kinds = kinds_of(truth, inside)
    labelled = kinds < 3
    values, is_foreground = given[labelled].astype(np.float64), kinds[labelled] == 2
    if not ((values >= 0) & (values <= 1)).all():  # NaN is neither
        raise InputError("expected probabilities from 0 to 1; got others, or NaN")
    places = np.minimum((values * bins).astype(np.intp), bins - 1)
    return Reliability(
        np.bincount(places, minlength=bins),
        np.bincount(places[is_foreground], minlength=bins),
        np.bincount(places, values, minlength=bins).astype(np.float64),
        float(np.square(values - is_foreground).sum()),
    )


def _ratio(part: NDArray[np.int64] | Doubles, whole: NDArray[np.int64]) -> Doubles:
    ratio: Doubles = np.divide(part, whole, out=np.full(len(whole), nan), where=whole > 0)
    return ratio
