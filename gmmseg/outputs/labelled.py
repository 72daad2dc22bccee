"""What labels and drawings need to know of a picture in parts: no soft masks."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gmmseg.files import Image


class Labelled(Protocol):
    """A picture in parts, be they soft or not; a Segmentation is one. Names are explained there."""

    @property
    def image(self) -> Image:
        """The picture as it was read."""

    @property
    def picture(self) -> NDArray[np.uint8]:
        """The picture in sRGB : (h, w, 3) uint8."""

    @property
    def labels(self) -> NDArray[Any]:
        """The part of each pixel : (h, w) int16 or int32, −1 where left out."""

    @property
    def regions(self) -> NDArray[Any]:
        """The connected parts : (h, w) integers from 0, −1 where left out."""

    @property
    def k(self) -> int:
        """Number of parts."""

    @property
    def colors(self) -> NDArray[np.uint8]:
        """The mean colour of each part, sRGB : (k, 3)."""
