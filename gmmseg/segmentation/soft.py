"""The shares of the components at every pixel, smoothed or as they are, made when they are asked for.

Shares of all pixels would fill k times the picture; most uses want the winner alone, or one band of rows after the
other. What is kept is small: the shares of the distinct colours, and the field of the smoothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats
from gmmseg.bands import by_bands
from gmmseg.crew import Crew
from gmmseg.features import Features
from gmmseg.mixture import Mixture
from gmmseg.segmentation.guided import Field, fitted_field

_BAND = 1 << 18  # pixels in a band of rows that is handed out, about
_NUMBERS = 1 << 23  # in the rows that are looked at at a time


@dataclass(frozen=True, eq=False)
class Shares:
    """How much each pixel belongs to each component.

    Attributes
    ----------
    features : Features
    mixture : Mixture
    guide : (h, w, 3) uint8
        The picture whose edges the smoothing respects.
    strength : float
        Of the smoothing; 0 for none.
    """

    features: Features
    mixture: Mixture
    guide: NDArray[np.uint8] = field(repr=False)
    strength: float

    @property
    def axes(self) -> tuple[str, ...]:
        """The names of the features."""
        return self.features.axes

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        return self.guide.shape[0], self.guide.shape[1]

    def band(self, first: int, last: int) -> Floats:
        """The shares of the pixels of rows first to last : (last − first, w, k) float32, 0 where left out."""
        index = self.features.index[first:last]
        if self._field is None:
            table, offset = self._table(first, last)
            shares = np.take(table, np.maximum(index - offset, 0), axis=0)
            shares[index < 0] = 0
            return shares
        from gmmseg.segmentation import cells

        shares = np.empty((*index.shape, self.mixture.k), np.float32)
        cells.evaluated(
            self.guide, self.features.index, self._field.functions, self._field.step, first, last, _LABELS, _ONE, shares
        )
        return shares

    def bands(self) -> Iterator[tuple[int, int, Floats]]:
        """All pixels, a band of rows at a time: its first and last row, and its shares."""
        h, w = self.shape
        height = max(1, _BAND // w)
        for first in range(0, h, height):
            last = min(h, first + height)
            yield first, last, self.band(first, last)

    def winners(self) -> tuple[NDArray[np.int16], Floats]:
        """The component of the largest share at every pixel : (h, w) int16, −1 where left out; and that share."""
        h, w = self.shape
        labels, certainty = np.empty((h, w), np.int16), np.empty((h, w), np.float32)
        by_bands(h, w, lambda first, last: self._win(first, last, labels, certainty))
        return labels, certainty

    def _win(self, first: int, last: int, labels: NDArray[np.int16], certainty: Floats) -> None:
        if self._field is not None:
            from gmmseg.segmentation import cells

            index, solved = self.features.index, self._field
            cells.evaluated(self.guide, index, solved.functions, solved.step, first, last, labels, certainty, _NONE)
            return
        index = self.features.index[first:last]
        if self.features.colours is not None:
            (best, share), offset = self._best_of_colours, 0
        else:
            table, offset = self._table(first, last)
            best, share = _best(table)
        place = np.maximum(index - offset, 0)
        labels[first:last] = np.where(index < 0, np.int16(-1), best[place])
        certainty[first:last] = np.where(index < 0, np.float32(0), share[place])

    @cached_property
    def _field(self) -> Field | None:
        if self.strength == 0:
            return None
        with Crew() as crew:
            return fitted_field(self.guide, self.features.index, self._table, self.mixture.k, self.strength, crew)

    @cached_property
    def _of_colours(self) -> Floats:
        return self.mixture.responsibilities(self.features.rows[:])

    @cached_property
    def _best_of_colours(self) -> tuple[NDArray[np.int16], Floats]:
        return _best(self._of_colours)

    def _table(self, first: int, last: int) -> tuple[Floats, int]:
        """Shares of the rows that the pixels of picture rows first to last have, and the number of the first."""
        if self.features.colours is not None:
            return self._of_colours, 0
        # Rows are in reading order, so a band's are next to each other; at borders pixels may share patches.
        index = self.features.index[first:last]
        inside = index[index >= 0]
        if inside.size == 0:
            return np.zeros((1, self.mixture.k), np.float32), 0
        begin, end = int(inside.min()), int(inside.max()) + 1
        size = max(1, _NUMBERS // self.mixture.d)
        pieces = [
            self.mixture.responsibilities(self.features.rows[at : min(end, at + size)])
            for at in range(begin, end, size)
        ]
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces), begin


def _best(table: Floats) -> tuple[NDArray[np.int16], Floats]:
    return table.argmax(axis=1).astype(np.int16), table.max(axis=1)


_NONE = np.empty((0, 0, 0), np.float32)
_LABELS = np.empty((0, 0), np.int16)
_ONE = np.empty((0, 0), np.float32)
