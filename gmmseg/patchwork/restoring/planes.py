"""A picture's samples as planes in which noise is alike, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats
from gmmseg.files import Image
from gmmseg.files.depth import full_scale

# Light and two differences of colour, at right angles, so that noise that is alike in the channels is in these.
_OPPONENT = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]], np.float32) / np.sqrt(np.array([[3], [2], [6]], np.float32))


def planes_of(image: Image, *, opponent: bool = True) -> tuple[Floats, float]:
    """Samples : (h, w, c) float32 where full light is 255, and how much one is worth; bands of floats as they are.

    opponent : colours as light, which says most of what a picture shows, and two differences.
    """
    measured = image.colour == "bands" and image.pixels.dtype == np.float32
    scale = 1.0 if measured else 255 / full_scale(image)
    planes = image.pixels.astype(np.float32) * np.float32(scale)
    if opponent and image.colour == "rgb":
        planes = planes @ _OPPONENT.T
    return planes, scale


def samples_of(planes: Floats, scale: float, image: Image) -> NDArray[Any]:
    """The samples of planes that `planes_of` made, in the depth of the picture; where it is left out, its own."""
    values = planes @ _OPPONENT if image.colour == "rgb" else planes
    values = values / np.float32(scale)
    if image.pixels.dtype != np.float32:
        values = np.clip(np.rint(values), 0, np.iinfo(image.pixels.dtype).max)
    elif image.colour != "bands":
        values = np.clip(values, 0, 1)
    samples = values.astype(image.pixels.dtype)
    samples[~image.valid] = image.pixels[~image.valid]
    return samples
