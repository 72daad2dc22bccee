"""The photo under a tint of its segments' colours."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.bands import by_bands
from gmmseg.figures.arguments import Bytes, colors_of, labels_of, pixels_of
from gmmseg.figures.borders import Pen
from gmmseg.figures.left_out import STRIPES, hatch

_STRENGTH = 0.55  # of the tint; the photo has the rest
_LUMA = np.array([77, 150, 29], np.uint16)  # of red, green and blue in 256ths (BT.601)


def overlay(pixels: ArrayLike, labels: ArrayLike, colors: ArrayLike) -> Bytes:
    """The photo's light and shade in the colours of its segments, with thin borders; left-out pixels are hatched.

    The photo gives its luminance only: mixed with its colours, one tint would look like several. Colours from
    `distinct_colors` show the segments best; mean colours differ too little where the photo has little contrast.

    Parameters
    ----------
    pixels : (h, w, 3) uint8
    labels : (h, w) integers
        −1 means left out.
    colors : (k, 3) uint8

    Returns
    -------
    (h, w, 3) uint8
    """
    pixels = pixels_of(pixels)
    labels = labels_of(labels, pixels.shape[:2])
    colors = colors_of(colors, int(labels.max()) + 1)
    height, width = labels.shape
    size = float(height * width) ** 0.5
    core = max(0.5, size / 3500)
    pen = Pen.of_width(core, 0.6 * core, 0.75)
    # One look-up a pixel, with the segment and the luminance as the two digits of the index.
    table = _mixtures(colors)
    whole = np.dtype((np.void, 3))
    source = table.view(whole)[:, 0]
    picture = np.empty(pixels.shape, np.uint8)
    some_left_out = bool(labels.min() < 0)

    def work(top: int, bottom: int) -> None:
        band = pixels[top:bottom]
        light = band[..., 0] * _LUMA[0]
        light += band[..., 1] * _LUMA[1]
        light += band[..., 2] * _LUMA[2]
        light >>= 8
        index = labels[top:bottom].astype(np.intp)
        if some_left_out:
            dark_stripe = hatch(top, bottom, (height, width))
            index[(index < 0) & dark_stripe] = -2
        index <<= 8
        index += light
        source.take(index, out=picture[top:bottom].view(whole)[..., 0], mode="wrap")
        pen.draw(labels, top, bottom, picture)

    by_bands(height, width, work)
    return picture


def _mixtures(colors: Bytes) -> Bytes:
    """What each colour makes of each luminance : ((k + 2) · 256, 3) uint8; the last two are for the hatch."""
    light = np.arange(256)[:, None]
    tints = np.concatenate([colors, [[STRIPES[1]] * 3, [STRIPES[0]] * 3]])
    strength = np.full((len(tints), 1, 1), _STRENGTH)
    strength[-2:] = 0.8
    mixed: Bytes = np.rint(strength * tints[:, None] + (1 - strength) * light).astype(np.uint8).reshape(-1, 3)
    return mixed
