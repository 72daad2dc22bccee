"""How likely a pixel is of the subject by its place alone.

What people put a box around fills two thirds of it, and less towards its sides: a quarter at the side itself. A side on
the picture's rim is no end of the subject, only of what is seen of it, and says nothing. Of marks without a box, the
picture's rim is the box, and every side of it counts.
"""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.subjects.hints import Hints
from gmmseg.subjects.recipe import Recipe


def odds_by_place(hints: Hints, recipe: Recipe) -> Doubles:
    """Log-odds of each pixel : (h, w) float64; what lies outside of the box has those of its nearest side."""
    height, width = hints.foreground.shape
    x, y, w, h = hints.box or (0, 0, width, height)
    alone = hints.box is None
    across = _sides(width, x, w, (alone or x > 0, alone or x + w < width), recipe.reach)
    down = _sides(height, y, h, (alone or y > 0, alone or y + h < height), recipe.reach)
    return recipe.inside - recipe.sides * (down[:, None] + across[None, :])


def _sides(size: int, begin: int, length: int, counts: tuple[bool, bool], reach: float) -> Doubles:
    """Σ exp(−d / reach) of two opposite sides along one axis : (size,)."""
    share = np.clip((np.arange(size) + 0.5 - begin) / length, 0, 1)
    near: Doubles = counts[0] * np.exp(-share / reach) + counts[1] * np.exp(-(1 - share) / reach)
    return near
