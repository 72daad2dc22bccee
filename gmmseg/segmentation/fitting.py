"""From the features of one picture or several to a mixture, coarse to fine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gmmseg.arrays import Doubles, Floats
from gmmseg.errors import InputError
from gmmseg.features import Features
from gmmseg.features.patches import PatchRows
from gmmseg.mixture import Fit, Mixture, Tolerance, fit
from gmmseg.segmentation.choice import Choice, chosen_k

_SHADES = 32  # bins a channel: colours nearer than 8 levels begin as one
_SAMPLE = 1 << 13  # rows that stand for a picture that has no such bins
_CLIMB = 1 << 21  # rows that the last climb takes at most; distinct colours of a photo are fewer
_NUMBERS = 1 << 24  # numbers in them: all 255,025 grey patches of 8 × 8 in a picture of 512 × 512


@dataclass(frozen=True)
class Effort:
    """How far a mixture is climbed.

    Attributes
    ----------
    sample : int
        Rows on which it begins; 0 to begin on all.
    rough, fine : float or Tolerance
        When to stop on the sample, and on all rows.
    steps : int
        On all rows, at most.
    """

    sample: int
    rough: float | Tolerance
    fine: float | Tolerance
    steps: int

    @classmethod
    def usual(cls, several: Sequence[Features], k: int) -> Effort:
        """What suits k components of these features.

        The likelihood of a patch grows for hundreds of steps by what no eye sees. Most are taken on a sample, 32
        patches for each dimension of each component, and the last on all: twenty at most in 64 dimensions, fewer in
        more. What is left to gain then is some hundredths of a nat a dimension.
        """
        d = several[0].rows.shape[1]
        if not isinstance(several[0].rows, PatchRows):
            return cls(_SAMPLE, 1e-4, 1e-5, 10_000)
        sample = max(_SAMPLE, min(32 * k * (d + 1), _NUMBERS // (2 * d)))
        return cls(sample, 1e-3 * d, 1e-3 * d, int(np.clip(1280 // d, 4, 20)))

    @classmethod
    def exactly(cls, steps: int) -> Effort:
        """So many steps on all rows, unless one changes nothing at all."""
        return cls(0, 0.0, Tolerance(likelihood=None, parameters=0.0), steps)


@dataclass(frozen=True, eq=False)
class History:
    """How a model came about.

    Attributes
    ----------
    fit : Fit
    curve : tuple of Choice
        The numbers of components tried; empty where k was given.
    pixels : int
        How many were fitted.
    start : str
    seed : int
    """

    fit: Fit
    curve: tuple[Choice, ...]
    pixels: int
    start: str
    seed: int


def fitted_mixture(
    several: Sequence[Features],
    k: int | str,
    *,
    covariance: str = "full",
    start: str = "auto",
    seed: int = 0,
    effort: Effort | None = None,
    resolution: float | None = None,
    threads: int | None = None,
) -> tuple[Mixture, History]:
    """A mixture of the colours of all pictures together.

    The number of components is chosen, and the start found, on few rows that stand for all (bins of colours with their
    means, or a sample); from there all rows, or two million of them, are climbed to the optimum that a fit of all from
    the start finds, or as far as `effort` goes.

    resolution : of all features, where it is known better than the features know.
    """
    least = np.mean([one.resolution for one in several], axis=0)
    if resolution is not None:
        least = np.full(len(least), float(resolution))
    if not (k == "auto" or (isinstance(k, int | np.integer) and not isinstance(k, bool) and k >= 1)):
        raise InputError(f'expected k as a whole number of at least 1, or "auto"; got {k!r}')
    curve: tuple[Choice, ...] = ()
    if k == "auto":
        k, curve = chosen_k(*_coarse(several, _SAMPLE, seed), least, covariance, seed)
    k, d = int(k), len(least)
    effort = effort or Effort.usual(several, k)
    rows, weights = _sampled(several, min(_CLIMB, max(_SAMPLE, _NUMBERS // d)), seed)
    how: dict[str, Any] = {"covariance": covariance, "resolution": least, "seed": seed, "threads": threads}
    begun: str | Mixture = start
    if effort.sample:
        few = _coarse(several, effort.sample, seed)
        if len(few[0]) < 4 * k:
            few = rows, weights
        begun = fit(few[0], k, weights=few[1], start=start, tolerance=effort.rough, **how).mixture
        k = begun.k
    fine = fit(rows, k, weights=weights, start=begun, tolerance=effort.fine, max_iterations=effort.steps, **how)
    return fine.mixture, History(fine, curve, round(weights.sum()), start, seed)


def _coarse(several: Sequence[Features], size: int, seed: int) -> tuple[Floats, Doubles]:
    """Few weighted rows that stand for all."""
    if not all(one.colours is not None for one in several):
        return _sampled(several, size, seed)
    rows = np.concatenate([one.rows[:] for one in several])
    weights = np.concatenate([one.weights for one in several])
    colours = np.concatenate([one.colours for one in several if one.colours is not None]) // (256 // _SHADES)
    codes = colours.astype(np.int32) @ np.array([_SHADES**2, _SHADES, 1], np.int32)
    totals = np.bincount(codes, weights, minlength=_SHADES**3)
    used = totals > 0
    means = [np.bincount(codes, weights * column, minlength=_SHADES**3)[used] / totals[used] for column in rows.T]
    return np.stack(means, axis=1).astype(np.float32), totals[used].astype(np.float64)


def _sampled(several: Sequence[Features], size: int, seed: int) -> tuple[Floats, Doubles]:
    """At most `size` rows, one from each of so many equal stretches, which spreads them over the pictures."""
    counts = [len(one.rows) for one in several]
    total = sum(counts)
    if total <= size:
        parts = [(one.rows[:], one.weights) for one in several]
    else:
        places = (np.arange(size) + np.random.default_rng(seed).random(size)) * (total / size)
        index = np.minimum(places.astype(np.intp), total - 1)
        ends = np.cumsum(counts)
        shares = np.split(index, np.searchsorted(index, ends[:-1]))
        begins = ends - counts
        parts = [
            (one.rows[share - begin], one.weights[share - begin])
            for one, share, begin in zip(several, shares, begins, strict=True)
        ]
    if len(parts) == 1:
        return parts[0]
    return np.concatenate([rows for rows, _ in parts]), np.concatenate([weights for _, weights in parts])
