"""The time of each frame, which only ever grows."""

from __future__ import annotations

from fractions import Fraction

_JUMP = 1.0  # seconds; a larger step back is a new beginning


class Clock:
    """Tells seconds from a clip's first frame, whatever its time stamps do.

    A stamp that is missing, or that does not lie behind the one before, would let time stand still. Small steps back
    are flaws of single frames, so they take the smallest step forward. A large one is a new beginning (clips that were
    joined, counters that ran over): what follows is counted from there.
    """

    def __init__(self, rate: Fraction) -> None:
        self._frame = float(1 / rate)
        self._zero: Fraction | None = None
        self._shift = 0.0
        self._last: float | None = None

    @property
    def last(self) -> float:
        """The time that was told last."""
        return self._last or 0.0

    def tell(self, stamp: Fraction | None) -> float:
        """Seconds, for a frame with this time stamp in seconds (None: it has none)."""
        if self._last is None:
            self._zero = stamp
            self._last = 0.0
            return 0.0
        if stamp is None:
            time = self._last + self._frame
        else:
            if self._zero is None:
                self._zero = stamp - Fraction(self._last + self._frame)
            time = float(stamp - self._zero) + self._shift
            if time <= self._last - _JUMP:
                self._shift += self._last + self._frame - time
                time = self._last + self._frame
            elif time <= self._last:
                time = self._last + min(1e-3, self._frame / 4)
        self._last = time
        return time
