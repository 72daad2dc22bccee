"""Colours that can be told apart, by colour-blind people too."""

from __future__ import annotations

from functools import cache

import numpy as np

from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.perception import DICHROMACY, oklab

MOST = 255
# Okabe and Ito's set (2008), in an order in which neighbours differ in lightness too.
_OKABE_ITO = (
    (0, 114, 178),
    (230, 159, 0),
    (0, 158, 115),
    (204, 121, 167),
    (240, 228, 66),
    (86, 180, 233),
    (213, 94, 0),
    (0, 0, 0),
)
# Dichromats see a plane of colours, so among many colours their distances would decide everything; they count as
# this much larger than they are.
_LENIENCE = 1.5


def distinct_colors(k: int) -> Bytes:
    """Colours as different from each other as can be : (k, 3) uint8.

    The first eight are Okabe and Ito's. Each further one is the colour farthest from all before it, in the least of
    its distances as people with normal sight, deuteranopia and protanopia see them; so the first colours of a longer
    palette are those of a shorter one.

    Parameters
    ----------
    k : int
        1 to 255.
    """
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or not 1 <= k <= MOST:
        raise InputError(f"expected a whole number of colours from 1 to {MOST}; got {k!r}")
    if k <= len(_OKABE_ITO):
        return np.array(_OKABE_ITO[:k], np.uint8)
    return _first_colors(min(MOST, 1 << int(k - 1).bit_length()))[:k].copy()


@cache
def _first_colors(count: int) -> Bytes:
    """So many, more than eight: to find all of them takes longer than what else a picture needs colours for."""
    steps = np.linspace(0, 255, 18).round()
    candidates = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3).astype(np.uint8)
    lightness = oklab(candidates)[:, 0]
    candidates = candidates[(lightness > 0.25) & (lightness < 0.97)]  # neither like black nor like paper
    chosen = [np.array(color, np.uint8) for color in _OKABE_ITO]
    sights = (None, *DICHROMACY)
    seen = [oklab(candidates, sight) for sight in sights]
    distance = np.full(len(candidates), np.inf)
    for position in range(count):
        if position == len(chosen):
            chosen.append(candidates[int(distance.argmax())])
        for sight, places in zip(sights, seen, strict=True):
            own = np.linalg.norm(places - oklab(chosen[position], sight), axis=1)
            np.minimum(distance, own if sight is None else own * _LENIENCE, out=distance)
    return np.array(chosen)
