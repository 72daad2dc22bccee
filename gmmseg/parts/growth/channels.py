"""How different the two sides of every pixel are, in every direction: by colours, by textures and by mean colour."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.arrays import Floats
from gmmseg.compiled import compiled
from gmmseg.crew import Crew
from gmmseg.parts.growth.blurring import blurred, halved
from gmmseg.parts.growth.discs import DIRECTIONS, disc_gradients
from gmmseg.parts.growth.evidence import Evidence
from gmmseg.parts.growth.recipe import Recipe

_FINE = 2.0  # scales of palettes up to here are looked at in full size
_HALF = 4.8  # ΔE across a pixel, times the scale, that counts as half a border


def channels_of(planes: Floats, evidence: Evidence, recipe: Recipe, crew: Crew) -> tuple[Floats, ...]:
    """Gradients : (DIRECTIONS, h, w), or (DIRECTIONS, ⌈h/2⌉, ⌈w/2⌉), float32 from 0 to 1.

    In the order of the recipe's scales: of palettes, of textures, of steps in `planes` : (3, h, w).
    """
    half = halved(evidence.palettes)
    found = [
        disc_gradients(evidence.palettes, scale, crew) if scale <= _FINE else disc_gradients(half, scale / 2, crew)
        for scale in recipe.palette_scales
    ]
    found += [disc_gradients(evidence.textures, scale / 2, crew) for scale in recipe.texture_scales]
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


def landscape(channels: tuple[Floats, ...], shape: tuple[int, int], recipe: Recipe, crew: Crew) -> Floats:
    """The weighted sum of the channels in the direction where it is largest, smoothed : (h, w) float32."""
    total = np.zeros((DIRECTIONS, *shape), np.float32)
    coarse = np.zeros((DIRECTIONS, (shape[0] + 1) // 2, (shape[1] + 1) // 2), np.float32)
    for channel, weight in zip(channels, recipe.emphasis, strict=True):
        if weight:
            whole = total if channel.shape == total.shape else coarse
            whole += np.float32(weight) * channel
    _doubled(coarse, total)
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


@compiled
def _doubled(coarse: Any, total: Any) -> None:
    """Add planes of half the size, interpolated between their pixels."""
    directions, h, w = total.shape
    near, far = np.float32(0.75), np.float32(0.25)
    line = np.empty(coarse.shape[2], np.float32)
    for a in range(directions):
        for y in range(h):
            own = y // 2
            other = min(max(own + 2 * (y % 2) - 1, 0), coarse.shape[1] - 1)
            for x in range(len(line)):
                line[x] = near * coarse[a, own, x] + far * coarse[a, other, x]
            for x in range(w):
                mine = x // 2
                beside = min(max(mine + 2 * (x % 2) - 1, 0), len(line) - 1)
                total[a, y, x] += near * line[mine] + far * line[beside]
