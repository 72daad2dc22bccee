"""Crumbs numbered by where they are first met."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.compiled import compiled


def in_reading_order(crumbs: NDArray[np.int32], n: int) -> NDArray[np.int32]:
    """Number n crumbs : (h, w) anew, in place, by where their first pixels are; the new name of each : (n,), −1 for
    those without pixels.
    """
    names = np.full(n, -1, np.int32)
    _renumbered(crumbs, names)
    return names


@compiled
def _renumbered(crumbs: Any, names: Any) -> None:
    count = 0
    for y in range(crumbs.shape[0]):
        for x in range(crumbs.shape[1]):
            own = crumbs[y, x]
            if own < 0:
                continue
            if names[own] < 0:
                names[own] = count
                count += 1
            crumbs[y, x] = names[own]
