"""Compressed rows as the engine wants them: checked, in float64, each entry stored once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.mixture.rows import Rows, weights_of

_LARGEST = 1e100


@dataclass(frozen=True)
class SparseRows(Rows):
    """What a mixture of compressed rows is fitted to.

    Attributes
    ----------
    values : (n, d) scipy.sparse.csr_array of float64, in canonical form and without stored zeros
    weights, total
        As in `Rows`, in float64.
    """

    values: Any = field(repr=False)

    def along(self, direction: Doubles, piece: slice) -> Doubles:
        """Σ_j x_j direction_j for the rows of a piece; SciPy adds up a row's entries in their order."""
        sums: Doubles = self.values[piece] @ direction
        return sums

    def widened(self) -> SparseRows:
        """The rows themselves: they are in float64."""
        return self

    def taken(self, index: Any) -> SparseRows:
        """The rows at `index`, with their weights."""
        weights = (self.weights[index] if self.weighted else self.weights).astype(np.float64)
        return SparseRows(self.values[index], weights, 0.0).reweighted(weights)

    def reweighted(self, weights: Doubles) -> SparseRows:
        """The same rows with other weights : (n,) or, for all alike, (1,)."""
        total = float(weights.sum()) if weights.size > 1 else float(weights[0]) * self.n
        return SparseRows(self.values, weights, total)

    @property
    def n(self) -> int:
        """Number of rows."""
        return int(self.values.shape[0])


def checked_sparse(rows: Any, weights: ArrayLike | None = None) -> SparseRows:
    """`rows` and `weights` as SparseRows, or an InputError that says what is wrong with them."""
    from scipy.sparse import csr_array

    if len(rows.shape) != 2 or 0 in rows.shape:
        raise InputError(f"expected at least one sparse row and one column; got shape {rows.shape}")
    if rows.dtype.kind not in "biuf":
        raise InputError(f"expected sparse rows of real numbers; got dtype {rows.dtype}")
    try:
        values = csr_array(rows, dtype=np.float64, copy=True)
        values.sum_duplicates()
    except ValueError as error:
        raise InputError(f"expected a sound sparse matrix; {error}") from None
    if not np.isfinite(values.data).all():
        raise InputError(
            "expected finite sparse rows; some entries are NaN or infinite; leave them out or fill them in"
        )
    if np.abs(values.data).max(initial=0.0) > _LARGEST:
        raise InputError(f"expected sparse rows under {_LARGEST:g}; got larger ones; rescale them")
    values.eliminate_zeros()
    if weights is None:
        return SparseRows(values, np.ones(1), float(values.shape[0]))
    counts, kept = weights_of(weights, values.shape[0])
    return SparseRows(values if kept is None else values[kept], counts, 0.0).reweighted(counts)
