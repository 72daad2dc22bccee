"""How a tree of regions comes about (a stand-in until the real one is there)."""

from __future__ import annotations

import heapq
import time
from typing import Any

import numpy as np

from gmmseg.features import displayed
from gmmseg.files import read
from gmmseg.parts.tree import RegionTree
from gmmseg.segmentation.pieces import borders_of, pieces_of


def regions(source: Any, *, seed: int = 0, mask: Any = None, page: int = 1, threads: int | None = None) -> RegionTree:
    """The tree of regions of a picture."""
    begun = time.perf_counter()
    image = read(source, page=page, mask=mask)
    picture = displayed(image)
    from scipy.ndimage import gaussian_filter
    from skimage.color import rgb2lab
    from skimage.segmentation import watershed

    lab = gaussian_filter(rgb2lab(picture), (1.5, 1.5, 0))
    gy, gx = np.gradient(lab, axis=(0, 1))
    edge = np.sqrt((gx**2 + gy**2).sum(2))
    crumbs, n = pieces_of(np.where(image.valid, watershed(np.round(edge * 4)), -1))
    borders = borders_of(crumbs)
    at = crumbs.ravel()[image.valid.ravel()]
    area = np.bincount(at, minlength=n).astype(float)
    sums = np.stack([np.bincount(at, lab[image.valid][:, c], n) for c in range(3)], 1)
    near: dict[int, set[int]] = {i: set() for i in range(n)}
    for a, b in borders.pairs.tolist():
        near[a].add(b)
        near[b].add(a)
    areas, totals = dict(enumerate(area)), dict(enumerate(sums))

    def cost(i: int, j: int) -> float:
        size = areas[i] * areas[j] / (areas[i] + areas[j]) / area.sum()
        return float(np.linalg.norm(totals[i] / areas[i] - totals[j] / areas[j]) * (size + 1e-4) ** 0.25)

    heap = [(cost(a, b), a, b) for a, b in borders.pairs.tolist()]
    heapq.heapify(heap)
    merges, heights = [], []
    fresh, top = n, 0.0
    while len(areas) > 1:
        if heap:
            c, a, b = heapq.heappop(heap)
            if a not in areas or b not in areas:
                continue
        else:
            (a, b), c = list(areas)[:2], top
        top = max(top, c)
        merges.append((a, b))
        heights.append(top)
        areas[fresh], totals[fresh] = areas.pop(a) + areas.pop(b), totals.pop(a) + totals.pop(b)
        near[fresh] = (near.pop(a) | near.pop(b)) - {a, b}
        for c_ in near[fresh]:
            near[c_] -= {a, b}
            near[c_].add(fresh)
            heapq.heappush(heap, (cost(c_, fresh), c_, fresh))
        fresh += 1
    h = np.array(heights) / 6
    return RegionTree(
        image,
        picture,
        crumbs,
        np.array(merges, np.int32).reshape(-1, 2),
        h / (1 + h),
        time.perf_counter() - begun,
    )
