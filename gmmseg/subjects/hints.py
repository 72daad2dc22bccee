"""What a user says of where the subject is: a box, marks on it, marks beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gmmseg.arrays import Flags
from gmmseg.errors import InputError
from gmmseg.files import Image, read

Box = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Hints:
    """Where the subject surely is and is not.

    Attributes
    ----------
    box : (x, y, width, height) or None
        In pixels; the subject lies within, and touches all four sides, about.
    foreground, background : (h, w) bool
        Pixels that surely are of the subject, and that surely are not. What lies outside of the box is in
        `background`, but for what is marked as foreground.
    """

    box: Box | None
    foreground: Flags
    background: Flags

    def within(self, window: tuple[slice, slice]) -> Hints:
        """The hints for some rows and columns of the picture, which hold the box."""
        box = self.box
        if box is not None:
            box = (box[0] - window[1].start, box[1] - window[0].start, box[2], box[3])
        return Hints(box, self.foreground[window], self.background[window])

    def shrunk(self, height: int, width: int) -> Hints:
        """The hints for the picture at a smaller size; a cell is marked where any of its pixels is."""
        full = self.foreground.shape
        if full == (height, width):
            return self
        foreground, ground = (_any(flags, height, width) for flags in (self.foreground, self.marked))
        box = None
        background = ground & ~foreground
        if self.box is not None:
            down, across = height / full[0], width / full[1]
            x, y, w, h = self.box
            left, top = min(round(x * across), width - 1), min(round(y * down), height - 1)
            right, bottom = max(left + 1, round((x + w) * across)), max(top + 1, round((y + h) * down))
            box = (left, top, right - left, bottom - top)
            background |= _outside(box, (height, width)) & ~foreground
        return Hints(box, foreground & ~background, background)

    @property
    def marked(self) -> Flags:
        """Background that was marked as such."""
        if self.box is None:
            return self.background
        return np.asarray(self.background & ~_outside(self.box, self.background.shape))


def hints_of(image: Image, box: Any, foreground: Any, background: Any) -> Hints:
    """What is said of a picture, checked.

    box : (x, y, width, height) or None. foreground, background : (h, w) array, picture, path or None; not 0 is marked.
    """
    shape = image.valid.shape
    if box is None and foreground is None:
        raise InputError("expected a box around the subject or marks on it; got neither; give box or foreground")
    inside, outside = _marks("foreground", foreground, shape), _marks("background", background, shape)
    both = inside & outside
    if both.any():
        y, x = np.argwhere(both)[0]
        raise InputError(
            f"expected pixels marked as foreground or background; got {int(both.sum())} that are both, as ({x}, {y})"
        )
    if foreground is not None and not (inside & image.valid).any() and box is None:
        raise InputError("expected marks on the subject; got none that is not 0; draw some in white on black")
    chosen = None
    if box is not None:
        chosen = _box(box, shape)
        outside |= _outside(chosen, shape) & ~inside
        if not (image.valid & ~outside).any():
            raise InputError(f"expected a box with pixels to look at; all in {_told(chosen)} are left out")
        if not (image.valid & outside).any() and not inside.any():
            raise InputError(
                f"expected a box with some background around it; got {_told(chosen)} of {shape[1]}×{shape[0]} pixels; "
                "make it smaller, or mark background"
            )
    return Hints(chosen, inside & image.valid, outside & image.valid)


def _told(box: Box) -> str:
    return ",".join(map(str, box))


def _box(given: Any, shape: tuple[int, int]) -> Box:
    """A box of whole pixels within the picture."""
    try:
        values = [float(value) for value in given]
    except (TypeError, ValueError):
        values = []
    if len(values) != 4 or not np.isfinite(values).all():
        raise InputError(f"expected a box as x, y, width and height; got {given!r}")
    x, y, w, h = (round(value) for value in values)
    height, width = shape
    if w < 1 or h < 1:
        raise InputError(f"expected a box of at least one pixel; got {_told((x, y, w, h))}; give x, y, width, height")
    left, top, right, bottom = max(0, x), max(0, y), min(width, x + w), min(height, y + h)
    if x < 0 or y < 0 or x + w > width or y + h > height:
        raise InputError(
            f"expected a box within {width}×{height} pixels; got {_told((x, y, w, h))}; give x, y, width, height"
        )
    return left, top, right - left, bottom - top


def _outside(box: Box, shape: tuple[int, ...]) -> Flags:
    x, y, w, h = box
    outside = np.ones(shape, np.bool_)
    outside[y : y + h, x : x + w] = False
    return outside


def _marks(name: str, given: Any, shape: tuple[int, int]) -> Flags:
    """Where any channel is not 0 : (h, w) bool."""
    if given is None:
        return np.zeros(shape, np.bool_)
    marks = read(given)
    if marks.valid.shape != shape:
        raise InputError(
            f"expected {name} marks of the picture's size, {shape[1]}×{shape[0]}; got {marks.width}×{marks.height}; "
            "make them from the upright picture"
        )
    return np.asarray(marks.valid & marks.pixels.any(axis=2))


def _any(flags: Flags, height: int, width: int) -> Flags:
    """Whether any pixel of each cell is set : (height, width)."""
    rows, columns = np.nonzero(flags)
    cells = np.zeros((height, width), np.bool_)
    cells[rows * height // flags.shape[0], columns * width // flags.shape[1]] = True
    return cells
