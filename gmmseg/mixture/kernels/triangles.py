"""Responsibilities in many dimensions: rows through triangular factors, sixteen side by side, as far as they matter.

For a row x and a component with anchor μ and inverse Cholesky factor L, ℓ = a − |y|² with y = L (x − μ) + b, in bits
as in the fused kernel. L is lower triangular, so y₁, y₂, … need ever more of x, and each takes its square from ℓ. Where
that has put ℓ out of reach of the best component so far, in all sixteen rows, the rest of y is left out. Rows come in
reading order and neighbours are alike, so the best component of the sixteen rows before is asked first.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.arrays import Floats
from gmmseg.compiled import compiled
from gmmseg.mixture.kernels.lanes import LANES, exp2, log2
from gmmseg.mixture.kernels.panels import PANEL, less, squares


def packed(offsets: Floats, factors: Floats) -> Floats:
    """Offsets (k, d) and factors (k, d, d) in the order in which they are read : (k, cells).

    For each PANEL elements of y their offsets, and then their factors, one dimension of x after the other.
    """
    k, d = offsets.shape
    steps = -(-d // PANEL)
    columns = np.zeros((k, 1 + d, steps * PANEL), factors.dtype)
    columns[:, 0, :d] = offsets
    columns[:, 1:, :d] = np.swapaxes(factors, 1, 2)
    ends = [min((step + 1) * PANEL, d) for step in range(steps)]
    parts = np.split(columns, steps, axis=2)
    return np.concatenate([part[:, : 1 + end].reshape(k, -1) for part, end in zip(parts, ends, strict=True)], axis=1)


# Rows of the table in which `shares` keeps what it knows of LANES rows, before those of ℓ.
_TOP, _TOTAL, _SPENT, _ROOM, _ELL = range(5)


@compiled
def shares(rows: Any, logs: Any, anchors: Any, cells: Any, reach: Any, share: Any, density: Any) -> None:
    """Responsibilities, and the log₂-density.

    Where a responsibility is under 2^−reach it may be too large, but stays under it.

    rows : (n, d), logs : (k,), anchors : (k, d), cells : (k, …) as `packed` makes them, reach : of the rows' type
    share : (k, n), density : (n,)
    """
    n, d = rows.shape
    k, width = cells.shape
    flat, means = cells.reshape(-1), anchors.reshape(-1)
    lowest = -np.finfo(rows.dtype).max / 4
    x = np.empty(d * LANES, rows.dtype)
    delta = np.ones((1 + d) * LANES, rows.dtype)  # the first of each lane is what the offsets are multiplied with
    # One table, not an array for each: where arrays could overlap, LLVM lets their addresses decide between two
    # versions of a loop, which round differently.
    table = np.empty((_ELL + k, LANES), rows.dtype)
    known = table.reshape(-1)
    best = 0
    for first in range(0, n, LANES):
        size = min(LANES, n - first)
        for i in range(LANES):
            row = first + min(i, size - 1)
            for j in range(d):
                x[j * LANES + i] = rows[row, j]
            table[_TOP, i] = lowest
        favourite = best
        for turn in range(k):
            c = favourite if turn == 0 else turn - 1 if turn <= favourite else turn
            log = logs[c]
            hope = False
            for i in range(LANES):
                table[_SPENT, i] = 0
                table[_ROOM, i] = log - table[_TOP, i] + reach
                hope |= table[_ROOM, i] > 0
            place = c * width
            done = 0
            while hope and done < d:
                stop = min(done + PANEL, d)
                less(x, means, c * d, done, stop, delta)
                hope = squares(delta, flat, place, 1 + stop, known, _SPENT * LANES, _ROOM * LANES)
                place += (1 + stop) * PANEL
                done = stop
            for i in range(LANES):
                ell = log - table[_SPENT, i]
                table[_ELL + c, i] = ell
                table[_TOP, i] = max(table[_TOP, i], ell)
            if table[_ELL + c, LANES - 1] == table[_TOP, LANES - 1]:
                best = c
        for i in range(LANES):
            table[_TOTAL, i] = 0
        for c in range(k):
            for i in range(LANES):
                likelihood = exp2(table[_ELL + c, i] - table[_TOP, i])
                table[_ELL + c, i] = likelihood
                table[_TOTAL, i] += likelihood
        for i in range(LANES):
            table[_TOP, i] += log2(table[_TOTAL, i])
            table[_TOTAL, i] = 1 / table[_TOTAL, i]
        for c in range(k):
            for i in range(LANES):
                table[_ELL + c, i] *= table[_TOTAL, i]
        for i in range(size):
            density[first + i] = table[_TOP, i]
        for c in range(k):
            for i in range(size):
                share[c, first + i] = table[_ELL + c, i]
