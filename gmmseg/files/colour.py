"""Pictures whose ICC profile means other colours than sRGB, converted to sRGB."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gmmseg.files.image import Image, Samples
from gmmseg.files.profiles import space_of, srgb_of

_NEAR = 1  # 8-bit levels: sRGB profiles of different makers differ that much
_BLOCK = 1 << 20  # pixels at a time: the colour engine wants what it converts in one piece


def in_srgb(image: Image) -> Image:
    """The picture in sRGB, in its own depth and without a profile.

    The same object comes back where there is nothing to do: no profile, one whose colours are those of sRGB within
    one 8-bit level, bands, or a profile that is broken or speaks of another colour space (which is ignored, as
    viewers do). Floats are converted as they are. Conversion is relative colorimetric with black point compensation.
    """
    profile = image.profile
    if profile is None or image.colour == "bands":
        return image
    space = space_of(profile)
    if space not in {"RGB", "GRAY"} or (space == "GRAY" and image.colour == "rgb"):
        return image
    try:
        converted = _converted(image, profile, space)
    except (RuntimeError, ValueError, TypeError):
        return image
    return image if converted is None else replace(image, pixels=converted, profile=None)


def _converted(image: Image, profile: bytes, space: str) -> Samples | None:
    if image.colour == "grey":
        return _grey(image.pixels, profile, space)
    corners = np.linspace(0, 255, 9).round().astype(np.uint8)
    lattice = np.stack(np.meshgrid(corners, corners, corners, indexing="ij"), axis=-1).reshape(1, -1, 3)
    if _is_near(lattice, srgb_of(lattice, profile, "rgb")):
        return None
    pixels = image.pixels
    converted = np.empty(pixels.shape, pixels.dtype)
    height = max(1, _BLOCK // image.width)
    for top in range(0, image.height, height):
        converted[top : top + height] = srgb_of(pixels[top : top + height], profile, "rgb")
    return converted


def _grey(pixels: Samples, profile: bytes, space: str) -> Samples | None:
    """Greys through a table of all of them; a profile of RGB says what its greys mean."""
    whole = pixels.dtype.kind == "u"
    full = np.iinfo(pixels.dtype).max if whole else 65535
    ramp: Samples = np.arange(full + 1, dtype=np.uint8 if full == 255 else np.uint16).reshape(1, -1, 1)
    spread, engine_space = (np.repeat(ramp, 3, axis=2), "rgb") if space == "RGB" else (ramp[..., 0], "gray")
    table = np.ascontiguousarray(srgb_of(spread, profile, engine_space)[0, :, 1])
    step = full // 255
    if _is_near(ramp[0, ::step, 0] // step, table[::step] / step):
        return None
    if whole:
        return np.asarray(table[pixels])
    return np.interp(pixels, ramp[0, :, 0] / full, table / full).astype(np.float32)


def _is_near(before: Samples, after: Any) -> bool:
    return bool(np.abs(after - before.astype(np.float64)).max() <= _NEAR)
