"""The borders of the segments over the photo."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.bands import by_bands
from gmmseg.figures.arguments import Bytes, labels_of, pixels_of
from gmmseg.figures.borders import Pen


def contours(pixels: ArrayLike, labels: ArrayLike) -> Bytes:
    """The photo with a bright, dark-rimmed line where segments meet; the line grows with the picture.

    Parameters
    ----------
    pixels : (h, w, 3) uint8
    labels : (h, w) integers
        −1 means left out, which is bordered like a segment.

    Returns
    -------
    (h, w, 3) uint8
    """
    pixels = pixels_of(pixels)
    labels = labels_of(labels, pixels.shape[:2])
    height, width = labels.shape
    size = float(height * width) ** 0.5
    core = max(0.5, size / 1500)
    pen = Pen.of_width(core, max(0.8, 0.7 * core))
    picture = np.empty(pixels.shape, np.uint8)

    def work(top: int, bottom: int) -> None:
        picture[top:bottom] = pixels[top:bottom]
        pen.draw(labels, top, bottom, picture)

    by_bands(height, width, work)
    return picture
