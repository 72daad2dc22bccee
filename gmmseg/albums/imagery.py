"""Descriptions of pictures as small pictures for the eye."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmmseg.albums.describing import PARTS
from gmmseg.arrays import Doubles
from gmmseg.features.inverse import rgb_of


def swatches_of(descriptions: Doubles, features: str) -> NDArray[np.uint8] | None:
    """Each description : (D,), as what a picture of it may look like.

    Returns
    -------
    (n, s, s, 3) uint8, or None
        Of layouts with four pixels a side, of means with one. None of histograms, which say nothing of places.
    """
    if features == "histogram":
        return None
    if features == "layout":
        return rgb_of(descriptions.reshape(-1, 3), "lab").reshape(-1, PARTS, PARTS, 3)
    levels: NDArray[np.uint8] = np.rint(np.clip(descriptions[:, :3], 0, 255)).astype(np.uint8)
    return levels[:, None, None]
