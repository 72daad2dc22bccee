"""Shares as whole numbers that still sum to one."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled


@compiled
def quantised(shares: Any, full: Any, first: Any, low: Any, planes: Any) -> None:
    """Write shares : (rows, w, k) float32 into picture rows `first` on of planes : (m, h, w) uint8 or uint16.

    Plane 0 is that of component `low`. The whole numbers of a pixel sum to `full` exactly, and none is off by one: all
    are rounded down, and what is missing goes to the largest remainders, one each (Hamilton's method). Pixels whose
    shares are all 0 stay so.
    """
    rows, w, k = shares.shape
    m = planes.shape[0]
    whole = np.empty(k, np.int64)
    rest = np.empty(k, np.float32)
    for y in range(rows):
        for x in range(w):
            missing = np.int64(full)
            total = np.float32(0)
            for j in range(k):
                total += shares[y, x, j]
                value = shares[y, x, j] * np.float32(full)
                whole[j] = np.int64(value)
                rest[j] = value - np.float32(whole[j])
                missing -= whole[j]
            if total < np.float32(0.5):
                missing = np.int64(0)
            while missing > 0:
                best = 0
                for j in range(1, k):
                    if rest[j] > rest[best]:
                        best = j
                whole[best] += 1
                rest[best] -= 1
                missing -= 1
            for j in range(m):
                planes[j, first + y, x] = whole[low + j]
