"""How little a picture's pixels are like what a mixture knows, a band of the picture at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Flags
from gmmseg.errors import InputError
from gmmseg.features import Features, FeatureSpec, features_of
from gmmseg.features.reach import reach
from gmmseg.files import Image
from gmmseg.mixture import Mixture

_NUMBERS = 1 << 23  # in the rows that are looked at at a time
_BAND = 1 << 20  # pixels that are described at a time

Band = tuple[int, int, NDArray[np.int32], Features]


def bands(image: Image, spec: FeatureSpec, d: int | None = None) -> Iterator[Band]:
    """The features of a picture by bands of rows: (top, bottom, index (bottom − top, w), features).

    A large picture is never described all at once; a band sees as much around itself as its features reach. d columns,
    where that is known. Bands without a valid pixel are left out.
    """
    margin = reach(spec)
    rows = max(_BAND // image.width, 2 * (margin or 0), 1)
    if margin is None or rows >= image.height or not image.valid.any():
        features = _described(image, spec, d)
        yield 0, image.height, features.index, features
        return
    for top in range(0, image.height, rows):
        bottom = min(top + rows, image.height)
        if not image.valid[top:bottom].any():
            continue
        first, last = max(0, top - margin), min(image.height, bottom + margin)
        part = replace(image, pixels=image.pixels[first:last], valid=image.valid[first:last], alpha=None)
        features = _described(part, spec, d)
        yield top, bottom, features.index[top - first : bottom - first], features


def sampled(
    image: Image, spec: FeatureSpec, places: NDArray[np.intp], d: int | None = None
) -> tuple[NDArray[np.float32], Flags, Doubles]:
    """The rows of some pixels, by their numbers in reading order, rising : (n,).

    Returns
    -------
    rows : (m, d) float32
        Of those that have one.
    known : (n,) bool
        Which these are.
    resolution : (d,) float64
    """
    parts, resolutions = [], []
    known = np.zeros(places.size, np.bool_)
    for top, bottom, index, features in bands(image, spec, d):
        low, high = np.searchsorted(places, (top * image.width, bottom * image.width))
        numbers = index.ravel()[places[low:high] - top * image.width]
        known[low:high] = numbers >= 0
        parts.append(np.asarray(features.rows[numbers[numbers >= 0]], np.float32))
        resolutions.append(features.resolution)
    return np.concatenate(parts), known, np.mean(resolutions, axis=0)


def score_of(image: Image, spec: FeatureSpec, mixture: Mixture, smooth: float) -> NDArray[np.float32]:
    """−log density of each pixel's features in nats : (h, w) float32, NaN where a pixel is left out.

    `smooth` pixels are the standard deviation of a Gaussian over the neighbourhood: the mean log density of its pixels.
    What is odd is larger than one pixel, and the scores of normal pixels vary less when they are averaged.
    """
    score = np.zeros(image.valid.shape, np.float32)
    left_out = np.ones(image.valid.shape, np.bool_)
    for top, bottom, index, features in bands(image, spec, mixture.d):
        seen = index >= 0
        low, high = int(index[seen].min(initial=0)), int(index.max()) + 1
        density = _log_density(features, mixture, low, high)
        score[top:bottom][seen] = -density[index[seen] - low]
        left_out[top:bottom] = ~(seen & image.valid[top:bottom])
    if smooth > 0:
        score = _averaged(score, left_out, smooth)
    score[left_out] = np.nan
    return score


def evenly(n: int, count: int, random: np.random.Generator) -> NDArray[np.intp]:
    """At most `count` of the numbers under n, rising: one from each of equal stretches."""
    if n <= count:
        return np.arange(n)
    return np.minimum(((np.arange(count) + random.random(count)) * (n / count)).astype(np.intp), n - 1)


def _described(image: Image, spec: FeatureSpec, d: int | None) -> Features:
    features = features_of(image, spec)
    if d is not None and features.rows.shape[1] != d:
        raise InputError(
            f"expected a picture with {d} features a pixel, as the normal ones have; {image.name or 'this picture'} "
            f"has {features.rows.shape[1]}; compare pictures with the same channels"
        )
    return features


def _log_density(features: Features, mixture: Mixture, low: int, high: int) -> Doubles:
    """Of the rows from low to high."""
    density = np.empty(high - low)
    size = max(1, _NUMBERS // mixture.d)
    for begin in range(low, high, size):
        end = min(begin + size, high)
        density[begin - low : end - low] = mixture.log_density(features.rows[begin:end])
    return density


def _averaged(score: NDArray[np.float32], left_out: Flags, smooth: float) -> NDArray[np.float32]:
    """The mean over the neighbourhood, of pixels that count (normalised convolution)."""
    from scipy.ndimage import gaussian_filter

    def blurred(plane: Any) -> Any:
        return gaussian_filter(plane, smooth, mode="nearest", truncate=3)

    if not left_out.any():
        return np.asarray(blurred(score), np.float32)
    seen = (~left_out).astype(np.float32)
    return np.asarray(blurred(score * seen) / np.maximum(blurred(seen), np.float32(1e-6)), np.float32)
