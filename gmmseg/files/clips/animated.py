"""Animations in WebP, which FFmpeg writes but does not read."""

from __future__ import annotations

from collections.abc import Generator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from gmmseg.files.clips.clip import Facts
from gmmseg.files.clips.clock import Clock
from gmmseg.files.clips.damage import reason, unreadable
from gmmseg.files.clips.folder import scaled
from gmmseg.files.clips.frame import Frame
from gmmseg.files.clips.selection import Selection
from gmmseg.files.image import Samples

_USUAL = Fraction(25)
_BROKEN = (OSError, EOFError, SyntaxError, ValueError, IndexError, TypeError, MemoryError)  # what Pillow says no with


def is_webp(path: Path) -> bool:
    """Whether a file begins as WebP does (RFC 9649, 2.4)."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except (OSError, ValueError):  # whoever reads it says why
        return False
    return head[:4] == b"RIFF" and head[8:] == b"WEBP"


class Animated:
    """The frames of an animation, by Pillow; transparency is left out.

    Every frame's length is known only when it has been decoded, so the rate is the first frame's.
    """

    def __init__(self, path: Path, name: str, selection: Selection, scale: float) -> None:
        self._path = path
        self._name = name
        self._selection = selection
        self._scale = scale
        try:
            self._image = self._opened()
            first = self._pixels(0)
        except _BROKEN as error:
            raise unreadable(name, reason(error), "get the file again", "an animation") from None
        self._length = Fraction(int(self._image.info.get("duration") or 0), 1000)
        rate = 1 / self._length if self._length else _USUAL
        self._count = int(getattr(self._image, "n_frames", 1))
        self.facts = Facts(
            name,
            first.shape[1],
            first.shape[0],
            first.dtype,
            colour=True,
            rate=rate / selection.every,
            count=len(selection.range(self._count, rate)),
        )
        self._rate = rate

    def _opened(self) -> Any:
        from gmmseg.files.pillow import undecoded
        from gmmseg.files.wanted import Wanted

        self._file = self._path.open("rb")
        try:
            return undecoded(self._file, Wanted(self._name, suffix=".webp"))
        except BaseException:
            self._file.close()
            raise

    def _pixels(self, index: int) -> Samples:
        """A frame : (h, w, 3) uint8."""
        self._image.seek(index)
        pixels = np.array(self._image.convert("RGB"))
        return pixels if self._scale == 1.0 else scaled(pixels, self._scale)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def frames(self) -> Generator[Frame, None, str | None]:
        """The frames that are wanted."""
        clock = Clock(self._rate)
        for index in range(self._count):
            try:
                pixels = self._pixels(index)
            except _BROKEN as error:
                return f"broke off at frame {index}: {reason(error)}"
            time = clock.tell(Fraction(int(self._image.info.get("timestamp") or 0), 1000))
            if time >= self._selection.stop:
                return None
            if self._selection.takes(index, time):
                yield Frame(pixels, index, time)
        return None
