"""One pass over the rows for few dimensions: density, normalisation and moments without leaving the cache.

A block of rows is turned into a struct of arrays, and three loops run over it while it is in the first-level cache:

    density     ℓ_c = a_c − |L_c (x − μ_c)|²      in bits: a factor √(log₂e / 2) is part of L_c
    normalise   r_c = w 2^(ℓ_c − max ℓ) / Σ …     and the log-likelihood
    accumulate  Σ r,  Σ r (x − μ_c),  Σ r (x − μ_c)(x − μ_c)ᵀ

μ_c is held as an anchor that the rows' type can hold exactly and an offset b_c = −L_c (μ_c − anchor), so a component
far from the origin loses nothing: x − anchor is exact where it matters.

What must be known while compiling travels in the types: `axes` is a tuple with one element a dimension, `cells` one
with an element for each stored entry of L_c (d for a diagonal, d(d+1)/2 for a triangle, row by row). So the loops over
dimensions are unrolled, small arrays become registers, and LLVM vectorises the loop that remains, the one over rows.
Sums stay in the rows' own type within a block and are float64 beyond it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.mixture.kernels.lanes import LANES, exp2, log2, registers, transpose

BLOCK = 1024


@compiled
def _load(rows: Any, first: int, size: int, axes: Any, x: Any) -> None:
    """Make `x` the rows of a block, one axis after the other."""
    whole = size - size % LANES
    for i in range(0, whole, LANES):
        transpose(rows, first + i, x, i, axes)
    for i in range(whole, size):
        for j in range(len(axes)):
            x[j, i] = rows[first + i, j]


@compiled
def _densities(x: Any, size: int, axes: Any, cells: Any, form: Any, ell: Any, top: Any) -> None:
    """ell[c, i] = ℓ_c(x_i) and its maximum over c."""
    logs, anchors, offsets, factors = form
    anchor, offset, delta = registers(x, axes), registers(x, axes), registers(x, axes)
    factor = registers(x, cells)
    for c in range(logs.size):
        constant = logs[c]
        for j in range(len(axes)):
            anchor[j] = anchors[c, j]
            offset[j] = offsets[c, j]
        for t in range(len(cells)):
            factor[t] = factors[c, t]
        for i in range(size):
            for j in range(len(axes)):
                delta[j] = x[j, i] - anchor[j]
            log = constant
            t = 0
            for j in range(len(axes)):
                y = offset[j]
                for m in range(j if len(cells) == len(axes) else 0, j + 1):
                    y += factor[t] * delta[m]
                    t += 1
                log -= y * y
            ell[c, i] = log
            top[i] = max(top[i], log) if c > 0 else log


@compiled
def _normalise(size: int, ell: Any, top: Any, total: Any) -> None:
    """Ell becomes 2^(ℓ − max); `total` its sum over the components, at least 1."""
    for i in range(size):
        total[i] = 0.0
    for c in range(ell.shape[0]):
        for i in range(size):
            likelihood = exp2(ell[c, i] - top[i])
            ell[c, i] = likelihood
            total[i] += likelihood


@compiled
def _accumulate(x: Any, size: int, axes: Any, cells: Any, anchors: Any, ell: Any, share: Any, out: Any) -> None:
    """Add each component's Σr, Σrδ and Σrδδᵀ of the block to its row of `out`."""
    anchor, delta, first, second = registers(x, axes), registers(x, axes), registers(x, axes), registers(x, cells)
    for c in range(ell.shape[0]):
        count = share[0] * 0
        for j in range(len(axes)):
            anchor[j] = anchors[c, j]
            first[j] = 0.0
        for t in range(len(cells)):
            second[t] = 0.0
        for i in range(size):
            r = ell[c, i] * share[i]
            count += r
            for j in range(len(axes)):
                delta[j] = x[j, i] - anchor[j]
            t = 0
            for j in range(len(axes)):
                pull = r * delta[j]
                first[j] += pull
                for m in range(j if len(cells) == len(axes) else 0, j + 1):
                    second[t] += pull * delta[m]
                    t += 1
        out[c, 0] += count
        for j in range(len(axes)):
            out[c, 1 + j] += first[j]
        for t in range(len(cells)):
            out[c, 1 + len(axes) + t] += second[t]


@compiled
def moments(
    rows: Any, weights: Any, axes: Any, cells: Any, form: Any, chunk: int, begin: int, end: int, sums: Any, bits: Any
) -> None:
    """Sums of the chunks `begin` to `end` of `chunk` rows each.

    rows : (n, d), weights : (n,) or (1,), form : logs (k,), anchors (k, d), offsets (k, d), factors (k, cells)
    sums : (chunks, k, 1 + d + cells) float64, bits : (chunks,) float64, the log₂-likelihood; both zero at first.
    """
    k = form[0].size
    x = np.empty((len(axes), BLOCK), rows.dtype)
    ell = np.empty((k, BLOCK), rows.dtype)
    top, total, share = np.empty(BLOCK, rows.dtype), np.empty(BLOCK, rows.dtype), np.empty(BLOCK, rows.dtype)
    for piece in range(begin, end):
        stop = min((piece + 1) * chunk, rows.shape[0])
        for first in range(piece * chunk, stop, BLOCK):
            size = min(BLOCK, stop - first)
            _load(rows, first, size, axes, x)
            for i in range(size):
                share[i] = weights[0] if weights.size == 1 else weights[first + i]
            _densities(x, size, axes, cells, form, ell, top)
            _normalise(size, ell, top, total)
            gained = share[0] * 0
            for i in range(size):
                gained += share[i] * (top[i] + log2(total[i]))
                share[i] /= total[i]
            bits[piece] += gained
            _accumulate(x, size, axes, cells, form[1], ell, share, sums[piece])


@compiled
def posteriors(
    rows: Any, axes: Any, cells: Any, form: Any, begin: int, end: int, density: Any, shares: Any, labels: Any
) -> None:
    """For the rows `begin` to `end`, fill whichever of the outputs is not empty.

    density : (n,) float64, the log₂-density; shares : (n, k) float32, responsibilities; labels : (n,) intp
    """
    k = form[0].size
    x = np.empty((len(axes), BLOCK), rows.dtype)
    ell = np.empty((k, BLOCK), rows.dtype)
    top, total = np.empty(BLOCK, rows.dtype), np.empty(BLOCK, rows.dtype)
    for first in range(begin, end, BLOCK):
        size = min(BLOCK, end - first)
        _load(rows, first, size, axes, x)
        _densities(x, size, axes, cells, form, ell, top)
        if labels.size:
            for i in range(size):
                best = 0
                for c in range(1, k):
                    if ell[c, i] > ell[best, i]:
                        best = c
                labels[first + i] = best
        if density.size or shares.size:
            _normalise(size, ell, top, total)
        if density.size:
            for i in range(size):
                density[first + i] = top[i] + log2(total[i])
        if shares.size:
            for c in range(k):
                for i in range(size):
                    shares[first + i, c] = ell[c, i] / total[i]
