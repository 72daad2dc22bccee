"""The regions of a tree's crumbs in many cuts, and their agreement with an annotation, as compiled loops."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled


@compiled
def named(merges: Any, done: Any) -> Any:
    """The region of each crumb after so many merges.

    Parameters
    ----------
    merges : (n − 1, 2) int64
    done : (c,) int64
        How many merges are done in each cut.

    Returns
    -------
    (c, n) int32
        Numbered from 0 in the order of their first crumbs.
    """
    n = merges.shape[0] + 1
    names = np.empty((done.shape[0], n), np.int32)
    root = np.empty(2 * n - 1, np.int64)
    number = np.empty(2 * n - 1, np.int32)
    for c in range(done.shape[0]):
        top = n + done[c]
        for node in range(top):
            root[node] = node
            number[node] = -1
        for node in range(top - 1, n - 1, -1):
            root[merges[node - n, 0]] = root[node]
            root[merges[node - n, 1]] = root[node]
        found = 0
        for crumb in range(n):
            own = root[crumb]
            if number[own] < 0:
                number[own] = found
                found += 1
            names[c, crumb] = number[own]
    return names


@compiled
def judged(rows: Any, columns: Any, counts: Any, column_sums: Any, names: Any, regions: Any) -> Any:
    """Rand index, variation of information in bits and covering of every cut against one annotation.

    Parameters
    ----------
    rows, columns : (m,) int64
        A crumb and a region of the annotation that share pixels.
    counts : (m,) float64
        How many.
    column_sums : (q,) float64
        Pixels of each region of the annotation.
    names : (c, n) int32
    regions : (c,) int64
        As in `Cuts`.

    Returns
    -------
    (c, 3) float64
    """
    measures = np.empty((names.shape[0], 3))
    width = column_sums.shape[0]
    shared = np.empty((regions.max(), width))
    areas = np.empty(regions.max())
    best = np.empty(width)
    total = counts.sum()
    theirs = np.square(column_sums).sum()
    for c in range(names.shape[0]):
        shared[: regions[c]] = 0
        areas[: regions[c]] = 0
        best[:] = 0
        for i in range(rows.shape[0]):
            region = names[c, rows[i]]
            shared[region, columns[i]] += counts[i]
            areas[region] += counts[i]
        ours, both, bits = 0.0, 0.0, 0.0
        for region in range(regions[c]):
            area = areas[region]
            ours += area * area
            for column in range(width):
                count = shared[region, column]
                if count > 0:
                    both += count * count
                    bits -= count * np.log2(count * count / (area * column_sums[column]))
                    best[column] = max(best[column], count / (area + column_sums[column] - count))
        pairs = total * (total - 1) / 2
        measures[c, 0] = 1 - (0.5 * (ours + theirs) - both) / pairs if pairs > 0 else 1.0
        measures[c, 1] = abs(bits) / total
        measures[c, 2] = np.dot(column_sums, best) / total
    return measures
