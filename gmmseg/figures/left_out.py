"""How pixels that were left out are drawn: a grey hatch, like blank land on a map."""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Flags

STRIPES = (168, 140)  # the light and the dark grey


def hatch(top: int, bottom: int, shape: tuple[int, int]) -> Flags:
    """Where the dark of the diagonal stripes are, in the rows top to bottom of a picture : (bottom − top, w)."""
    height, width = shape
    stripe = max(2, round((height * width) ** 0.5 / 90))
    diagonal = np.arange(top, bottom)[:, None] + np.arange(width)
    dark: Flags = diagonal // stripe % 2 == 0
    return dark
