"""The loops that tint, outline and frame what stands in front of a background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.compiled import compiled
from gmmseg.figures.arguments import Bytes, Integers


@dataclass(frozen=True)
class Tint:
    """A pixel p becomes (keep · p + add) / 256.

    Attributes
    ----------
    keep : int
    add : (3,) int64
    """

    keep: int
    add: NDArray[np.int64]

    @classmethod
    def of(cls, color: tuple[int, int, int], strength: float) -> Tint:
        """A tint with this share of a colour."""
        keep = round(256 * (1 - strength))
        return cls(keep, (256 - keep) * np.array(color, np.int64) + 128)


def tinted(picture: Bytes, mask: Flags, shadow: Flags, tint: Tint, shade: Tint, line: Integers, reach: int) -> None:
    """Tint a picture in place : (h, w, 3), where mask or shadow : (h, w) are.

    `line` : (3,) is the colour of pixels of the mask that are at most `reach` from its edge, along rows or columns.
    Where the picture ends there is no edge.
    """
    plain, dark = mask.view(np.uint8), shadow.view(np.uint8)
    _shaded(picture, plain, dark, _words(shadow), shade.keep, shade.add)
    _tinted(picture, plain, _words(mask), tint.keep, tint.add, line.astype(np.uint8), reach)


def kept(frame: Bytes, mask: Flags, picture: Bytes) -> None:
    """Copy a frame's pixels to the picture where the mask is : all (h, w, …)."""
    _kept(frame, mask.view(np.uint8), _words(mask), picture)


def framed(picture: Bytes, boxes: Integers, line: Integers, rim: Integers, reach: int) -> None:
    """Draw boxes : (n, 4) in place, bright lines `reach` wide within each box and a dark rim around it."""
    height, width = picture.shape[:2]
    for x, y, across, down in boxes.tolist():
        for grown, color in ((1, rim), (0, line)):
            left, top = max(0, x - grown), max(0, y - grown)
            right, bottom = min(width, x + across + grown), min(height, y + down + grown)
            thick = reach if grown == 0 else 1
            picture[top : top + thick, left:right] = color
            picture[max(top, bottom - thick) : bottom, left:right] = color
            picture[top:bottom, left : left + thick] = color
            picture[top:bottom, max(left, right - thick) : right] = color


def _words(mask: Flags) -> Any:
    """A mask eight pixels at a time, which tells quickly where there is nothing : (h · w // 8,) uint64."""
    flat = mask.view(np.uint8).ravel()
    return flat[: flat.size // 8 * 8].view(np.uint64)


@compiled
def _next(mask: Any, words: Any, y: Any, x: Any) -> Any:
    """The first column from x on where row y of the mask is set; the width if there is none."""
    width = mask.shape[1]
    while x < width and mask[y, x] == 0:
        x += 1
        if (y * width + x) & 7 == 0:
            word, last = (y * width + x) >> 3, (y * width + width) >> 3
            while word < last and words[word] == 0:
                word += 1
            x = (word << 3) - y * width
    return x


@compiled
def _end(mask: Any, y: Any, x: Any) -> Any:
    """The column behind the run of row y that column x is in."""
    width = mask.shape[1]
    while x < width and mask[y, x] != 0:
        x += 1
    return x


@compiled
def _mixed(row: Any, begin: Any, end: Any, keep: Any, add: Any) -> None:
    """A run of pixels p becomes (keep · p + add) / 256."""
    red, green, blue = add[0], add[1], add[2]
    for x in range(begin, end):
        row[x, 0] = (row[x, 0] * keep + red) >> 8
        row[x, 1] = (row[x, 1] * keep + green) >> 8
        row[x, 2] = (row[x, 2] * keep + blue) >> 8


@compiled
def _shaded(picture: Any, mask: Any, shadow: Any, words: Any, keep: Any, add: Any) -> None:
    h, w = mask.shape
    for y in range(h):
        begin = _next(shadow, words, y, 0)
        while begin < w:
            end = _end(shadow, y, begin)
            first = begin
            while first < end:  # what both claim is the mask's
                last = first
                while last < end and mask[y, last] == 0:
                    last += 1
                _mixed(picture[y], first, last, keep, add)
                first = last + 1
            begin = _next(shadow, words, y, end)


@compiled
def _tinted(picture: Any, mask: Any, words: Any, keep: Any, add: Any, line: Any, reach: Any) -> None:
    h, w = mask.shape
    deep = np.empty(w, np.uint8)
    for y in range(h):
        begin = _next(mask, words, y, 0)
        while begin < w:
            end = _end(mask, y, begin)
            deep[begin:end] = 1
            for step in range(1, reach + 1):
                up, down = mask[max(y - step, 0)], mask[min(y + step, h - 1)]
                for x in range(begin, end):
                    deep[x] &= up[x] & down[x]
            if begin > 0:
                deep[begin : min(end, begin + reach)] = 0
            if end < w:
                deep[max(begin, end - reach) : end] = 0
            _mixed(picture[y], begin, end, keep, add)
            for x in range(begin, end):
                if deep[x] == 0:
                    picture[y, x, 0] = line[0]
                    picture[y, x, 1] = line[1]
                    picture[y, x, 2] = line[2]
            begin = _next(mask, words, y, end)


@compiled
def _kept(frame: Any, mask: Any, words: Any, picture: Any) -> None:
    h, w = mask.shape
    for y in range(h):
        begin = _next(mask, words, y, 0)
        while begin < w:
            end = _end(mask, y, begin)
            picture[y, begin:end] = frame[y, begin:end]
            begin = _next(mask, words, y, end)
