"""A picture's samples as planes in which noise is alike, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats
from gmmseg.errors import InputError
from gmmseg.files import Image
from gmmseg.files.depth import full_scale

# Light and two differences of colour, at right angles, so that noise that is alike in the channels is in these.
_OPPONENT = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]], np.float32) / np.sqrt(np.array([[3], [2], [6]], np.float32))

_LARGEST = 1e12  # sums of the squares of a patch's samples have room in float32


def measured(image: Image) -> bool:
    """Whether samples have units of their own, and no black and white at which they end."""
    return image.colour == "bands" and image.pixels.dtype == np.float32


def unit_of(image: Image) -> float:
    """How much one sample is worth where full light is 255; of measurements, 1."""
    return 1.0 if measured(image) else 255 / full_scale(image)


def channels_of(image: Image) -> Floats:
    """Samples : (h, w, c) float32, where full light is 255."""
    unit = unit_of(image)
    channels = image.pixels.astype(np.float32) * np.float32(unit)
    largest = float(np.abs(channels).max())
    if not largest < _LARGEST:
        raise InputError(
            f"expected samples up to {_LARGEST / unit:.0e}; got {largest / unit:.3g}; divide them by a power of 10"
        )
    return channels


def light_of(channels: Floats, image: Image) -> Floats:
    """Colours as light, which says most of what a picture shows, and two differences; others as they are."""
    return channels @ _OPPONENT.T if image.colour == "rgb" else channels


def colours_of(planes: Floats, image: Image) -> Floats:
    """The channels of what `light_of` made."""
    return planes @ _OPPONENT if image.colour == "rgb" else planes


def samples_of(channels: Floats, image: Image) -> NDArray[Any]:
    """Samples in the depth of the picture; where it is left out, its own."""
    values = channels / np.float32(unit_of(image))
    if image.pixels.dtype != np.float32:
        values = np.clip(np.rint(values), 0, np.iinfo(image.pixels.dtype).max)
    elif not measured(image):
        values = np.clip(values, 0, 1)
    samples = values.astype(image.pixels.dtype)
    samples[~image.valid] = image.pixels[~image.valid]
    return samples
