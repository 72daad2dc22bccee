"""What is remembered of places that sway, and how pixels there are judged."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.crew import Crew
from gmmseg.video.adaptive import swaying

OFTEN = 10  # frames from one look at the cells to the next
FLOOD = 1e6  # of the worth of a frame; then all are scaled down

_FADING = 1.003  # a frame counts this many times as much as the one before it


class Sway:
    """Which cells sway, and of each its colours; swaying.py says how.

    Attributes
    ----------
    worth : () float64
        What the colours of the next frame count, which grows.
    """

    def __init__(self, height: int, width: int) -> None:
        self._height, self._width = height, width
        self._side, down, across = swaying.cells_of(height, width)
        self._sways = np.zeros((down, across), np.bool_)
        self._colours = np.zeros((down * across, swaying.BINS**3), np.float32)
        self._totals = np.zeros((down * across, 2), np.float32)
        self._trail = np.zeros((height, width), np.uint8)
        self.worth = np.ones((), np.float64)

    def look(self, weights: NDArray[np.uint16], reach: NDArray[np.uint8], most: int) -> None:
        """Tell which cells sway, by the weights and the reach of their pixels, and settle their colours."""
        swaying.look(weights, reach, most, self._height, self._width, self._side, self._sways)
        scale = 1 / float(self.worth) if self.worth > FLOOD else 1.0
        self.worth *= scale
        swaying.settle(self._sways, self._colours, self._totals, np.float32(scale))

    def judge(
        self,
        frame: NDArray[Any],
        gain: float,
        inside: Flags | None,
        mask: Flags,
        score: NDArray[np.uint8],
        crew: Crew,
        *,
        learns: bool,
    ) -> None:
        """Judge the pixels of swaying cells anew; if it learns, their colours are remembered.

        frame : (h, w, c); mask : (h, w) bool, of the frame before; score : (h, w) uint8, which is changed
        """
        if not self._sways.any():
            return
        within = np.ones(mask.shape, np.bool_) if inside is None else inside
        trail = self._trail if learns else self._trail.copy()
        worth = np.float32(self.worth)

        def work(begin: int, end: int) -> None:
            swaying.judge(
                frame,
                np.float32(gain),
                within,
                learns,
                mask,
                self._sways,
                self._side,
                worth,
                self._colours,
                self._totals,
                trail,
                score,
                begin,
                end,
            )

        crew.share(work, len(self._sways))
        if learns:
            self.worth *= _FADING

    def forget(self, region: Flags) -> None:
        """Forget the cells that `region` (h, w) touches."""
        self._trail[region] = 0
        rows, columns = np.nonzero(region)
        touched = np.zeros(self._sways.shape, np.bool_)
        touched[rows // self._side, columns // self._side] = True
        self._sways &= ~touched
        self._totals[touched.reshape(-1)] = 0
        self._colours[touched.reshape(-1)] = 0

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that is remembered, by name."""
        return {
            "sways": self._sways,
            "colours": self._colours,
            "totals": self._totals,
            "worth": self.worth,
            "trail": self._trail,
        }
