"""Clips that FFmpeg reads."""

from __future__ import annotations

from collections.abc import Generator
from fractions import Fraction
from itertools import chain
from pathlib import Path

from gmmseg.files.clips.addresses import Address
from gmmseg.files.clips.clip import Facts
from gmmseg.files.clips.clock import Clock
from gmmseg.files.clips.damage import reason, unreadable
from gmmseg.files.clips.frame import Frame
from gmmseg.files.clips.reel import Reel, unstreamed
from gmmseg.files.clips.samples import Developing
from gmmseg.files.clips.selection import Selection
from gmmseg.files.clips.whole import is_cut

_USUAL = Fraction(25)  # frames a second, where nothing tells


class Contained:
    """The frames of a container that are wanted; the first of all is decoded at once, to know what they are like."""

    def __init__(self, address: Address, selection: Selection, scale: float, notes: list[str]) -> None:
        self._selection = selection
        self._notes = notes
        self._path = None if address.live else Path(str(address.target).removeprefix("file:"))
        self._reel = Reel(address)
        try:
            self.facts = self._begun(address, scale)
        except BaseException:
            self.close()
            raise

    def _begun(self, address: Address, scale: float) -> Facts:
        reel, wanted = self._reel, self._selection
        first = next(reel.frames(), None)
        if first is None and address.live and not address.lossy:
            raise unstreamed(address.name)
        if first is None:
            raise unreadable(address.name, reel.trouble or "no frame in it", "get the file again")
        self._first = first
        try:
            self._developing = Developing(first, scale)
            self._developing(first)
        except (ValueError, OSError, MemoryError) as error:
            raise unreadable(address.name, f"frames in {first.format.name} ({reason(error)})", "convert it") from None
        self._rate = rate_of(reel.stream)
        total = frames_of(reel, self._rate)
        return Facts(
            address.name,
            self._developing.width,
            self._developing.height,
            self._developing.dtype,
            self._developing.colour,
            self._rate / wanted.every,
            None if total is None or address.live else len(wanted.range(total, self._rate)),
            address.live,
            bool(reel.container.streams.audio),
        )

    def close(self) -> None:
        """Close the container."""
        self._reel.close()

    def frames(self) -> Generator[Frame, None, str | None]:
        """The frames that are wanted."""
        reel, wanted = self._reel, self._selection
        clock = Clock(self._rate)
        base = reel.stream.time_base or Fraction(1, 90000)
        first = self._first
        clock.tell(_seconds(first.pts, base))
        moved = wanted.start > 0 and first.pts is not None and reel.wind(first.pts + int(wanted.start / base))
        index = 0
        for frame in reel.frames() if moved else chain([first], reel.frames()):
            if moved:
                index, moved = reel.number(frame), False
            time = 0.0 if frame is first else clock.tell(_seconds(frame.pts, base))
            if time >= wanted.stop:
                return None
            if wanted.takes(index, time):
                try:
                    pixels = self._developing(frame)
                except (ValueError, OSError, MemoryError) as error:
                    return f"broke off at frame {index}: {reason(error)}"
                yield Frame(pixels, index, time)
            index += 1
        if reel.lost and not reel.trouble:
            self._notes.append(f"{self.facts.name}: {reel.lost} damaged pieces were left out")
        trouble = reel.trouble or self._missing(clock.last)
        return f"broke off at frame {index}: {trouble}" if trouble else None

    def _missing(self, end: float) -> str | None:
        """What is wrong with a file whose frames have ended without complaint, the last of them at `end`."""
        reel = self._reel
        if reel.lossy:
            return None
        if self._path is not None and is_cut(self._path):
            return "the file is cut short"
        promised = (reel.container.duration or 0) / 1_000_000
        if not self.facts.has_sound and promised - end > max(1.0, 10 / float(self._rate)):
            return f"the file promises {promised:.1f} s"
        return None


def rate_of(stream: object) -> Fraction:
    """Frames a second, on average, as the container tells."""
    for name in ("average_rate", "guessed_rate", "base_rate"):
        rate = getattr(stream, name, None)
        if rate is not None and 0 < rate <= 100_000:
            return Fraction(rate)
    return _USUAL


def frames_of(reel: Reel, rate: Fraction) -> int | None:
    """How many frames there are, as the container tells."""
    if reel.stream.frames:
        return int(reel.stream.frames)
    if not reel.lossy and reel.stream.duration and reel.stream.time_base:
        return max(1, round(reel.stream.duration * reel.stream.time_base * rate))
    if not reel.lossy and reel.container.duration and reel.container.duration > 0:
        return max(1, round(Fraction(reel.container.duration, 1_000_000) * rate))
    return None


def _seconds(stamp: int | None, base: Fraction) -> Fraction | None:
    return None if stamp is None else stamp * base
