"""One picture of a clip."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gmmseg.files.image import Samples


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of a clip; `np.asarray` of it is its pixels.

    Attributes
    ----------
    pixels : (h, w) or (h, w, 3) uint8 or uint16
        Grey or RGB, C-contiguous, upright. Nobody else writes to them.
    index : int
        Its number in the clip from 0, whatever `start` and `every` left out.
    time : float
        Seconds from the clip's first frame.
    """

    pixels: Samples = field(repr=False)
    index: int
    time: float

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Samples:
        if copy is False and dtype is not None and self.pixels.dtype != dtype:
            raise ValueError(f"expected the pixels' own dtype {self.pixels.dtype} without a copy; got {dtype}")
        return np.array(self.pixels, dtype=dtype, copy=bool(copy)) if copy else np.asarray(self.pixels, dtype=dtype)
