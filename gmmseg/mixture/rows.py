"""Rows as the engine wants them: checked, contiguous, in the narrowest type that holds them exactly."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arrays import Doubles, Flags, Floats
from gmmseg.errors import InputError

# Numbers between these have squares that float32 can hold, with room for sums; rows of others are in float64.
TAME = (1e-12, 1e15)
_LARGEST = 1e100


@dataclass(frozen=True)
class Rows:
    """What a mixture is fitted to.

    Attributes
    ----------
    values : (n, d) float32 or float64, C-contiguous and read-only
    weights : (n,) or (1,), of the same dtype, positive; a single one stands for every row
    total : float
        Sum of the weights over all rows.
    """

    values: Floats
    weights: Floats
    total: float

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.values)

    @property
    def d(self) -> int:
        """Number of dimensions."""
        return int(self.values.shape[1])

    @property
    def weighted(self) -> bool:
        """Whether rows have weights of their own."""
        return self.weights.size > 1

    def along(self, direction: Doubles, piece: slice) -> Doubles:
        """Σ_j x_j direction_j for the rows of a piece : (size,); equal rows have equal bits.

        Column by column, as a product by BLAS rounds equal rows differently by where they stand.
        """
        values = self.values[piece]
        sums = np.zeros(len(values))
        for column, share in zip(values.T, direction, strict=True):
            sums += column.astype(np.float64) * share
        return sums

    def widened(self) -> Rows:
        """The same rows in float64."""
        return Rows(_kernel_ready(self.values, np.float64), _kernel_ready(self.weights, np.float64), self.total)

    def taken(self, index: Any) -> Rows:
        """The rows at `index`, with their weights."""
        values = _kernel_ready(self.values[index], self.values.dtype)
        weights = self.weights[index] if self.weighted else self.weights
        return Rows(values, weights, 0.0).reweighted(weights.astype(np.float64))

    def reweighted(self, weights: Doubles) -> Rows:
        """The same rows with other weights : (n,) or, for all alike, (1,)."""
        total = float(weights.sum()) if weights.size > 1 else float(weights[0]) * self.n
        return Rows(self.values, _kernel_ready(weights, self.values.dtype), total)

    def unweighted(self) -> Rows:
        """The same rows, each with weight one."""
        return self.reweighted(np.ones(1))


def checked(rows: ArrayLike, weights: ArrayLike | None = None) -> Rows:
    """`rows` and `weights` as Rows, or an InputError that says what is wrong with them.

    float32 is kept, and so are integers and float64 numbers that float32 holds exactly, so the same values give the
    same bits whatever type they come in. Everything else is worked on in float64. Rows of weight zero are left out.
    Sparse matrices of SciPy's become SparseRows.
    """
    if is_sparse(rows):
        from gmmseg.mixture.sparse.rows import checked_sparse

        return checked_sparse(rows, weights)
    array = _numeric("rows", rows)
    if array.ndim == 1:
        raise InputError(f"expected rows of shape (n, d); got {array.shape}; use rows[:, None] for one dimension")
    if array.ndim != 2:
        raise InputError(f"expected rows of shape (n, d); got {array.ndim} dimensions, shape {array.shape}")
    if array.size == 0:
        raise InputError(f"expected at least one row and one column; got shape {array.shape}")
    _require_finite("rows", array)
    values = _narrowest(array)
    if weights is None:
        return Rows(values, values[:1, 0], 0.0).unweighted()
    return _weighted(values, weights)


def is_sparse(given: object) -> bool:
    """Whether `given` is a sparse matrix or array of SciPy's: it can be only if somebody has loaded SciPy."""
    library: Any = sys.modules.get("scipy.sparse")
    return library is not None and bool(library.issparse(given))


