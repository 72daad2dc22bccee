"""A clip: what it is, and its frames one after another."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from fractions import Fraction
from types import TracebackType
from typing import Any, Protocol

import numpy as np

from gmmseg.errors import InputError
from gmmseg.files.clips.frame import Frame


@dataclass(frozen=True)
class Facts:
    """What is known of a clip before its frames are read; see `Clip` for what they mean."""

    name: str
    width: int
    height: int
    dtype: np.dtype[Any]
    colour: bool
    rate: Fraction
    count: int | None
    live: bool = False
    has_sound: bool = False


class Supply(Protocol):
    """Where frames come from, once."""

    facts: Facts

    def frames(self) -> Generator[Frame, None, str | None]:
        """The frames that are wanted; what is returned at the end is what was wrong, or None."""

    def close(self) -> None:
        """Let go of files and threads; may be called again."""


class Clip:
    """Frames of one size and type, one after another: `for frame in clip`.

    A clip from a file or a folder may be gone through again; a live one may not. It is closed by `close`, at the end
    of a `with` block, and of itself when its frames have all been read.

    Attributes
    ----------
    name : str
        What messages call it.
    width, height : int
        Of every frame, turned upright and scaled.
    dtype : numpy dtype
        uint8, or uint16 where the file has more than 8 bits; those are scaled to the full 16.
    colour : bool
        Frames are (h, w, 3) RGB, or else (h, w) grey.
    rate : Fraction
        Frames given in a second, on average.
    count : int or None
        How many frames there will be, where that is known. It is what the file claims: one that is damaged has fewer,
        and one of uneven times may have a few more or less when `start` or `stop` is given.
    live : bool
        A camera, a stream or a pipe, which cannot be read twice.
    has_sound : bool
        Whether there is sound beside the pictures.
    trouble : str or None
        After the frames have been read: where and why the clip broke off. None if it ended as it should.
    notes : list of str
        What was left out on the way, a line each: pictures of a folder that cannot be read.
    """

    def __init__(self, opened: Callable[[list[str]], Supply]) -> None:
        self.notes: list[str] = []
        self.trouble: str | None = None
        self._opened = opened
        self._fresh: Supply | None = opened(self.notes)
        self._open: list[Supply] = [self._fresh]
        self._facts = self._fresh.facts

    @property
    def name(self) -> str:
        """What messages call it."""
        return self._facts.name

    @property
    def width(self) -> int:
        """Pixels in a row."""
        return self._facts.width

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return self._facts.height

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the pixels: uint8 or uint16."""
        return self._facts.dtype

    @property
    def colour(self) -> bool:
        """Whether frames are RGB, or else grey."""
        return self._facts.colour

    @property
    def rate(self) -> Fraction:
        """Frames given in a second, on average."""
        return self._facts.rate

    @property
    def count(self) -> int | None:
        """How many frames there will be, where that is known."""
        return self._facts.count

    @property
    def live(self) -> bool:
        """Whether it cannot be read twice."""
        return self._facts.live

    @property
    def has_sound(self) -> bool:
        """Whether there is sound beside the pictures."""
        return self._facts.has_sound

    def __iter__(self) -> Iterator[Frame]:
        supply = self._fresh
        self._fresh = None
        if supply is None:
            if self.live:
                raise InputError(f"expected to read {self.name} once; got another time; a live clip comes but once")
            self.notes.clear()
            supply = self._opened(self.notes)
            self._open.append(supply)
        return self._frames(supply)

    def _frames(self, supply: Supply) -> Iterator[Frame]:
        self.trouble = None
        try:
            self.trouble = yield from supply.frames()
        finally:
            supply.close()
            if supply in self._open:
                self._open.remove(supply)

    def __enter__(self) -> Clip:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file, the camera or the threads."""
        for supply in self._open:
            supply.close()
        self._open.clear()

    def __repr__(self) -> str:
        return f"Clip({self.name!r}, {self.width} × {self.height}, {float(self.rate):g} frames/s, {self.count} frames)"
