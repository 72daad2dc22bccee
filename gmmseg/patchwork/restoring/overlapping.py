"""Patches of a plane as rows, and rows put back where they came from."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from gmmseg.arrays import Floats


def cut(plane: Floats, size: int) -> Floats:
    """All patches of a plane, in reading order : (h, w) to (n, size²) float32."""
    return sliding_window_view(plane, (size, size)).reshape(-1, size * size)


def put_back(estimates: Floats, weights: Floats, shape: tuple[int, int], size: int) -> tuple[Floats, Floats]:
    """The weighted sum of overlapping patches, and of their weights, at every pixel : (h, w) each.

    estimates : (n, size²), weights : (n,), in the order of `cut`.
    """
    down, across = shape[0] - size + 1, shape[1] - size + 1
    each = weights.reshape(down, across)
    pieces = (estimates * weights[:, None]).reshape(down, across, size, size)
    total, share = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for y in range(size):
        for x in range(size):
            total[y : y + down, x : x + across] += pieces[..., y, x]
            share[y : y + down, x : x + across] += each
    return total, share
