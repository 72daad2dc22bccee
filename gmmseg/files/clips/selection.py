"""Which frames of a clip are wanted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from gmmseg.arguments import is_number, require_count
from gmmseg.errors import InputError


@dataclass(frozen=True)
class Selection:
    """Frames with start ≤ time < stop whose index is a multiple of `every`.

    Counting by the index, not from the first frame that is read, lets a clip that is taken up again in its midst give
    the frames that it would have given anyway.
    """

    start: float = 0.0
    stop: float = math.inf
    every: int = 1

    @staticmethod
    def of(start: object, stop: object, every: object) -> Selection:
        """What a caller asked for, checked."""
        first = 0.0 if start is None else seconds("start", start)
        last = math.inf if stop is None else seconds("stop", stop)
        if last <= first:
            raise InputError(f"expected stop after start ({first:g} s); got {last:g} s")
        return Selection(first, last, require_count("every", every))

    def takes(self, index: int, time: float) -> bool:
        """Whether a frame is wanted."""
        return index % self.every == 0 and self.start <= time < self.stop

    def range(self, total: int, rate: Fraction) -> range:
        """The indices that are wanted among `total` frames that are evenly spaced."""
        begin = math.ceil(Fraction(self.start) * rate)
        end = total if self.stop == math.inf else min(total, math.ceil(Fraction(self.stop) * rate))
        return range(-(-begin // self.every) * self.every, end, self.every)


def seconds(name: str, given: object) -> float:
    """A time of at least 0."""
    if not is_number(given) or float(given) < 0:  # type: ignore[arg-type]
        raise InputError(f"expected {name} as seconds of at least 0; got {given!r}")
    return float(given)  # type: ignore[arg-type]


def frames_per_second(given: object) -> Fraction:
    """A rate as a fraction: 30000/1001 and 25 are exact, and 29.97 is taken for what it stands for."""
    if isinstance(given, Fraction | int) and not isinstance(given, bool):
        rate = Fraction(given)
    elif is_number(given):
        near = round(float(given) * 1.001)  # type: ignore[arg-type]
        film = Fraction(near * 1000, 1001)
        exact = Fraction(float(given)).limit_denominator(1000)  # type: ignore[arg-type]
        rate = film if abs(float(film) - float(given)) < 0.006 and exact.denominator > 1 else exact  # type: ignore[arg-type]
    else:
        rate = Fraction(0)
    if not 0 < rate <= 100_000:
        raise InputError(f"expected a rate in frames a second above 0; got {given!r}")
    return rate
