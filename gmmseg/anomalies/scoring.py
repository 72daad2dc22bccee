"""How little a picture's pixels are like what a mixture knows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import InputError
from gmmseg.features import Features, FeatureSpec, features_of
from gmmseg.files import Image
from gmmseg.mixture import Mixture

_NUMBERS = 1 << 23  # in the rows that are looked at at a time


def described(image: Image, spec: FeatureSpec, d: int | None = None) -> Features:
    """The features of a picture; d columns, where that is known."""
    features = features_of(image, spec)
    if d is not None and features.rows.shape[1] != d:
        raise InputError(
            f"expected a picture with {d} features a pixel, as the normal ones have; {image.name or 'this picture'} "
            f"has {features.rows.shape[1]}; compare pictures with the same channels"
        )
    return features


def score_of(features: Features, mixture: Mixture, valid: Flags, smooth: float) -> NDArray[np.float32]:
    """−log density of each pixel's features in nats : (h, w) float32, NaN where a pixel is left out.

    `smooth` pixels are the standard deviation of a Gaussian over the neighbourhood: the mean log density of its pixels.
    What is odd is larger than one pixel, and the scores of normal pixels vary less when they are averaged.
    """
    rows, n = features.rows, len(features.rows)
    density = np.empty(n)
    size = max(1, _NUMBERS // mixture.d)
    for begin in range(0, n, size):
        density[begin : begin + size] = mixture.log_density(rows[begin : begin + size])
    score = features.spread(-density).astype(np.float32)
    left_out = ~valid | (features.index < 0)
    if smooth > 0:
        score = _averaged(score, left_out, smooth)
    score[left_out] = np.nan
    return score


def _averaged(score: NDArray[np.float32], left_out: Flags, smooth: float) -> NDArray[np.float32]:
    """The mean over the neighbourhood, of pixels that count (normalised convolution)."""
    from scipy.ndimage import gaussian_filter

    def blurred(plane: Any) -> Any:
        return gaussian_filter(plane, smooth, mode="nearest", truncate=3)

    if not left_out.any():
        return np.asarray(blurred(score), np.float32)
    seen = (~left_out).astype(np.float32)
    return np.asarray(blurred(score * seen) / np.maximum(blurred(seen), np.float32(1e-6)), np.float32)


def evenly(n: int, count: int, random: np.random.Generator) -> NDArray[np.intp]:
    """At most `count` of the numbers under n, rising: one from each of equal stretches."""
    if n <= count:
        return np.arange(n)
    return np.minimum(((np.arange(count) + random.random(count)) * (n / count)).astype(np.intp), n - 1)
