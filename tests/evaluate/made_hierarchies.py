"""Trees of regions made by hand or by chance, without a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class MadeTree:
    """The fields of a tree that an evaluation looks at."""

    crumbs: Labels
    merges: NDArray[np.int32]
    heights: NDArray[np.float64]
    seconds: float = 0.25


def quarters(shape: tuple[int, int] = (20, 40)) -> MadeTree:
    """Four quarters, of which each half's two go together at 0.3 and 0.4, and the halves at 0.8."""
    y, x = np.indices(shape)
    crumbs = 2 * (2 * x >= shape[1]) + (2 * y >= shape[0])
    return MadeTree(crumbs, np.array([[0, 1], [2, 3], [4, 5]], np.int32), np.array([0.3, 0.4, 0.8]))


def by_chance(seed: int, crumbs: int = 12, shape: tuple[int, int] = (9, 14)) -> MadeTree:
    """Crumbs scattered over the picture, merged in any order, some at one height; some pixels left out."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, crumbs, shape)
    labels.ravel()[:crumbs] = np.arange(crumbs)
    labels[-1, :3] = -1
    nodes = list(range(crumbs))
    merges = []
    for fresh in range(crumbs, 2 * crumbs - 1):
        pair = random.choice(len(nodes), 2, replace=False)
        merges.append([nodes[i] for i in pair])
        nodes = [node for i, node in enumerate(nodes) if i not in pair] + [fresh]
    heights = np.sort(random.integers(0, 8, crumbs - 1) / 7)
    return MadeTree(labels, np.array(merges, np.int32), heights)


def cut(tree: MadeTree, detail: float) -> Labels:
    """A cut by merging label after label."""
    labels = tree.crumbs.copy()
    fresh = len(tree.heights) + 1
    for t, height in enumerate(tree.heights):
        if height <= 1 - detail:
            labels[np.isin(labels, tree.merges[t])] = fresh + t
    return labels
