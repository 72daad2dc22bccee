"""A picture in few colours of its own, for formats whose files grow with them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, pixels_of


def few_colours(pixels: ArrayLike, most: int) -> Bytes:
    """The picture in at most so many colours, each the mean of those that it stands for (median cut, no dither).

    Parameters
    ----------
    pixels : (h, w, 3) uint8
    most : int
        2 to 256.

    Returns
    -------
    (h, w, 3) uint8
    """
    if isinstance(most, bool) or not isinstance(most, int | np.integer) or not 2 <= most <= 256:
        raise InputError(f"expected a whole number of colours from 2 to 256; got {most!r}")
    from PIL import Image

    drawn = Image.fromarray(np.ascontiguousarray(pixels_of(pixels)))
    return np.asarray(drawn.quantize(int(most), dither=Image.Dither.NONE).convert("RGB"))
