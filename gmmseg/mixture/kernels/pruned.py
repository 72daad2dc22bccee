"""The same sums for many dimensions, block by block.

In many dimensions nearly every row belongs to one component. So components are followed only as far as they matter to
a row (`triangles.py`), and sums are taken over only the rows that matter to a component (`scatter.py`). What matters is
decided by the number of rows: all that is left out, over all rows and together, is less than a part of one row that
the type could not show in any sum.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.arrays import Floats
from gmmseg.mixture.kernels import scatter, triangles

# Numbers in a block of rows: few enough for the cache, so many that threads seldom meet between two calls.
_BLOCK = 1 << 18
# The part of one row that may be left out of a sum over all rows, of which there are taken to be at least _MANY: so
# what is left out of a single row is below the rounding of its type too.
_UNSEEN = {np.dtype(np.float32): 1e-4, np.dtype(np.float64): 1e-12}
_MANY = 100_000

Form = tuple[Floats, Floats, Floats, Floats]


def _block(d: int) -> int:
    """Rows in a block."""
    return min(max(_BLOCK // d, 256), 4096)


def _negligible(rows: Floats) -> Any:
    """The responsibility under which a row does not count."""
    return rows.dtype.type(_UNSEEN[rows.dtype] / max(len(rows), _MANY))


def _cells(form: Form) -> Floats | None:
    """Triangular factors as they are read; None for diagonal ones."""
    return triangles.packed(form[2], form[3]) if form[3].ndim == 3 else None


def _shares(x: Floats, form: Form, cells: Floats | None, negligible: Any) -> tuple[Floats, Floats]:
    """Responsibilities (k, size) and log₂-densities (size,); a responsibility that is negligible may be too large."""
    logs, anchors, offsets, factors = form
    share, density = np.empty((logs.size, len(x)), x.dtype), np.empty(len(x), x.dtype)
    if cells is not None:
        triangles.shares(x, logs, anchors, cells, -np.log2(negligible), share, density)
        return share, density
    for c, own in enumerate(share):
        y = (x - anchors[c]) * factors[c] + offsets[c]
        np.subtract(logs[c], np.vecdot(y, y), out=own)
    share.max(axis=0, out=density)
    share -= density
    np.exp2(share, out=share)
    total = share.sum(axis=0)
    density += np.log2(total)
    share /= total
    return share, density


def moments(
    rows: Floats, weights: Floats, form: Form, chunk: int, begin: int, end: int, sums: Floats, bits: Floats
) -> None:
    """Sums of the chunks `begin` to `end` of `chunk` rows each; shapes as in the fused kernel.

    A factor (k, d, d) fills the last d² cells of `sums` with the upper triangle of the second moment and zeros or
    anything under it, (k, d) the last d with its diagonal.
    """
    anchors, cells = form[1], _cells(form)
    negligible, block = _negligible(rows), _block(rows.shape[1])
    scattered = scatter.diagonal if cells is None else scatter.full
    for piece in range(begin, end):
        stop = min((piece + 1) * chunk, len(rows))
        for first in range(piece * chunk, stop, block):
            x = rows[first : min(first + block, stop)]
            weight = weights if weights.size == 1 else weights[first : first + len(x)]
            share, density = _shares(x, form, cells, negligible)
            bits[piece] += float(np.sum(weight * density, dtype=np.float64))
            scattered(x, share, weight, anchors, negligible, sums[piece])


def posteriors(rows: Floats, form: Form, begin: int, end: int, density: Floats, shares: Floats, labels: Any) -> None:
    """For the rows `begin` to `end`, fill whichever of the outputs is not empty; as in the fused kernel."""
    cells, negligible, size = _cells(form), _negligible(rows), _block(rows.shape[1])
    for first in range(begin, end, size):
        block = slice(first, min(first + size, end))
        share, own = _shares(rows[block], form, cells, negligible)
        if labels.size:
            labels[block] = share.argmax(axis=0)
        if density.size:
            density[block] = own
        if shares.size:
            shares[block] = share.T
