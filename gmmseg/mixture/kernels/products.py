"""The same sums for many dimensions: BLAS products of a block of rows with each component.

For a block of rows X and a component with anchor μ and inverse Cholesky factor L,

    Y = (X − μ) Lᵀ + b,   ℓ = a − |Y|²   (in bits, as in the fused kernel)

and after normalisation Σ r δδᵀ = (r ∘ Δ)ᵀ Δ. In many dimensions nearly every row belongs to one component, and two
things follow. L is triangular, so the first half of Y needs only the first half of X; where it alone puts ℓ out of
reach of the best component so far, the second half is left out. And the last product is taken over only the rows
whose responsibility counts. What counts is decided by the number of rows: all that is left out, over all rows and
together, is less than a part of one row that the type could not show in any sum.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.arrays import Floats

# Numbers in a block of rows: few enough for the cache, so many that threads seldom meet between two calls of NumPy.
_BLOCK = 1 << 18
# The part of one row that may be left out of a sum over all rows, of which there are taken to be at least _MANY: so
# what is left out of a single row is below the rounding of its type too.
_UNSEEN = {np.dtype(np.float32): 1e-4, np.dtype(np.float64): 1e-12}
_MANY = 100_000
_FEW = 0.5  # share of a block under which its rows are worth picking out

Form = tuple[Floats, Floats, Floats, Floats]


def _block(d: int) -> int:
    """Rows in a block."""
    return min(max(_BLOCK // d, 256), 4096)


def _negligible(rows: Floats) -> float:
    """The responsibility under which a row does not count."""
    return float(_UNSEEN[rows.dtype]) / max(len(rows), _MANY)


def _bits(x: Floats, form: Form, negligible: float) -> tuple[Floats, Floats]:
    """ℓ_c(x_i) : (k, size), and its maximum over the components (size,).

    Where ℓ_c is so far under the maximum that the responsibility is negligible, it may be too large, but stays so.
    """
    logs, anchors, offsets, factors = form
    reach = -np.log2(negligible)
    ell = np.empty((logs.size, len(x)), x.dtype)
    top = np.full(len(x), -np.inf, x.dtype)
    delta = np.empty_like(x)
    for c, own in enumerate(ell):
        np.subtract(x, anchors[c], out=delta)
        if factors.ndim == 2:
            delta *= factors[c]
            delta += offsets[c]
            np.subtract(logs[c], np.vecdot(delta, delta), out=own)
        else:
            _triangular_bits(delta, logs[c], offsets[c], factors[c].T, top - reach, own)
        np.maximum(top, own, out=top)
    return ell, top


def _triangular_bits(delta: Floats, log: Floats, offset: Floats, factor: Floats, least: Floats, own: Floats) -> None:
    """Fill `own` with log − |delta factor + offset|² : (size,), or any value under `least` that it does not exceed."""
    half = len(factor) // 2
    head = delta[:, :half] @ factor[:half, :half]
    head += offset[:half]
    np.subtract(log, np.vecdot(head, head), out=own)
    hopeful: Any = np.flatnonzero(own > least)
    if hopeful.size > _FEW * len(delta):
        hopeful = slice(None)
    tail = delta[hopeful] @ factor[:, half:]
    tail += offset[half:]
    own[hopeful] -= np.vecdot(tail, tail)


def _normalised(ell: Floats, top: Floats) -> Floats:
    """Turn ell into 2^(ℓ − max) in place and return its sum over the components."""
    ell -= top
    np.exp2(ell, out=ell)
    total: Floats = ell.sum(axis=0)
    return total


def moments(
    rows: Floats, weights: Floats, form: Form, chunk: int, begin: int, end: int, sums: Floats, bits: Floats
) -> None:
    """Sums of the chunks `begin` to `end` of `chunk` rows each; shapes as in the fused kernel.

    A factor (k, d, d) fills the last d² cells of `sums` with the whole second moment, (k, d) the last d with its
    diagonal.
    """
    d = rows.shape[1]
    anchors, factors = form[1], form[3]
    negligible, block = _negligible(rows), _block(d)
    for piece in range(begin, end):
        stop = min((piece + 1) * chunk, len(rows))
        for first in range(piece * chunk, stop, block):
            x = rows[first : min(first + block, stop)]
            share = weights if weights.size == 1 else weights[first : first + len(x)]
            ell, top = _bits(x, form, negligible)
            total = _normalised(ell, top)
            bits[piece] += float(np.sum(share * (top + np.log2(total)), dtype=np.float64))
            ell /= total
            ell *= share
            for c, out in enumerate(sums[piece]):
                some: Any = np.flatnonzero(ell[c] >= negligible * share)
                if some.size > _FEW * len(x):
                    some = slice(None)
                r = ell[c, some]
                delta = x[some] - anchors[c]
                pull = delta * r[:, None]
                out[0] += r.sum(dtype=np.float64)
                out[1 : 1 + d] += pull.sum(axis=0)
                if factors.ndim == 2:
                    out[1 + d :] += np.einsum("ij,ij->j", pull, delta)
                else:
                    out[1 + d :] += np.matmul(pull.T, delta).ravel()


def posteriors(rows: Floats, form: Form, begin: int, end: int, density: Floats, shares: Floats, labels: Any) -> None:
    """For the rows `begin` to `end`, fill whichever of the outputs is not empty; as in the fused kernel."""
    negligible, size = _negligible(rows), _block(rows.shape[1])
    for first in range(begin, end, size):
        block = slice(first, min(first + size, end))
        ell, top = _bits(rows[block], form, negligible)
        if labels.size:
            labels[block] = ell.argmax(axis=0)
        if density.size or shares.size:
            total = _normalised(ell, top)
            if density.size:
                density[block] = top + np.log2(total)
            if shares.size:
                shares[block] = (ell / total).T
