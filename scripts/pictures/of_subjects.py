"""A subject cut out by a box, and mended by marks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from panels import IMAGES, Pixels, beside, resized

import gmmseg
from gmmseg.files import write_picture

_BOX = (70, 10, 410, 380)
_MARKS = (np.s_[50:120, 281:289], np.s_[284:292, 230:300])  # a stroke inside of the cup, one in its shadow
_PAPER = (225, 232, 228)
_PANEL = (380, 253)


def cutout(path: Path) -> None:
    """What is said of the photo's subject, what a box alone finds, and what it finds with marks."""
    photo = IMAGES / "coffee.jpg"
    marks = np.zeros((400, 600), np.uint8)
    for mark in _MARKS:
        marks[mark] = 255
    boxed = gmmseg.cutout(photo, box=_BOX)
    mended = gmmseg.cutout(photo, box=_BOX, foreground=marks)
    views = [_told(boxed.picture), *(_on_paper(found.picture, found.alpha) for found in (boxed, mended))]
    titles = ["a box, and marks", "by the box alone", "by both"]
    write_picture(path, beside([resized(view, *_PANEL) for view in views], titles), quality=88)


def _told(picture: Pixels) -> Pixels:
    """The photo with the box in orange and the marks in green."""
    told = picture.copy()
    x, y, width, height = _BOX
    inner = told[y + 3 : y + height - 3, x + 3 : x + width - 3].copy()
    told[y : y + height, x : x + width] = 255, 150, 0
    told[y + 3 : y + height - 3, x + 3 : x + width - 3] = inner
    for mark in _MARKS:
        told[mark] = 0, 190, 110
    return told


def _on_paper(picture: Pixels, alpha: NDArray[np.float32]) -> Pixels:
    shares = alpha[..., None]
    return np.asarray(np.rint(shares * picture + (1 - shares) * np.array(_PAPER, np.float32)), np.uint8)
