"""How different the two sides of every pixel are, in every direction: by colours, by textures and by mean colour."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.arrays import Floats
from gmmseg.compiled import compiled
from gmmseg.crew import Crew
from gmmseg.parts.growth.blurring import blurred
from gmmseg.parts.growth.discs import DIRECTIONS, disc_gradients
from gmmseg.parts.growth.evidence import Evidence
from gmmseg.parts.growth.halving import doubled, halved
from gmmseg.parts.growth.recipe import Recipe

_FINE = 2.0  # scales of palettes up to here are looked at in full size
_HALF = 4.8  # ΔE across a pixel, times the scale, that counts as half a border


def channels_of(planes: Floats, evidence: Evidence, recipe: Recipe, crew: Crew) -> tuple[Floats, ...]:
    """Gradients : (DIRECTIONS, h, w) float32 each, from 0 to 1.

    In the order of the recipe's scales: of palettes, of textures, of steps in `planes` : (3, h, w).
    """
    shape = (planes.shape[1], planes.shape[2])
    coarse = [(evidence.textures, scale) for scale in recipe.texture_scales]
    found = [disc_gradients(evidence.palettes, scale, crew) for scale in recipe.palette_scales if scale <= _FINE]
    if len(found) < len(recipe.palette_scales):
        half = halved(evidence.palettes, crew)
        coarse = [(half, scale) for scale in recipe.palette_scales if scale > _FINE] + coarse
    found += [doubled(disc_gradients(stack, scale / 2, crew), shape, crew) for stack, scale in coarse]
    found += [steps(planes, scale, crew) for scale in recipe.step_scales]
    return tuple(found)


def steps(planes: Floats, scale: float, crew: Crew) -> Floats:
    """e/(e + 4.8/scale) of the slope e of L*a*b* : (3, h, w) across each direction : (DIRECTIONS, h, w) float32."""
    soft = blurred(planes, scale, crew)
    _, h, w = soft.shape
    out = np.empty((DIRECTIONS, h, w), np.float32)
    angles = (np.arange(DIRECTIONS) * np.pi / DIRECTIONS).astype(np.float32)
    half = np.float32(_HALF / scale)
    crew.share(lambda begin, end: _sloped(soft, np.cos(angles), np.sin(angles), half, begin, end, out), h, least=16)
    return out


def landscape(channels: tuple[Floats, ...], recipe: Recipe, crew: Crew) -> Floats:
    """The weighted sum of the channels in the direction where it is largest, smoothed : (h, w) float32."""
    total = np.zeros_like(channels[0])
    for channel, weight in zip(channels, recipe.emphasis, strict=True):
        if weight:
            total += np.float32(weight) * channel
    smooth: Floats = blurred(total.max(axis=0)[None], recipe.smooth, crew)[0]
    return smooth


@compiled
def _sloped(soft: Any, cosines: Any, sines: Any, half: Any, begin: Any, end: Any, out: Any) -> None:
    _, h, w = soft.shape
    for y in range(begin, end):
        above, below = max(0, y - 1), min(h - 1, y + 1)
        for a in range(len(cosines)):
            for x in range(w):
                left, right = max(0, x - 1), min(w - 1, x + 1)
                total = np.float32(0)
                for c in range(3):
                    down = np.float32(0.5) * (soft[c, below, x] - soft[c, above, x])
                    across = np.float32(0.5) * (soft[c, y, right] - soft[c, y, left])
                    slope = cosines[a] * down - sines[a] * across
                    total += slope * slope
                slope = np.sqrt(total)
                out[a, y, x] = slope / (slope + half)
