"""Rows that differ from each other: how many, and which."""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.mixture.rows import Rows

_PIECE = 1 << 16


def require_distinct(rows: Rows, k: int) -> None:
    """At least k rows that differ, or an InputError."""
    found = distinct_up_to(rows, k)
    if found < k:
        raise InputError(f"expected at least k = {k} different rows; there are {found}; ask for no more components")


def distinct_up_to(rows: Rows, limit: int) -> int:
    """The number of different rows, or `limit` if there are at least so many; usually a look at the first few."""
    seen = np.empty(0)
    first, size = 0, max(256, 2 * limit)
    while first < rows.n and seen.size < limit:
        seen = np.unique(np.concatenate([seen, _keys(rows, slice(first, first + size))]))
        first, size = first + size, _PIECE
    return min(seen.size, limit)


def condensed(rows: Rows) -> Rows:
    """Each different row once, with the sum of its weights."""
    keys = np.concatenate([_keys(rows, slice(first, first + _PIECE)) for first in range(0, rows.n, _PIECE)])
    _, index, inverse = np.unique(keys, return_index=True, return_inverse=True)
    weights = np.bincount(inverse, np.broadcast_to(rows.weights, rows.n)).astype(np.float64)
    return rows.taken(index).reweighted(weights)


def _keys(rows: Rows, piece: slice) -> Doubles:
    """One number a row : (n,): different rows project differently on a random direction, but for rounding.

    Column by column, as a product by BLAS rounds equal rows differently by where they stand.
    """
    direction = np.random.default_rng(0).standard_normal(rows.d)
    values = rows.values[piece]
    keys = np.zeros(len(values))
    for column, share in zip(values.T, direction, strict=True):
        keys += column.astype(np.float64) * share
    return keys
