"""A frame and what was found in it, on its way to the outputs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gmmseg.figures.arguments import Bytes
from gmmseg.figures.foreground import eight_bit, foreground_overlay
from gmmseg.video.blobs import Blobs
from gmmseg.video.foreground import Foreground

if TYPE_CHECKING:
    from gmmseg.files.clips import Frame


@dataclass(frozen=True, eq=False)
class Seen:
    """A frame, its foreground, and the blobs of that; `blobs.mask` is the foreground without the smallest blobs.

    `boxed` says whether the overlay has the boxes of the blobs, `levels` what black and white are in 16 bits.
    """

    frame: Frame
    foreground: Foreground
    blobs: Blobs
    boxed: bool = False
    levels: tuple[float, float] | None = None

    @cached_property
    def picture(self) -> Bytes:
        """The frame as people see it : (h, w, 3) uint8."""
        return eight_bit(self.frame.pixels, self.levels)

    @cached_property
    def overlay(self) -> Bytes:
        """The frame under its foreground : (h, w, 3) uint8."""
        boxes = self.blobs.boxes if self.boxed else None
        return foreground_overlay(self.picture, self.blobs.mask, self.foreground.shadow, boxes)

    @property
    def share(self) -> float:
        """Of the frame that is foreground."""
        return float(self.blobs.areas.sum()) / max(1, self.blobs.mask.size)

    @property
    def shaded(self) -> float:
        """The share of the frame that is in shadow."""
        return float(np.count_nonzero(self.foreground.shadow)) / max(1, self.blobs.mask.size)
