"""A photo in the mixed colours of what shares its pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.figures.arguments import Bytes, Integers, pixels_of
from gmmseg.figures.plots.points import mixed_colours

_STRENGTH = 0.66  # of the tint; the photo's light has the rest
_LUMA = np.array([0.299, 0.587, 0.114])  # BT.601
_LEFT_OUT = 255


def tinted_by_share(pixels: ArrayLike, shares: ArrayLike, index: Integers, colours: ArrayLike) -> Bytes:
    """The photo's light in colours mixed by the responsibilities of each pixel's row.

    Parameters
    ----------
    pixels : (h, w, 3) uint8
    shares : (n, k) floating
        Of each row.
    index : (h, w) integers
        Each pixel's row; −1 is left out, and white.
    colours : (k, 3) uint8

    Returns
    -------
    (h, w, 3) uint8
    """
    photo = pixels_of(pixels)
    mixed = mixed_colours(shares, colours).astype(np.float64)[np.maximum(index, 0)]
    light = (photo @ _LUMA)[..., None]
    picture: Bytes = np.rint(_STRENGTH * mixed + (1 - _STRENGTH) * light).astype(np.uint8)
    picture[np.asarray(index) < 0] = _LEFT_OUT
    return picture
