"""From the spaces that colours are compared in back to sRGB, for the eye: what `colour` does, undone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.features.colour import AXES, WHITE, XYZ

_BEND = 6 / 29  # under this CIE's cube root is a line


def rgb_of(values: ArrayLike, space: str) -> NDArray[np.uint8]:
    """Colours of a space as sRGB; what no screen can show is clipped.

    Parameters
    ----------
    values : (n, d)
        As `colour.converted` makes them.
    space : {"rgb", "lab", "luv", "hsv", "grey"}

    Returns
    -------
    (n, 3) uint8
    """
    given = np.asarray(values, np.float64)
    if space not in AXES or given.ndim != 2 or given.shape[1] != len(AXES[space]):
        raise InputError(f"expected colours of one of {', '.join(AXES)}; got {given.shape} of {space!r}")
    if space == "rgb":
        return _bytes(given / 100)
    if space == "hsv":
        return _bytes(_from_cone(given / 100))
    if space == "luv":
        light = _from_luv(given)
    else:
        l, a, b = (*given.T, 0.0, 0.0)[:3]
        y = (l + 16) / 116
        light = np.stack([_cube(y + a / 500), _cube(y + 0 * a), _cube(y - b / 200)], axis=1) * WHITE
    linear = np.clip(light @ np.linalg.inv(XYZ).T, 0, None)
    return _bytes(np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055))


def _bytes(unit: Doubles) -> NDArray[np.uint8]:
    colours: NDArray[np.uint8] = np.rint(np.clip(unit, 0, 1) * 255).astype(np.uint8)
    return colours


def _cube(root: Doubles) -> Doubles:
    """CIE's cube root undone."""
    return np.where(root > _BEND, root**3, 3 * _BEND**2 * (root - 4 / 29))


def _from_luv(values: Doubles) -> Doubles:
    light, u, v = values.T
    y = _cube((light + 16) / 116) * WHITE[1]
    white = WHITE @ [1, 15, 3]
    seen = light > 1e-3  # black has no chromaticity
    safe = np.where(seen, 13 * light, 1.0)
    u = np.where(seen, u / safe, 0) + 4 * WHITE[0] / white
    v = np.maximum(np.where(seen, v / safe, 0) + 9 * WHITE[1] / white, 1e-6)
    return np.stack([y * 9 * u / (4 * v), y, y * (12 - 3 * u - 20 * v) / (4 * v)], axis=1)


def _from_cone(values: Doubles) -> Doubles:
    """Direction is hue, length is chroma, and the third is the largest channel."""
    east, north, value = values.T
    # What has this direction and sums to nothing; chroma is then the spread of the channels.
    offset = np.stack([2 * east, -east + np.sqrt(3) * north, -east - np.sqrt(3) * north], axis=1)
    spread = offset.max(axis=1) - offset.min(axis=1)
    chroma = np.hypot(east, north)
    offset *= np.where(spread > 0, chroma / np.where(spread > 0, spread, 1), 0)[:, None]
    rgb: Doubles = offset - offset.max(axis=1, keepdims=True) + value[:, None]
    return rgb
