"""Clips that are nothing but pixels, one frame behind another."""

from __future__ import annotations

from collections.abc import Generator
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from gmmseg.files.clips.clip import Facts
from gmmseg.files.clips.damage import reason, unreadable
from gmmseg.files.clips.folder import scaled
from gmmseg.files.clips.frame import Frame
from gmmseg.files.clips.selection import Selection

FORMATS = {"rgb24": ("<u1", True), "gray8": ("<u1", False), "gray16": ("<u2", False)}


class Raw:
    """Frames cut from a stream of bytes.

    Parameters
    ----------
    file : binary file
    name : str
    size : (int, int)
        Width and height.
    pixel_format : str
        rgb24, gray8 or gray16 (least byte first).
    """

    def __init__(
        self,
        file: Any,
        name: str,
        size: tuple[int, int],
        pixel_format: str,
        selection: Selection,
        scale: float,
        rate: Fraction,
        live: bool,
    ) -> None:
        dtype, colour = FORMATS[pixel_format]
        self._file = file
        self._dtype = np.dtype(dtype)
        self._shape = (size[1], size[0], 3) if colour else (size[1], size[0])
        self._scale = scale
        self._rate = rate
        self._selection = selection
        try:
            self._first = self._next()
        except OSError as error:
            raise unreadable(name, reason(error), "check it") from None
        if len(self._first) < self._bytes:
            what = f"{len(self._first)} bytes where a frame has {self._bytes}" if self._first else "nothing"
            raise unreadable(name, what, "check the size and the pixel format", "raw frames")
        shown = self._pixels(self._first)
        self.facts = Facts(
            name, shown.shape[1], shown.shape[0], shown.dtype, colour, rate / selection.every, None, live=live
        )

    @property
    def _bytes(self) -> int:
        return prod(self._shape) * self._dtype.itemsize

    def _next(self) -> bytes:
        """A frame's bytes, or what there is before the end."""
        pieces: list[bytes] = []
        missing = self._bytes
        while missing:
            piece = self._file.read(missing)
            if not piece:
                break
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def _pixels(self, data: bytes) -> Any:
        pixels = np.frombuffer(data, self._dtype).reshape(self._shape).astype(self._dtype.newbyteorder("="))
        return pixels if self._scale == 1.0 else scaled(pixels, self._scale)

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if not self.facts.live:
            self._file.close()

    def frames(self) -> Generator[Frame, None, str | None]:
        """The frames that are wanted."""
        data, index = self._first, 0
        while len(data) == self._bytes:
            time = float(index / self._rate)
            if time >= self._selection.stop:
                return None
            if self._selection.takes(index, time):
                yield Frame(self._pixels(data), index, time)
            index += 1
            try:
                data = self._next()
            except OSError as error:
                return f"broke off at frame {index}: {reason(error)}"
        return f"broke off at frame {index}: the stream ended within it" if data else None
