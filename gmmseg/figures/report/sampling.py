"""The colours of a picture, as a sample of points and as histograms."""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.figures.arguments import Bytes, Integers
from gmmseg.figures.report.page import Page

_POINTS = 4000
_BINS = 128
_ROWS = 64  # at a time, which needs little memory


def sampled_points(page: Page) -> tuple[Bytes, Integers]:
    """Colours : (n, 3) uint8 and their segments : (n,), taken evenly from the picture."""
    if page.points is not None and page.point_segments is not None:
        return np.asarray(page.points, np.uint8), np.asarray(page.point_segments)
    labels = page.labels.reshape(-1)
    inside = np.flatnonzero(labels >= 0)
    if inside.size > _POINTS:
        # The golden ratio's multiples fall evenly, and into no rhythm with the rows of the picture.
        inside = inside[(np.arange(_POINTS) * 0.6180339887498949 % 1 * inside.size).astype(np.intp)]
    return page.pixels.reshape(-1, 3)[inside], labels[inside]


def histograms(page: Page) -> Doubles:
    """How many pixels have each level of red, green and blue : (3, bins)."""
    if page.histograms is not None:
        return np.nan_to_num(np.asarray(page.histograms, np.float64), posinf=0.0, neginf=0.0)
    counts = np.zeros((3, _BINS))
    for top in range(0, len(page.labels), _ROWS):
        pixels = page.pixels[top : top + _ROWS]
        inside = page.labels[top : top + _ROWS] >= 0
        kept = pixels.reshape(-1, 3) if inside.all() else pixels[inside]
        for channel in range(3):
            counts[channel] += np.bincount(kept[:, channel] >> 1, minlength=_BINS)
    return counts


def densities(page: Page, channel: int, bins: int) -> Doubles:
    """The share of each component in each bin of a channel : (m, bins), from the components' marginals."""
    if page.rgb is None:
        return np.zeros((0, bins))
    width = 256 / bins
    centres = (np.arange(bins) + 0.5) * width - 0.5
    mean = page.rgb.means[:, channel, None]
    # A level stands for an interval one wide, which adds 1/12 to the variance, and keeps flat components visible.
    variance = np.maximum(page.rgb.covariances[:, channel, channel, None], 0) + 1 / 12
    with np.errstate(all="ignore"):
        heights = width * np.exp(-((centres - mean) ** 2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
        shares: Doubles = np.nan_to_num(page.rgb.weights[:, None] * heights, posinf=0.0, neginf=0.0)
    return shares
