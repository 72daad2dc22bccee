"""One Gaussian for each region, in a space of features."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles
from gmmseg.compiled import compiled
from gmmseg.crew import Crew
from gmmseg.features import Features
from gmmseg.mixture import Mixture

_PARTS = 8  # of a picture that are summed up side by side, and then in order


def mixture_of(features: Features, labels: NDArray[np.int16], k: int) -> Mixture:
    """The mixture whose components are the full Gaussians of regions : (h, w), weighted by their areas.

    As in a fit, no component is narrower than what the features tell apart.
    """
    rows = np.asarray(features.rows[:], np.float32)
    d = rows.shape[1]
    centre = rows.mean(axis=0, dtype=np.float64)
    counts, sums, products = np.zeros((_PARTS, k)), np.zeros((_PARTS, k, d)), np.zeros((_PARTS, k, d, d))
    edges = [len(labels) * part // _PARTS for part in range(_PARTS + 1)]

    def work(begin: int, end: int) -> None:
        for p in range(begin, end):
            part = slice(edges[p], edges[p + 1])
            _summed(rows, centre, features.index[part], labels[part], counts[p], sums[p], products[p])

    with Crew() as crew:
        crew.share(work, _PARTS)
    total = np.maximum(counts.sum(axis=0), 1)
    means = sums.sum(axis=0) / total[:, None]
    second = products.sum(axis=0) / total[:, None, None]
    covariances = second - means[:, :, None] * means[:, None, :]
    areas = counts.sum(axis=0)
    return Mixture(areas / areas.sum(), means + centre, _widened(covariances, features.resolution))


def _widened(covariances: Doubles, resolution: Doubles) -> Doubles:
    """Covariances that are nowhere narrower than the resolution : (d,)."""
    scale = np.where(resolution > 0, resolution, 1.0)
    values, axes = np.linalg.eigh(covariances / (scale[:, None] * scale))
    wide = (axes * np.maximum(values, 1.0)[:, None, :]) @ np.swapaxes(axes, 1, 2)
    wide = (wide + np.swapaxes(wide, 1, 2)) / 2
    return np.asarray(wide * (scale[:, None] * scale), np.float64)


@compiled
def _summed(rows: Any, centre: Any, index: Any, labels: Any, counts: Any, sums: Any, products: Any) -> None:
    d = rows.shape[1]
    row = np.empty(d)
    for y in range(labels.shape[0]):
        for x in range(labels.shape[1]):
            c, place = labels[y, x], index[y, x]
            if c < 0 or place < 0:
                continue
            counts[c] += 1
            for i in range(d):
                row[i] = rows[place, i] - centre[i]
                sums[c, i] += row[i]
                for j in range(i + 1):
                    products[c, i, j] += row[i] * row[j]
                    if j < i:
                        products[c, j, i] += row[i] * row[j]
