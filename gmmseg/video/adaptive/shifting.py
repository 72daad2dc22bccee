"""A frame where it lies on the background, and its foreground where it lies in the frame."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.video.foreground import Foreground


def shifted(frame: NDArray[Any], down: int, right: int) -> tuple[NDArray[Any], Flags]:
    """The frame whose pixel p is the given one's p + shift, and where there is one."""
    height, width = frame.shape[:2]
    moved, seen = np.zeros_like(frame), np.zeros((height, width), np.bool_)
    to, source = _overlap(height, down), _overlap(width, right)
    moved[to[0], source[0]] = frame[to[1], source[1]]
    seen[to[0], source[0]] = True
    return moved, seen


def back(foreground: Foreground, down: int, right: int, modelled: Flags | None) -> Foreground:
    """The foreground where it lies in the frame."""
    mask, probability, shadow = (
        shifted(array, -down, -right)[0] for array in (foreground.mask, foreground.probability, foreground.shadow)
    )
    if modelled is not None:
        mask, probability, shadow = mask & modelled, probability * modelled, shadow & modelled
    return Foreground(mask, probability, shadow)


def _overlap(size: int, shift: int) -> tuple[slice, slice]:
    """Along one axis, where p and p + shift are both within."""
    size_left = max(0, size - abs(shift))
    to, source = max(0, -shift), max(0, shift)
    return slice(to, to + size_left), slice(source, source + size_left)
