"""What differs from the background in one frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Foreground:
    """The foreground of one frame.

    Attributes
    ----------
    mask : (h, w) bool
        Where something stands in front of the background.
    probability : (h, w) float32
        How sure that is, from 0 to 1.
    shadow : (h, w) bool
        Where the background is seen, darkened by a shadow; never within the mask.
    """

    mask: NDArray[np.bool_]
    probability: NDArray[np.float32]
    shadow: NDArray[np.bool_]
