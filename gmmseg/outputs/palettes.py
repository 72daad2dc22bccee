"""The colours in which segments and regions are shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmmseg.figures.palette import MOST, distinct_colors
from gmmseg.outputs.labelled import Labelled
from gmmseg.segmentation import Segmentation
from gmmseg.segmentation.measures import measured


def segment_colors(seg: Labelled, palette: str) -> NDArray[np.uint8]:
    """A colour for each segment : (k, 3)."""
    return seg.colors if palette == "mean" else _distinct(seg.k)


def region_colors(seg: Segmentation, count: int, palette: str) -> NDArray[np.uint8]:
    """A colour for each of `count` regions : (count, 3)."""
    if palette == "distinct":
        return _distinct(count)
    means = measured(seg.regions, seg.picture, seg.certainty, count).colour
    return np.rint(means).astype(np.uint8)


def hex_codes(colors: NDArray[np.uint8]) -> list[str]:
    """Colours as #rrggbb."""
    return ["#{:02x}{:02x}{:02x}".format(*color) for color in colors]


def _distinct(count: int) -> NDArray[np.uint8]:
    """More than 255 begin anew: nobody tells them apart."""
    colors = distinct_colors(min(MOST, max(1, count)))
    return colors[np.arange(count) % len(colors)]
