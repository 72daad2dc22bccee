"""The E-step: rows and a mixture in, Moments or posteriors out.

Few dimensions go through the fused kernel, many through the pruned one. Either way the rows are cut into chunks by
their number alone and the chunks' sums are added in their order, so the bits do not depend on the threads.
"""

from __future__ import annotations

from functools import cache
from math import log, pi, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from gmmseg.arrays import Doubles, Floats, Labels
from gmmseg.crew import Crew
from gmmseg.mixture.blas import FUSED
from gmmseg.mixture.families.definite import log_determinants
from gmmseg.mixture.kernels import pruned
from gmmseg.mixture.moments import Moments
from gmmseg.mixture.rows import Rows
from gmmseg.mixture.sparse import expectation as compressed
from gmmseg.mixture.sparse.rows import SparseRows

if TYPE_CHECKING:
    from gmmseg.mixture.mixture import Mixture

_NOTHING = 1e-300
_BLOCK = 1024  # rows that the kernels take at a time; chunks are made of whole blocks
_CHUNK = 4 * _BLOCK
_ALONE = 4  # chunks that the fused kernel has done before another thread is awake
_CHUNKS = {True: 64, False: 16}  # at most, for the fused kernel and for the pruned one, whose sums are large


def form_of(mixture: Mixture, dtype: Any) -> pruned.Form:
    """The mixture as the kernels take it: ℓ_c(x) = logs_c − |factors_c (x − anchors_c) + offsets_c|², in bits."""
    factors = mixture.factors
    d = mixture.d
    # A component of weight zero keeps a log that every float can hold and no row will ever prefer.
    logs = np.log2(np.maximum(mixture.weights, _NOTHING)) + (log_determinants(factors) - d * log(2 * pi) / 2) / log(2)
    anchors = mixture.means.astype(dtype, order="C")
    rest = (mixture.means - anchors)[:, :, None]
    scaled = factors * sqrt(1 / (2 * log(2)))
    offsets = -(scaled * rest[:, :, 0] if scaled.ndim == 2 else (scaled @ rest)[:, :, 0])
    return logs.astype(dtype), anchors, offsets.astype(dtype), scaled.astype(dtype)


def moments(rows: Rows, mixture: Mixture, crew: Crew) -> Moments:
    """Sums over all rows under `mixture`."""
    if isinstance(rows, SparseRows):
        return compressed.moments(rows, mixture, crew)
    form = form_of(mixture, rows.values.dtype)
    k, d = mixture.means.shape
    diagonal = form[3].ndim == 2
    fused = d <= FUSED
    chunk = _chunk(rows.n, fused)
    parts = -(-rows.n // chunk)
    size = d if diagonal else d * (d + 1) // 2 if fused else d * d
    sums = np.zeros((parts, k, 1 + d + size))
    bits = np.zeros(parts)
    if fused:
        from gmmseg.mixture.kernels import fused as kernel

        axes, cells, packed = _shape_of(form)

        def work(begin: int, end: int) -> None:
            kernel.moments(rows.values, rows.weights, axes, cells, packed, chunk, begin, end, sums, bits)
    else:

        def work(begin: int, end: int) -> None:
            pruned.moments(rows.values, rows.weights, form, chunk, begin, end, sums, bits)

    crew.share(work, parts, least=_ALONE if fused else 1)
    whole = sums.sum(axis=0)
    second = whole[:, 1 + d :]
    if not diagonal:
        second = _unpacked(second, d) if fused else _mirrored(second.reshape(k, d, d))
    return Moments(
        float(bits.sum()) * log(2), rows.total, whole[:, 0], whole[:, 1 : 1 + d], second, form[1].astype(np.float64)
    )


def posteriors(
    rows: Rows, mixture: Mixture, crew: Crew, *, density: bool = False, shares: bool = False, labels: bool = False
) -> tuple[Doubles, Floats, Labels]:
    """Log-density (n,), responsibilities (n, k) float32 and component (n,) of each row; empty where not asked for."""
    if isinstance(rows, SparseRows):
        return compressed.posteriors(rows, mixture, crew, density=density, shares=shares, labels=labels)
    form = form_of(mixture, rows.values.dtype)
    n, k = rows.n, len(mixture.weights)
    outputs = (
        np.empty(n if density else 0),
        np.empty((n if shares else 0, k), np.float32),
        np.empty(n if labels else 0, np.intp),
    )
    fused = mixture.d <= FUSED
    chunk = _chunk(n, fused)
    if fused:
        from gmmseg.mixture.kernels import fused as kernel

        axes, cells, packed = _shape_of(form)

        def work(begin: int, end: int) -> None:
            kernel.posteriors(rows.values, axes, cells, packed, begin * chunk, min(end * chunk, n), *outputs)
    else:

        def work(begin: int, end: int) -> None:
            pruned.posteriors(rows.values, form, begin * chunk, min(end * chunk, n), *outputs)

    crew.share(work, -(-n // chunk), least=_ALONE if fused else 1)
    outputs[0][...] *= log(2)
    return outputs


def _chunk(n: int, fused: bool) -> int:
    """Rows in a chunk: a few thousand, or so many that the chunks stay few."""
    whole = -(-n // _CHUNKS[fused])
    return max(_CHUNK, -(-whole // _BLOCK) * _BLOCK)


def _shape_of(form: pruned.Form) -> tuple[tuple[int, ...], tuple[int, ...], pruned.Form]:
    """The dimensions and cells that the fused kernel takes as types, and the form with its factors packed."""
    logs, anchors, offsets, factors = form
    d = anchors.shape[1]
    if factors.ndim == 3:
        down, across = _triangle(d)
        factors = factors[:, down, across]
    return (0,) * d, (0,) * factors.shape[1], (logs, anchors, offsets, np.ascontiguousarray(factors))


def _unpacked(triangle: Doubles, d: int) -> Doubles:
    """Symmetric (k, d, d) from its lower triangle, row by row : (k, d(d+1)/2)."""
    down, across = _triangle(d)
    whole = np.empty((len(triangle), d, d))
    whole[:, down, across] = triangle
    whole[:, across, down] = triangle
    return whole


def _mirrored(matrices: Doubles) -> Doubles:
    """Symmetric matrices from their upper triangles : (k, d, d)."""
    upper = np.triu(matrices)
    return upper + np.swapaxes(np.triu(upper, 1), 1, 2)


@cache
def _triangle(d: int) -> tuple[Labels, Labels]:
    """Places of the lower triangle, row by row, as the fused kernel goes through it."""
    return np.tril_indices(d)
