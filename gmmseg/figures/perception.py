"""How colours look: OKLab, where distance is difference seen, and what people with colour blindness see.

OKLab is Ottosson's (2020); the simulation is Machado, Oliveira and Fernandes' (2009) for full dichromacy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmmseg.arrays import Doubles

_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OPPONENTS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
DICHROMACY = {
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}


def linear_light(colors: ArrayLike) -> Doubles:
    """Bytes of sRGB : (..., 3) to linear light in 0…1 : (..., 3) float64."""
    scaled = np.asarray(colors, np.float64) / 255
    return np.where(scaled <= 0.04045, scaled / 12.92, ((scaled + 0.055) / 1.055) ** 2.4)


def oklab(colors: ArrayLike, dichromacy: str | None = None) -> Doubles:
    """Lightness 0…1 and two opponent axes of sRGB bytes : (..., 3) float64; as seen with a colour blindness, if any."""
    light = linear_light(colors)
    if dichromacy is not None:
        light = np.clip(light @ DICHROMACY[dichromacy].T, 0, 1)
    lab: Doubles = np.cbrt(light @ _CONES.T) @ _OPPONENTS.T
    return lab


def srgb(lab: ArrayLike) -> NDArray[np.uint8]:
    """The way back : (..., 3) uint8; what no screen can show is clipped."""
    cones = (np.asarray(lab, np.float64) @ np.linalg.inv(_OPPONENTS).T) ** 3
    light = np.clip(cones @ np.linalg.inv(_CONES).T, 0, 1)
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    colors: NDArray[np.uint8] = np.rint(255 * encoded).astype(np.uint8)
    return colors