def weights_of(weights: ArrayLike, n: int) -> tuple[Doubles, Flags | None]:
    """Checked weights of the rows that are kept, (1,) where all are alike; and which are, None for all of them."""
    counts = _numeric("weights", weights).astype(np.float64, copy=False)
    if counts.shape != (n,):
        raise InputError(f"expected one weight a row, shape ({n},); got shape {counts.shape}")
    _require_finite("weights", counts)
    if counts.min() < 0:
        raise InputError(f"expected weights of at least 0; got {counts.min():g}")
    peak = float(counts.max())
    if peak == 0:
        raise InputError("expected at least one positive weight; all are 0")
    if not (1e-30 < peak < 1e30):
        raise InputError(f"expected weights between 1e-30 and 1e30; the largest is {peak:g}; rescale them")
    # A weight that float32 rounds to nothing beside the largest adds nothing to any sum either.
    kept = counts > peak * 1e-30
    counts = counts[kept]
    return counts[:1] if counts.min() == peak else counts, None if kept.all() else kept


def _weighted(values: Floats, weights: ArrayLike) -> Rows:
    counts, kept = weights_of(weights, len(values))
    if kept is not None:
        values = _kernel_ready(values[kept], values.dtype)
    return Rows(values, counts.astype(values.dtype), 0.0).reweighted(counts)


def _numeric(name: str, given: ArrayLike) -> np.ndarray[Any, Any]:
    try:
        array = np.asarray(given)
    except ValueError as error:
        raise InputError(f"expected {name} as a rectangular array of numbers; got {error}") from None
    if isinstance(given, np.ma.MaskedArray) and np.ma.getmaskarray(given).any():
        raise InputError(f"expected {name} without a mask; leave the masked rows out, or give them weight 0")
    if array.dtype.kind not in "biuf":
        raise InputError(f"expected {name} as real numbers; got dtype {array.dtype}")
    return array


def _require_finite(name: str, array: np.ndarray[Any, Any]) -> None:
    if array.dtype.kind != "f":
        return
    with np.errstate(over="ignore", invalid="ignore"):
        whole = np.isfinite(array.sum(dtype=np.float64))
    if whole:
        return
    bad = ~np.isfinite(array)
    if bad.any():
        place = ", ".join(str(i) for i in np.argwhere(bad)[0])
        raise InputError(
            f"expected finite {name}; {np.count_nonzero(bad)} are NaN or infinite, the first at [{place}]; "
            "leave them out or fill them in"
        )
    raise InputError(f"expected {name} under {_LARGEST:g}; their sum overflows; rescale them")


def _narrowest(array: np.ndarray[Any, Any]) -> Floats:
    if array.dtype.kind in "biu":
        if array.dtype.itemsize > 2 and np.abs(array.astype(np.float64)).max() > 2**24:
            return _kernel_ready(array, np.float64)
        return _kernel_ready(array, np.float32)
    peak = max(float(array.max()), -float(array.min()))
    if peak > _LARGEST:
        raise InputError(f"expected rows under {_LARGEST:g}; got {peak:g}; rescale them")
    if peak == 0 or TAME[0] < peak < TAME[1]:
        if array.dtype.itemsize <= 4:
            return _kernel_ready(array, np.float32)
        single = array[:256].astype(np.float32)
        if np.array_equal(single, array[:256]):
            single = array.astype(np.float32)
            if np.array_equal(single, array):
                return _kernel_ready(single, np.float32)
    return _kernel_ready(array, np.float64)


def _kernel_ready(array: np.ndarray[Any, Any], dtype: Any) -> Floats:
    """Contiguous, aligned and read-only: one type, so that each kernel is compiled once."""
    ready = np.require(array, dtype, ["C", "A"]).view()
    ready.flags.writeable = False
    return ready


def scale_of(variances: Doubles) -> Doubles:
    """The unit of each column, its standard deviation; a constant column takes the others' mean, or 1."""
    moving = variances > 0
    spread = np.sqrt(variances)
    return np.where(moving, spread, spread[moving].mean() if moving.any() else 1.0)
