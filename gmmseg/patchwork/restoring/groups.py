"""Patches that are alike: a cloud of points is halved until its pieces are small."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats
from gmmseg.patchwork.restoring.scatter import scatter

_ROUNDS = 8  # of the power iteration: the direction need not be exact


def groups_of(points: Floats, most: int) -> NDArray[np.intp]:
    """The points in groups of neighbours, all of the same size, which is at most `most` : (groups, size).

    Each cloud is cut at the median along the direction in which it is longest (Sproull's principal axis tree, 1991).
    So that all are of one size, a few points are in two groups.

    points : (n, f) float32
    """
    n = len(points)
    depth = max(0, int(np.ceil(np.log2(n / most))))
    size = -(-n // 2**depth)
    # Copies are taken from all over the cloud.
    index = np.concatenate([np.arange(n), np.linspace(0, n - 1, size * 2**depth - n).astype(np.intp)])
    cloud = points[index]
    for level in range(depth):
        clouds = cloud.reshape(2**level, -1, points.shape[1])
        order = _halved(clouds)
        order += (np.arange(2**level) * clouds.shape[1])[:, None]
        index = index[order.ravel()]
        cloud = cloud[order.ravel()]
    return index.reshape(2**depth, size)


def _halved(clouds: Floats) -> NDArray[np.intp]:
    """For each cloud, its points with the lower half along its principal axis first : (g, m, f) to (g, m)."""
    centred = clouds - clouds.mean(axis=1, keepdims=True)
    products = scatter(centred)
    spreads = np.diagonal(products, axis1=1, axis2=2)
    # From the column of the longest coordinate, which is not at a right angle to the principal axis.
    axis = np.take_along_axis(products, spreads.argmax(axis=1)[:, None, None], axis=2)
    for _ in range(_ROUNDS):
        axis = axis / np.maximum(np.abs(axis).max(axis=1, keepdims=True), np.float32(1e-30))
        axis = np.matmul(products, axis)
    along = np.matmul(centred, axis)[..., 0]
    order: NDArray[np.intp] = along.argpartition(clouds.shape[1] // 2, axis=1)
    return order
