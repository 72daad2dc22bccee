"""How likely a pixel is of the subject by its place alone.

What people put a box around fills two thirds of it, and less towards its sides: a quarter at the side itself. A side on
the picture's rim is no end of the subject, only of what is seen of it, and says nothing. Without a box the marks say
where the subject is: what is nearer to those on it than to those beside it, or to the picture's rim, is rather its own.
"""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles, Flags
from gmmseg.subjects.hints import Box, Hints
from gmmseg.subjects.recipe import Recipe


def odds_by_place(hints: Hints, recipe: Recipe) -> Doubles:
    """Log-odds of each pixel : (h, w) float64; what lies outside of the box has those of its nearest side."""
    if hints.box is None:
        return recipe.inside * _nearness(hints.foreground, hints.background)
    return recipe.inside - recipe.sides * _sides(hints.box, hints.foreground.shape, recipe.reach)


def _sides(box: Box, shape: tuple[int, ...], reach: float) -> Doubles:
    """Σ exp(−d / reach) over the sides of the box : (h, w)."""
    x, y, w, h = box
    across = _along(shape[1], x, w, reach)
    down = _along(shape[0], y, h, reach)
    return np.asarray(down[:, None] + across[None, :])


def _along(size: int, begin: int, length: int, reach: float) -> Doubles:
    """Two opposite sides along one axis : (size,)."""
    share = np.clip((np.arange(size) + 0.5 - begin) / length, 0, 1)
    first, last = begin > 0, begin + length < size
    near: Doubles = first * np.exp(-share / reach) + last * np.exp(-(1 - share) / reach)
    return near


def _nearness(foreground: Flags, background: Flags) -> Doubles:
    """From −1 on the background's marks to 1 on the subject's : (h, w)."""
    from scipy.ndimage import distance_transform_edt

    own = distance_transform_edt(~foreground)
    if background.any():
        other = distance_transform_edt(~background)
    else:
        other = distance_transform_edt(np.pad(np.ones(background.shape, np.bool_), 1))[1:-1, 1:-1]
    nearness: Doubles = (other - own) / np.maximum(other + own, 1)
    return nearness
