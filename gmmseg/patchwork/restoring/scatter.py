"""Sums of products of rows with themselves."""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Floats


def scatter(rows: Floats) -> Floats:
    """Rowsᵀ rows : (…, n, d) to (…, d, d).

    The copy keeps NumPy from BLAS's symmetric product, whose bits are not sure when several threads call it at once.
    """
    found: Floats = np.matmul(np.ascontiguousarray(np.swapaxes(rows, -1, -2)), rows)
    return found
