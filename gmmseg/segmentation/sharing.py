"""What soft masks come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from gmmseg.arrays import Floats


class Sharing(Protocol):
    """How much each pixel belongs to each of k segments, made band by band: all at once is k times the picture."""

    @property
    def axes(self) -> tuple[str, ...]:
        """The names of what the mixture's means are measured in."""

    def band(self, first: int, last: int) -> Floats:
        """The shares of the pixels of rows first to last : (last − first, w, k) float32, 0 where left out."""

    def bands(self) -> Iterator[tuple[int, int, Floats]]:
        """All pixels, a band of rows at a time: its first and last row, and its shares."""
