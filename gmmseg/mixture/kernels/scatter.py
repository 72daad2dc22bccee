"""Moments in many dimensions, from responsibilities: over only the rows whose responsibility counts.

With Δ the rows less a component's anchor, Σ r δδᵀ = (√r ∘ Δ)ᵀ (√r ∘ Δ). Rows that count are gathered a group at a
time, small enough for the cache, in stripes of LANES columns; the product of two stripes is a panel or two, and those
below the diagonal follow from those above it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.mixture.kernels.lanes import LANES
from gmmseg.mixture.kernels.panels import PANEL, product, pulled

_GROUP = 256


@compiled
def full(rows: Any, share: Any, weights: Any, anchors: Any, negligible: Any, sums: Any) -> None:
    """Add each component's Σr, Σrδ and the upper triangle of Σrδδᵀ to its row of `sums`.

    rows : (n, d), share : (k, n), weights : (n,) or (1,), anchors : (k, d), sums : (k, 1 + d + d²) float64
    """
    n, d = rows.shape
    whole, stripes = d // LANES, -(-d // LANES)
    size = _GROUP * LANES
    group = np.zeros(stripes * size, rows.dtype)
    block, first = np.empty(PANEL * LANES, rows.dtype), np.zeros(stripes * LANES, rows.dtype)
    numbers, means = rows.reshape(-1), anchors.reshape(-1)
    for c in range(len(anchors)):
        found = 0
        count = first[0] * 0
        first[:] = 0
        for i in range(n):
            if share[c, i] >= negligible:
                r = share[c, i] * weights[0 if weights.size == 1 else i]
                root = np.sqrt(r)
                count += r
                pulled(numbers, i * d, means, c * d, root, whole, group, found * LANES, size, first)
                for j in range(whole * LANES, d):
                    p = (rows[i, j] - anchors[c, j]) * root
                    group[whole * size + found * LANES + j - whole * LANES] = p
                    first[j] += p * root
                found += 1
                if found == _GROUP:
                    _multiplied(group, found, d, block, sums[c])
                    found = 0
        if found:
            _multiplied(group, found, d, block, sums[c])
        sums[c, 0] += count
        for j in range(d):
            sums[c, 1 + j] += first[j]


@compiled
def _multiplied(group: Any, found: int, d: int, block: Any, out: Any) -> None:
    """Add the products of the columns of a group, in stripes, to the last cells of `out`."""
    size = _GROUP * LANES
    for begin in range(0, d, LANES):
        width = min(LANES, d - begin)
        for top in range(0, begin + width, PANEL):
            product(group, begin // LANES * size, group, top // LANES * size + top % LANES, LANES, found, block)
            for j in range(min(PANEL, d - top)):
                cell = 1 + d + (top + j) * d + begin
                for m in range(width):
                    out[cell + m] += block[j * LANES + m]


@compiled
def diagonal(rows: Any, share: Any, weights: Any, anchors: Any, negligible: Any, sums: Any) -> None:
    """Add each component's Σr, Σrδ and Σrδ∘δ to its row of `sums` : (k, 1 + 2 d) float64."""
    n, d = rows.shape
    first, second = np.empty(d, rows.dtype), np.empty(d, rows.dtype)
    for c in range(len(anchors)):
        first[:], second[:] = 0, 0
        for i in range(n):
            if share[c, i] >= negligible:
                r = share[c, i] * weights[0 if weights.size == 1 else i]
                sums[c, 0] += r
                for j in range(d):
                    delta = rows[i, j] - anchors[c, j]
                    first[j] += r * delta
                    second[j] += r * delta * delta
        for j in range(d):
            sums[c, 1 + j] += first[j]
            sums[c, 1 + d + j] += second[j]
