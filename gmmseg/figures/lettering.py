"""Short words on pictures, by the font that comes with Pillow."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from gmmseg.figures.arguments import Bytes

INK = (33, 37, 41)
PALE = (108, 117, 125)
_SMALL = 12  # pixels


def lettered(picture: Bytes, words: list[tuple[str, int, int]], size: int, color: tuple[int, int, int] = INK) -> Bytes:
    """The picture with words on it.

    Parameters
    ----------
    picture : (h, w, 3) uint8
    words : list of (text, x, y)
        Each is centred on its x and y.
    size : int
        Of the letters, in pixels.
    """
    from PIL import Image, ImageDraw

    image = Image.fromarray(np.ascontiguousarray(picture))
    draw = ImageDraw.Draw(image)
    for text, x, y in words:
        draw.text((x, y), spaced(text, size), fill=color, font=_font(size), anchor="mm")
    return np.asarray(image)


def width_of(text: str, size: int) -> int:
    """How wide words of this size are, in pixels."""
    return int(np.ceil(_font(size).getlength(spaced(text, size))))


def spaced(text: str, size: int) -> str:
    """Words that stay apart: in small letters the font's space is no wider than what parts two of them."""
    return text.replace(" ", "  ") if size < _SMALL else text


@cache
def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)
