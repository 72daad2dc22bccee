"""Trees of regions for the tests of the report, all made here."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.figures.report import Hierarchy, Page


def hierarchy(h: int = 90, w: int = 120, *, side: int = 15, **fields: Any) -> Hierarchy:
    """Squares as crumbs, the first left out, which merge at random with ever stronger borders."""
    random = np.random.default_rng(0)
    across = -(-w // side)
    crumbs = np.arange(h)[:, None] // side * across + np.arange(w) // side - 1
    n = int(crumbs.max()) + 1
    alive = list(range(n))
    merges = []
    for t in range(n - 1):
        pair = [alive.pop(random.integers(len(alive))) for _ in range(2)]
        merges.append(pair)
        alive.append(n + t)
    heights = np.sort(random.random(n - 1))
    colors = random.integers(0, 256, (n, 3), dtype=np.uint8)
    return Hierarchy(crumbs, np.array(merges, np.int32).reshape(-1, 2), heights, colors, **fields)


def chain(h: int, w: int, n: int) -> Hierarchy:
    """Crumbs of a noisy grid that merge one after the other, with the deepest tree there is."""
    random = np.random.default_rng(1)
    across = round((n * w / h) ** 0.5)
    down = -(-n // across)
    y = np.clip(np.arange(h)[:, None] + random.integers(-2, 3, (h, w)), 0, h - 1) * down // h
    x = np.clip(np.arange(w) + random.integers(-2, 3, (h, w)), 0, w - 1) * across // w
    crumbs = np.minimum(y * across + x, n - 1)
    merges = np.array([(n + t - 1 if t else 0, t + 1) for t in range(n - 1)])
    return Hierarchy(crumbs, merges, np.linspace(0, 1, n - 1), random.integers(0, 256, (n, 3), dtype=np.uint8))


def cut(tree: Hierarchy, detail: float) -> np.ndarray:
    """The node that each crumb is a part of at this detail : (n,)."""
    n = len(tree.colors)
    roots = np.arange(2 * n - 1)
    for t in range(int((tree.heights <= 1 - detail).sum())):
        roots[np.isin(roots, tree.merges[t])] = n + t
    return roots[:n]


def bare_page(tree: Hierarchy) -> Page:
    """A page of one segment with this tree."""
    shape = tree.crumbs.shape
    y, x = np.indices(shape)
    pixels = np.stack([y % 256, x % 256, (x + y) % 256], axis=2).astype(np.uint8)
    labels = np.where(tree.crumbs < 0, -1, 0).astype(np.int16)
    return Page("tree.png", pixels, labels, np.array([[90, 90, 90]], np.uint8), hierarchy=tree)
