"""The same sums for many dimensions: one BLAS product a component a block.

For each component of a block of rows X, with anchor μ and inverse Cholesky factor L,

    Y = (X − μ) Lᵀ + b,   ℓ = a − |Y|²   (in bits, as in the fused kernel)

and after normalisation Σ r δδᵀ = (r ∘ Δ)ᵀ Δ. In many dimensions nearly every row belongs to one component, so the
last product is taken over only those rows whose responsibility is at least 2⁻⁵²: the others together cannot be told
from rounding in a sum that holds even one row.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.arrays import Floats

BLOCK = 1024
_NEGLIGIBLE = 2.0**-52

Form = tuple[Floats, Floats, Floats, Floats]


def _bits(x: Floats, form: Form) -> tuple[Floats, Floats]:
    """Ell : (k, size), ℓ_c(x_i), and its maximum over the components (size,)."""
    logs, anchors, offsets, factors = form
    ell = np.empty((logs.size, len(x)), x.dtype)
    delta = np.empty_like(x)
    y = np.empty_like(x)
    for c in range(logs.size):
        np.subtract(x, anchors[c], out=delta)
        if factors.ndim == 2:
            np.multiply(delta, factors[c], out=y)
        else:
            np.matmul(delta, factors[c].T, out=y)
        y += offsets[c]
        np.einsum("ij,ij->i", y, y, out=ell[c])
        np.subtract(logs[c], ell[c], out=ell[c])
    return ell, ell.max(axis=0)


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
    for piece in range(begin, end):
        stop = min((piece + 1) * chunk, len(rows))
        for first in range(piece * chunk, stop, BLOCK):
            x = rows[first : min(first + BLOCK, stop)]
            share = weights if weights.size == 1 else weights[first : first + len(x)]
            ell, top = _bits(x, form)
            total = _normalised(ell, top)
            bits[piece] += float(np.sum(share * (top + np.log2(total)), dtype=np.float64))
            ell /= total
            for c, out in enumerate(sums[piece]):
                some = np.flatnonzero(ell[c] >= _NEGLIGIBLE)
                r = ell[c, some] * (share if share.size == 1 else share[some])
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
    for first in range(begin, end, BLOCK):
        block = slice(first, min(first + BLOCK, end))
        ell, top = _bits(rows[block], form)
        if labels.size:
            labels[block] = ell.argmax(axis=0)
        if density.size or shares.size:
            total = _normalised(ell, top)
            if density.size:
                density[block] = top + np.log2(total)
            if shares.size:
                shares[block] = (ell / total).T
