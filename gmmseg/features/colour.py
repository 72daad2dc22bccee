"""sRGB to the spaces that colours are compared in. Every axis is about 100 long, and a visible step is 1 or 2."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats

# Linear sRGB to CIE XYZ under D65, and XYZ of the white (IEC 61966-2-1).
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = XYZ.sum(axis=1)
_DARK = (6 / 29) ** 3  # under this the cube root of CIE 1976 gives way to a line

AXES = {
    "rgb": ("red", "green", "blue"),
    "lab": ("L*", "a*", "b*"),
    "luv": ("L*", "u*", "v*"),
    "hsv": ("chroma east", "chroma north", "value"),
    "grey": ("lightness",),
}


def converted(rgb: NDArray[Any], space: str) -> Floats:
    """Colours in one of the spaces of AXES : (n, 3) uint8, or floats from 0 to 1, to (n, d) float32."""
    if space == "rgb":
        return _unit(rgb) * np.float32(100)
    if space == "hsv":
        return _hue_cone(_unit(rgb))
    red, green, blue = _linear(rgb).T
    # Written out, as a product with so small a matrix would only wake BLAS's threads.
    mix = (XYZ / WHITE[:, None]).astype(np.float32)
    y = mix[1, 0] * red + mix[1, 1] * green + mix[1, 2] * blue
    if space == "grey":
        return _lightness(y)[:, None]
    x = mix[0, 0] * red + mix[0, 1] * green + mix[0, 2] * blue
    z = mix[2, 0] * red + mix[2, 1] * green + mix[2, 2] * blue
    return _lab(x, y, z) if space == "lab" else _luv(x, y, z)


def _unit(rgb: NDArray[Any]) -> Floats:
    return rgb.astype(np.float32) / np.float32(255) if rgb.dtype == np.uint8 else rgb.astype(np.float32, copy=False)


def _linear(rgb: NDArray[Any]) -> Floats:
    """Light, from sRGB's curve; 8-bit values through a table."""
    if rgb.dtype == np.uint8:
        light: Floats = _curve(np.arange(256, dtype=np.float64) / 255).astype(np.float32)[rgb]
        return light
    return _curve(rgb).astype(np.float32, copy=False)


def _curve(values: NDArray[Any]) -> NDArray[Any]:
    return np.where(values <= 0.04045, values / 12.92, (np.maximum(values, 0.04045) / 1.055 + 0.055 / 1.055) ** 2.4)


def _root(ratio: Floats) -> Floats:
    """CIE's cube root with its line near black."""
    return np.where(ratio > _DARK, np.cbrt(ratio), ratio * np.float32(1 / (3 * (6 / 29) ** 2)) + np.float32(4 / 29))


def _lightness(y: Floats) -> Floats:
    light: Floats = 116 * _root(y) - 16
    return light


def _lab(x: Floats, y: Floats, z: Floats) -> Floats:
    x, y, z = _root(x), _root(y), _root(z)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def _luv(x: Floats, y: Floats, z: Floats) -> Floats:
    """CIE 1976 u*v*: chromaticity about the white's, times lightness."""
    light = _lightness(y)
    x, y, z = (part * np.float32(white) for part, white in zip((x, y, z), WHITE, strict=True))
    total = np.maximum(x + 15 * y + 3 * z, np.float32(1e-6))
    white = WHITE @ [1, 15, 3]
    # Black has no chromaticity; with lightness 0 it does not matter which.
    u = 13 * light * (4 * x / total - 4 * WHITE[0] / white)
    v = 13 * light * (9 * y / total - 9 * WHITE[1] / white)
    return np.stack([light, u, v], axis=1).astype(np.float32)


def _hue_cone(rgb: Floats) -> Floats:
    """Hue, saturation and value as a cone: chroma is the radius and hue the direction, so red is next to red."""
    value, least = rgb.max(axis=1), rgb.min(axis=1)
    # The hexagon's corners, 60° apart, as directions: their sum has the hue, the spread of the channels the length.
    east = rgb @ np.array([1, -0.5, -0.5], np.float32)
    north = rgb @ np.array([0, np.sqrt(0.75), -np.sqrt(0.75)], np.float32)
    length = np.hypot(east, north)
    stretch = np.where(length > 0, (value - least) / np.maximum(length, np.float32(1e-9)), 0)
    return 100 * np.stack([east * stretch, north * stretch, value], axis=1)
