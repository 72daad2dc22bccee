"""How unsure each pixel is, as a picture."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arrays import Doubles
from gmmseg.bands import by_bands
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, labels_of
from gmmseg.figures.left_out import STRIPES, hatch
from gmmseg.figures.perception import srgb

# Lightness, chroma and hue in degrees along the ramp, between which it is smooth: night blue, plum, orange, straw.
_STOPS = np.array(
    [[0.19, 0.06, 275], [0.36, 0.14, 310], [0.53, 0.18, 352], [0.70, 0.17, 400], [0.85, 0.14, 440], [0.97, 0.07, 462]]
)


def uncertainty_picture(uncertainty: ArrayLike, labels: ArrayLike | None = None) -> Bytes:
    """Dark where a pixel is sure and bright where it is not; left-out pixels are hatched.

    Parameters
    ----------
    uncertainty : (h, w) float32
        0 to 1; what lies outside is clipped, NaN means left out.
    labels : (h, w) integers, optional
        Pixels of −1 are left out too.

    Returns
    -------
    (h, w, 3) uint8
    """
    values = np.asarray(uncertainty)
    if values.dtype.kind != "f" or values.ndim != 2 or values.size == 0:
        raise InputError(
            f"expected uncertainty of shape (h, w) and a floating type; got {values.shape} and {values.dtype}"
        )
    out_of_labels = None if labels is None else labels_of(labels, values.shape)
    height, width = values.shape
    whole = np.dtype((np.void, 3))
    source = ramp().view(whole)[:, 0]
    picture = np.empty((height, width, 3), np.uint8)

    def work(top: int, bottom: int) -> None:
        band = values[top:bottom]
        out = np.isnan(band)
        if out_of_labels is not None:
            out |= out_of_labels[top:bottom] < 0
        level = np.fmax(band, 0)  # the greater of NaN and 0 is 0
        np.minimum(level, 1, out=level)
        level *= 255
        level += 0.5
        source.take(level.astype(np.uint8), out=picture[top:bottom].view(whole)[..., 0], mode="wrap")
        if out.any():
            dark = hatch(top, bottom, (height, width))[out]
            picture[top:bottom][out] = np.where(dark, np.uint8(STRIPES[1]), np.uint8(STRIPES[0]))[:, None]

    by_bands(height, width, work)
    return picture


@cache
def ramp() -> Bytes:
    """256 colours in equal steps of difference seen, ever brighter : (256, 3) uint8."""
    fine = np.linspace(0, len(_STOPS) - 1, 4001)
    lightness, chroma, hue = (_cubic(fine, column) for column in _STOPS.T)
    path = np.stack([lightness, chroma * np.cos(np.radians(hue)), chroma * np.sin(np.radians(hue))], -1)
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    places = np.interp(np.linspace(0, length[-1], 256), length, np.arange(len(path)))
    return srgb(np.stack([np.interp(places, np.arange(len(path)), axis) for axis in path.T], -1))


def _cubic(at: Doubles, values: Doubles) -> Doubles:
    """Catmull and Rom's curve through the values at whole numbers from 0."""
    padded = np.concatenate([[2 * values[0] - values[1]], values, [2 * values[-1] - values[-2]]])
    index = np.minimum(at.astype(np.intp), len(values) - 2)
    t = at - index
    a, b, c, d = (padded[index + step] for step in range(4))
    curve: Doubles = b + t * ((c - a) / 2 + t * (a - 2.5 * b + 2 * c - d / 2 + t * (1.5 * (b - c) + (d - a) / 2)))
    return curve
