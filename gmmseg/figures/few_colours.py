"""A picture small and in few colours, for animations that are to be small files."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, pixels_of


def few_colours(pixels: ArrayLike, most: int, size: tuple[int, int]) -> Bytes:
    """The picture in a smaller size, and in at most so many colours, each the mean of those that it stands for.

    Parameters
    ----------
    pixels : (h, w, 3) uint8
    most : int
        2 to 256.
    size : (int, int)
        Width and height; not made larger.

    Returns
    -------
    (height, width, 3) uint8
    """
    if isinstance(most, bool) or not isinstance(most, int | np.integer) or not 2 <= most <= 256:
        raise InputError(f"expected a whole number of colours from 2 to 256; got {most!r}")
    from PIL import Image

    whole = Image.fromarray(np.ascontiguousarray(pixels_of(pixels)))
    small = min(size[0], whole.width), min(size[1], whole.height)
    drawn = whole.resize(small, Image.Resampling.BOX)
    return np.asarray(drawn.quantize(int(most), dither=Image.Dither.NONE).convert("RGB"))
