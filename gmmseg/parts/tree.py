"""A tree of regions: from hundreds of crumbs to the whole picture."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles
from gmmseg.files import Image


@dataclass(frozen=True, eq=False)
class RegionTree:
    """A picture's regions at every detail.

    Attributes
    ----------
    image : Image
        The picture as it was read.
    picture : (h, w, 3) uint8
        The picture in sRGB, as the eye should see it.
    crumbs : (h, w) int32
        The finest regions, numbered from 0 in reading order; −1 where the picture has no valid pixel.
    merges : (n − 1, 2) int32
        Of n crumbs: the two nodes that become node n + t. Crumbs are the nodes below n.
    heights : (n − 1,) float64
        How strong the border was that each merge took away, from 0 to 1, never falling. The usual cut keeps the borders
        above 0.5; a cut with detail d those above 1 − d.
    seconds : float
        What it took, without reading the file.
    """

    image: Image
    picture: NDArray[np.uint8] = field(repr=False)
    crumbs: NDArray[np.int32] = field(repr=False)
    merges: NDArray[np.int32] = field(repr=False)
    heights: Doubles = field(repr=False)
    seconds: float
