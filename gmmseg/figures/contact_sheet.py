"""Contact sheets: small pictures in rows, each with its name and how much it belongs to its group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, pixels_of

TILE = 128  # pixels across a picture
_GAP, _MARGIN = 14, 30
_CAPTION = 24  # below a picture: a bar, then a line of text
_HEADER, _HEADING = 56, 26  # above a group, and above a section of it
_BETWEEN = 26  # groups
_LEAST = 6  # columns, so that headers have room
_LOW, _HIGH = 72, 128  # heights that tiles may have
_PAPER, _CARD, _TRACK = (250, 250, 248), (238, 238, 235), (222, 222, 218)
_INK, _PALE = (34, 34, 34), (112, 112, 112)
Color = Sequence[int] | NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Tile:
    """One picture of a sheet.

    Attributes
    ----------
    pixels : (h, w, 3) uint8
        It is made smaller where it is wider than `TILE`.
    name : str
    probability : float
        0 to 1.
    """

    pixels: Bytes = field(repr=False)
    name: str
    probability: float


@dataclass(frozen=True, eq=False)
class Section:
    """Rows of pictures under a heading, which may be empty."""

    heading: str
    tiles: Sequence[Tile]


@dataclass(frozen=True, eq=False)
class Group:
    """Pictures that belong together.

    Attributes
    ----------
    title, about : str
        Two lines.
    color : three numbers from 0 to 255
        By which the group is known everywhere.
    swatch : three numbers from 0 to 255
        Its mean colour.
    sections : sequence of Section
    """

    title: str
    about: str
    color: Color
    swatch: Color
    sections: Sequence[Section]


def contact_sheet(groups: Sequence[Group], columns: int = 10) -> Bytes:
    """Draw groups of pictures below each other, in rows of at most so many.

    Returns
    -------
    (h, w, 3) uint8
    """
    sections = [section for group in groups for section in group.sections]
    tiles = [tile for section in sections for tile in section.tiles]
    if not tiles:
        raise InputError("expected at least one picture for a contact sheet; got none")
    if isinstance(columns, bool) or not isinstance(columns, int) or columns < 1:
        raise InputError(f"expected columns as a whole number of at least 1; got {columns!r}")
    columns = max(min(columns, max(len(section.tiles) for section in sections)), min(columns, _LEAST))
    shapes = np.array([pixels_of(tile.pixels).shape[:2] for tile in tiles])
    high = int(np.clip(round(TILE * float(np.median(shapes[:, 0] / shapes[:, 1]))), _LOW, _HIGH))
    width = 2 * _MARGIN + columns * (TILE + _GAP) - _GAP
    sheet = _Sheet(width, _height(groups, columns, high))
    top = _MARGIN
    for group in groups:
        sheet.header(group, top)
        top += _HEADER
        for section in group.sections:
            if section.heading:
                sheet.text(_MARGIN, top + 3, section.heading, 12, _PALE)
                top += _HEADING
            for place, tile in enumerate(section.tiles):
                row, column = divmod(place, columns)
                left = _MARGIN + column * (TILE + _GAP)
                sheet.tile(tile, left, top + row * _step(high), high, group.color)
            top += _rows(section, columns) * _step(high)
        top += _BETWEEN
    return sheet.pixels


def _height(groups: Sequence[Group], columns: int, high: int) -> int:
    tall = 2 * _MARGIN - _GAP - _BETWEEN
    for group in groups:
        tall += _HEADER + _BETWEEN
        tall += sum(_rows(s, columns) * _step(high) + (_HEADING if s.heading else 0) for s in group.sections)
    return tall


def _step(high: int) -> int:
    """From one row to the next."""
    return high + _CAPTION + _GAP


def _rows(section: Section, columns: int) -> int:
    return -(-len(section.tiles) // columns)


class _Sheet:
    """A sheet of paper that is drawn on."""

    def __init__(self, width: int, height: int) -> None:
        from PIL import Image, ImageDraw

        self._image = Image.new("RGB", (width, height), _PAPER)
        self._draw = ImageDraw.Draw(self._image)
        self._fonts: dict[int, Any] = {}

    @property
    def pixels(self) -> Bytes:
        """What was drawn : (h, w, 3) uint8."""
        return np.asarray(self._image)

    def header(self, group: Group, top: int) -> None:
        """The group's colour as a bar, its mean colour as a square, and two lines."""
        color, swatch = (tuple(int(level) for level in given) for given in (group.color, group.swatch))
        self._draw.rectangle((_MARGIN, top, _MARGIN + 5, top + 39), fill=color)
        left = _MARGIN + 14
        self._draw.rectangle((left, top, left + 39, top + 39), fill=swatch, outline=_TRACK)
        self.text(left + 52, top - 1, group.title, 19, _INK)
        self.text(left + 52, top + 24, group.about, 13, _PALE)

    def tile(self, tile: Tile, left: int, top: int, high: int, color: Color) -> None:
        """A picture on its card, the bar of its probability, its name and the probability in percent."""
        from PIL import Image

        card = (left, top, left + TILE - 1, top + high - 1)
        self._draw.rectangle(card, fill=_CARD)
        picture = Image.fromarray(np.ascontiguousarray(tile.pixels))
        picture.thumbnail((TILE, high), Image.Resampling.LANCZOS)
        self._image.paste(picture, (left + (TILE - picture.width) // 2, top + (high - picture.height) // 2))
        below = top + high + 3
        self._draw.rectangle((left, below, left + TILE - 1, below + 2), fill=_TRACK)
        filled = round(TILE * min(1.0, max(0.0, tile.probability)))
        if filled:
            self._draw.rectangle((left, below, left + filled - 1, below + 2), fill=tuple(int(c) for c in color))
        percent = percentage(tile.probability)
        wide = self._length(percent, 11)
        self.text(left + TILE - wide, below + 6, percent, 11, _INK)
        self.text(left, below + 6, self._shortened(tile.name, 11, TILE - wide - 7), 11, _PALE)

    def text(self, left: float, top: int, words: str, size: int, color: tuple[int, int, int]) -> None:
        """A line of text whose capital letters begin near `top`."""
        self._draw.text((left, top), spelt(words), fill=color, font=self._font(size))

    def _font(self, size: int) -> Any:
        from PIL import ImageFont

        if size not in self._fonts:
            self._fonts[size] = ImageFont.load_default(size)
        return self._fonts[size]

    def _length(self, words: str, size: int) -> float:
        return float(self._font(size).getlength(spelt(words)))

    def _shortened(self, name: str, size: int, room: float) -> str:
        """The name, or its beginning and its end: numbers stand at the end."""
        if self._length(name, size) <= room:
            return name
        for kept in range(len(name) - 1, 1, -1):
            head = kept * 2 // 5
            short = f"{name[:head]}…{name[len(name) - (kept - head) :]}"
            if self._length(short, size) <= room:
                return short
        return "…"


def percentage(probability: float) -> str:
    """As people read it: 100 % is what rounds to it in tenths."""
    return "100 %" if probability >= 0.9995 else f"{100 * probability:.1f} %"


def spelt(words: str) -> str:
    """The words in signs that can be drawn: control signs and halves of signs have no shape."""
    return "".join(sign if sign.isprintable() else "?" for sign in words.encode("utf-8", "replace").decode())
