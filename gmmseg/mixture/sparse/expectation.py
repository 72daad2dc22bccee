"""The E-step on compressed rows: products with tables of d × k numbers.

With Σ_c diagonal the square of the Mahalanobis distance falls apart into sums over the entries that are there,

    Σ_j (x_j − μ_cj)² / σ²_cj = Σ_j μ²_cj / σ²_cj − 2 Σ_j x_j μ_cj / σ²_cj + Σ_j x²_j / σ²_cj,

so the log-densities of a block of rows X are a constant for each component, X (μ/σ²)ᵀ and X∘X (1/σ²)ᵀ; and with
responsibilities R the moments are Rᵀ1, XᵀR and (X∘X)ᵀR. What is subtracted is of the size of μ²/σ², which float64
holds with room to spare where most entries are zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from gmmseg.arrays import Doubles, Floats, Labels
from gmmseg.crew import Crew
from gmmseg.mixture.moments import Moments
from gmmseg.mixture.sparse.rows import SparseRows

if TYPE_CHECKING:
    from gmmseg.mixture.mixture import Mixture

_NOTHING = 1e-300
_UNSEEN = 1e-15  # a responsibility under which a row is not seen in any sum
_CELLS = 1 << 18  # numbers in a block of responsibilities
_CHUNKS = 16  # at most
_LEAST = 512  # rows in a chunk
_SUMS = 1 << 25  # numbers that the sums of all chunks may take together


class Tables:
    """A mixture as the products take it: ℓ_c(x) = base_c + Σ_j x_j linear_jc + x²_j square_jc."""

    def __init__(self, mixture: Mixture) -> None:
        factors, means = mixture.factors, mixture.means
        precisions = factors**2
        self.base: Doubles = (
            np.log(np.maximum(mixture.weights, _NOTHING))
            + (np.log(factors) - np.log(2 * np.pi) / 2).sum(axis=1)
            - (precisions * means**2).sum(axis=1) / 2
        )
        self.linear: Doubles = np.ascontiguousarray((means * precisions).T)
        # One precision for all columns makes of the second product the rows' own lengths.
        self.alike = mixture.covariance == "spherical"
        self.square: Doubles = -precisions[:, 0] / 2 if self.alike else np.ascontiguousarray(-precisions.T / 2)

    def log_joint(self, x: Any, squared: Any) -> Doubles:
        """ℓ : (block, k) of a block of rows and its square."""
        ell: Doubles = x @ self.linear
        ell += self.base
        ell += np.multiply.outer(squared.sum(axis=1), self.square) if self.alike else squared @ self.square
        return ell


def moments(rows: SparseRows, mixture: Mixture, crew: Crew) -> Moments:
    """Sums over all rows under `mixture`."""
    k, d = mixture.means.shape
    tables = Tables(mixture)
    chunk, parts = chunks_of(rows.n, k, d)
    counts, sums, likelihood = np.zeros((parts, k)), np.zeros((parts, 2, d, k)), np.zeros(parts)

    def work(begin: int, end: int) -> None:
        for part in range(begin, end):
            for block, x, squared in _blocks(rows, part * chunk, (part + 1) * chunk, k):
                share = rows.weights[block] if rows.weighted else rows.weights
                r, top = _normalised(tables.log_joint(x, squared))
                likelihood[part] += float(np.sum(share * top))
                r *= share[:, None]
                r[r < _UNSEEN * share[:, None]] = 0
                counts[part] += r.sum(axis=0)
                sums[part, 0] += x.T @ r
                sums[part, 1] += squared.T @ r

    crew.share(work, parts)
    count = counts.sum(axis=0)
    total = sums.sum(axis=0)
    plain, square = total[0].T, total[1].T
    means = mixture.means
    mass = count[:, None]
    second = square - 2 * means * plain + mass * means**2
    return Moments(float(likelihood.sum()), rows.total, count, plain - mass * means, np.maximum(second, 0.0), means)


def posteriors(
    rows: SparseRows, mixture: Mixture, crew: Crew, *, density: bool = False, shares: bool = False, labels: bool = False
) -> tuple[Doubles, Floats, Labels]:
    """Log-density (n,), responsibilities (n, k) float32 and component (n,) of each row; empty where not asked for."""
    n, k = rows.n, mixture.k
    tables = Tables(mixture)
    outputs = (
        np.empty(n if density else 0),
        np.empty((n if shares else 0, k), np.float32),
        np.empty(n if labels else 0, np.intp),
    )
    chunk, parts = chunks_of(n, k, mixture.d)

    def work(begin: int, end: int) -> None:
        for block, x, squared in _blocks(rows, begin * chunk, end * chunk, k):
            ell = tables.log_joint(x, squared)
            if labels:
                outputs[2][block] = ell.argmax(axis=1)
            if density or shares:
                r, top = _normalised(ell)
                if density:
                    outputs[0][block] = top
                if shares:
                    outputs[1][block] = r

    crew.share(work, parts)
    return outputs


def chunks_of(n: int, k: int, d: int) -> tuple[int, int]:
    """Rows in a chunk, and chunks: few enough for their sums, and by shapes alone, so that threads change no bit."""
    most = max(1, min(_CHUNKS, _SUMS // (2 * k * d)))
    chunk = max(_LEAST, -(-n // most))
    return chunk, -(-n // chunk)


def _blocks(rows: SparseRows, begin: int, end: int, k: int) -> Iterator[tuple[slice, Any, Any]]:
    """Places, values and squared values of the rows from begin to end, some at a time."""
    from scipy.sparse import csr_array

    values = rows.values
    size = max(64, _CELLS // k)
    end = min(end, rows.n)
    for first in range(begin, end, size):
        block = slice(first, min(first + size, end))
        # Slices of the matrix itself would copy its entries.
        bounds = values.indptr[block.start : block.stop + 1]
        inside = slice(bounds[0], bounds[-1])
        shape = (block.stop - block.start, rows.d)
        data, indices, ends = values.data[inside], values.indices[inside], bounds - bounds[0]
        yield block, csr_array((data, indices, ends), shape=shape), csr_array((data**2, indices, ends), shape=shape)


def _normalised(ell: Doubles) -> tuple[Doubles, Doubles]:
    """Responsibilities (block, k), in the place of ℓ, and log-densities (block,)."""
    top = ell.max(axis=1)
    ell -= top[:, None]
    np.exp(ell, out=ell)
    total = ell.sum(axis=1)
    ell /= total[:, None]
    return ell, top + np.log(total)
