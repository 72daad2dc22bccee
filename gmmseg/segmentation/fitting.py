"""From the features of one picture or several to a mixture, coarse to fine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles, Floats
from gmmseg.errors import InputError
from gmmseg.features import Features
from gmmseg.mixture import Fit, Mixture, fit
from gmmseg.segmentation.choice import Choice, chosen_k

_SHADES = 32  # bins a channel: colours nearer than 8 levels begin as one
_SAMPLE = 1 << 13  # rows that stand for a picture that has no such bins
_CONTEST = 32  # dimensions beyond which starts do not compete: it would take minutes
_CLIMB = 1 << 21  # rows that the last climb takes at most; distinct colours of a photo are fewer
_NUMBERS = 1 << 24  # numbers in them: all 255,025 grey patches of 8 × 8 in a picture of 512 × 512


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
    several: Sequence[Features], k: int | str, covariance: str, start: str, seed: int
) -> tuple[Mixture, History]:
    """A mixture of the colours of all pictures together.

    The number of components is chosen, and the start found, on few rows that stand for all (bins of colours with their
    means, or a sample); from there all rows, or two million of them, are climbed to the optimum that a fit of all from
    the start finds.
    """
    resolution = np.mean([one.resolution for one in several], axis=0)
    if not (k == "auto" or (isinstance(k, int | np.integer) and not isinstance(k, bool) and k >= 1)):
        raise InputError(f'expected k as a whole number of at least 1, or "auto"; got {k!r}')
    d = several[0].rows.shape[1]
    coarse = _coarse(several, seed)
    curve: tuple[Choice, ...] = ()
    if k == "auto":
        k, curve = chosen_k(*coarse, resolution, covariance, seed)
    rows, weights = _sampled(several, min(_CLIMB, max(_SAMPLE, _NUMBERS // d)), seed)
    if start == "auto" and d > _CONTEST:
        start = "kmeans"
    few = coarse if len(coarse[0]) >= 4 * int(k) else (rows, weights)
    rough = fit(
        few[0],
        int(k),
        weights=few[1],
        covariance=covariance,
        start=start,
        resolution=resolution,
        seed=seed,
        tolerance=1e-4,
    )
    fine = fit(
        rows,
        rough.mixture.k,
        weights=weights,
        covariance=covariance,
        start=rough.mixture,
        resolution=resolution,
        seed=seed,
    )
    return fine.mixture, History(fine, curve, round(weights.sum()), start, seed)


def _coarse(several: Sequence[Features], seed: int) -> tuple[Floats, Doubles]:
    """Few weighted rows that stand for all."""
    if not all(one.colours is not None for one in several):
        return _sampled(several, _SAMPLE, seed)
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
