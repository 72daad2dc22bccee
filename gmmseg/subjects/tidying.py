"""Islands far from the subject and pinholes in it, which nobody draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags, Floats
from gmmseg.subjects.hints import Hints
from gmmseg.subjects.recipe import Recipe


def tidied(odds: Floats, hints: Hints, recipe: Recipe) -> Floats:
    """Odds : (h, w) that are turned where pieces of the subject or of the ground are small and bear no mark.

    Without a box, pieces of the subject must bear a mark, however large they are: without it, all the picture's things
    of its colours would be subjects too.
    """
    from scipy.ndimage import label

    inside = odds > 0
    pieces, count = label(inside)
    areas = np.bincount(pieces.ravel(), minlength=count + 1)
    kept = _touched(pieces, count, hints.foreground)
    if hints.box is not None and count:
        kept |= areas >= recipe.island * areas[1:].max()
    turned = np.where(inside & ~kept[pieces], -odds, odds)
    gaps, count = label(turned <= 0)
    areas = np.bincount(gaps.ravel(), minlength=count + 1)
    kept = areas >= recipe.hole * int((~hints.background).sum() if hints.box is not None else (turned > 0).sum())
    kept |= _touched(gaps, count, hints.background | ~np.isfinite(odds))
    return np.where((turned <= 0) & ~kept[gaps], np.maximum(-turned, np.float32(1)), turned)


def _touched(pieces: NDArray[np.int32], count: int, marks: Flags) -> Flags:
    """Which pieces have a marked pixel : (count + 1,)."""
    touched = np.zeros(count + 1, np.bool_)
    touched[pieces[marks]] = True
    return touched
