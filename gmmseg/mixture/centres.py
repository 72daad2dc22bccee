"""Rows to begin at: any, or spread out."""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.mixture.rows import Rows


def random_centres(rows: Rows, k: int, random: np.random.Generator) -> Doubles:
    """Rows that differ, k of them, drawn in proportion to their weights : (k, d)."""
    chosen: list[int] = []
    centres = np.empty((k, rows.d))
    for index in random.choice(rows.n, rows.n, replace=False, p=_shares(rows)):
        centre = rows.values[index]
        if not (centres[: len(chosen)] == centre).all(axis=1).any():
            centres[len(chosen)] = centre
            chosen.append(index)
            if len(chosen) == k:
                break
    return centres


def spread_centres(rows: Rows, k: int, unit: Doubles, random: np.random.Generator) -> Doubles:
    """Rows that differ, k of them, each drawn with probability ∝ its squared distance from those before : (k, d).

    k-means++ (Arthur and Vassilvitskii 2007), in its greedy form: of a few draws the one that helps most is taken.
    Distances are in unit : (d,).
    """
    points = (rows.values / unit).astype(rows.values.dtype)
    weights = np.broadcast_to(rows.weights, rows.n).astype(np.float64)
    draws = 2 + int(np.log(k))
    chosen = [int(random.choice(rows.n, p=weights / weights.sum()))]
    near = np.square(points - points[chosen[0]]).sum(axis=1)
    while len(chosen) < k:
        pull = np.cumsum(weights * near)
        candidates = np.searchsorted(pull, random.random(draws) * pull[-1], side="right").clip(0, rows.n - 1)
        distances = np.minimum(near, np.square(points - points[candidates, None]).sum(axis=2))
        best = int(np.argmin(distances @ weights))
        chosen.append(int(candidates[best]))
        near = distances[best]
    return rows.values[chosen].astype(np.float64)


def _shares(rows: Rows) -> Doubles | None:
    return rows.weights / rows.weights.sum(dtype=np.float64) if rows.weighted else None
