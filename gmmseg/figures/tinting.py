"""The loops that tint, outline and frame what stands in front of a background."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.arrays import Flags
from gmmseg.compiled import compiled
from gmmseg.figures.arguments import Bytes, Integers


def tinted(
    picture: Bytes, mask: Flags, shadow: Flags, tint: Bytes, shade: Bytes, line: Integers, reach: int
) -> None:
    """Tint a picture in place : (h, w, 3), where mask or shadow : (h, w) are.

    tint, shade : (256, 3) uint8
        What becomes of each level of each channel.
    line : (3,)
        The colour of pixels of the mask that are at most `reach` from its edge, along rows or columns. Where the
        picture ends there is no edge.
    """
    _shaded(picture, mask.view(np.uint8), shadow.view(np.uint8), _words(shadow), shade)
    _tinted(picture, mask.view(np.uint8), _words(mask), tint, line.astype(np.uint8), reach)


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
def _shaded(picture: Any, mask: Any, shadow: Any, words: Any, table: Any) -> None:
    h, w = mask.shape
    for y in range(h):
        x = _next(shadow, words, y, 0)
        while x < w:
            if mask[y, x] == 0:
                for channel in range(3):
                    picture[y, x, channel] = table[picture[y, x, channel], channel]
            x = _next(shadow, words, y, x + 1)


@compiled
def _tinted(picture: Any, mask: Any, words: Any, table: Any, line: Any, reach: Any) -> None:
    h, w = mask.shape
    deep = np.empty(w, np.uint8)
    for y in range(h):
        begin = _next(mask, words, y, 0)
        while begin < w:
            end = begin
            while end < w and mask[y, end] != 0:
                end += 1
            deep[begin:end] = 1
            for step in range(1, reach + 1):
                up, down = max(y - step, 0), min(y + step, h - 1)
                for x in range(begin, end):
                    deep[x] &= mask[up, x] & mask[down, x]
            if begin > 0:
                deep[begin : min(end, begin + reach)] = 0
            if end < w:
                deep[max(begin, end - reach) : end] = 0
            for x in range(begin, end):
                for channel in range(3):
                    picture[y, x, channel] = table[picture[y, x, channel], channel] if deep[x] else line[channel]
            begin = _next(mask, words, y, end)


@compiled
def _kept(frame: Any, mask: Any, words: Any, picture: Any) -> None:
    h, w = mask.shape
    for y in range(h):
        x = _next(mask, words, y, 0)
        while x < w:
            for channel in range(3):
                picture[y, x, channel] = frame[y, x, channel]
            x = _next(mask, words, y, x + 1)
