"""A clip as a folder of numbered pictures."""

from __future__ import annotations

import re
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from gmmseg.errors import FileError
from gmmseg.files.image import Samples
from gmmseg.files.pictures import write_picture
from gmmseg.files.sources import shown
from gmmseg.files.targets import folder

_NAME = re.compile(r"(\d{6,})\.png")


class Numbered:
    """000000.png and so on: a picture's number is its time times the rate, or the next that is free.

    Each picture is whole or not there. They stay whatever happens; the folder must have none before, unless they are
    continued.
    """

    def __init__(self, path: Path, rate: Fraction, continues: Path | None, until: float | None) -> None:
        self.path = path
        self._rate = rate
        self._continues = continues
        self._until = until
        self._number = -1
        self._written: list[int] = []

    def begin(self) -> tuple[int, float | None]:
        """Make the folder, and see what is there."""
        folder(self.path)
        there = sorted(int(match[1]) for file in self.path.iterdir() if (match := _NAME.fullmatch(file.name)))
        if self._continues is None:
            if there:
                raise FileError(
                    f"cannot write to the folder {shown(str(self.path))}: expected none of its own pictures there; "
                    f"got {len(there)}; empty it, or choose another"
                )
            return 0, None
        if self._continues.absolute() != self.path.absolute():
            raise FileError(
                f"cannot continue {shown(str(self._continues))} in {shown(str(self.path))}: "
                "expected the same folder; got two; name the first as the output"
            )
        kept = [n for n in there if self._until is None or n <= round(Fraction(self._until) * self._rate)]
        for number in there[len(kept) :]:
            self._file(number).unlink(missing_ok=True)
        self._number = kept[-1] if kept else -1
        return len(kept), float(self._number / self._rate) if kept else None

    def add(self, pixels: Samples, time: float) -> None:
        """Write a picture."""
        self._number = max(self._number + 1, round(Fraction(time) * self._rate))
        write_picture(self._file(self._number), pixels)
        self._written.append(self._number)

    def finish(self) -> None:
        """All is there."""

    def discard(self) -> None:
        """Take away what was written this time, and the folder if nothing else is in it."""
        for number in self._written:
            self._file(number).unlink(missing_ok=True)
        with suppress(OSError, ValueError):  # it is of use to others
            self.path.rmdir()

    def _file(self, number: int) -> Path:
        return self.path / f"{number:06}.png"
