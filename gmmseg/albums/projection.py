"""Long descriptions projected on the few directions in which the pictures differ most."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gmmseg.arrays import Doubles

MOST = 8  # directions; the engine is quickest up to eight dimensions, and pictures are few for more
_SHARE = 0.95  # of the variance, at which no further direction is wanted
_EACH = 10  # pictures that a cluster should have for each direction


@dataclass(frozen=True, eq=False)
class Projection:
    """The way from a long description to a few numbers: (row − centre) · axes.

    Attributes
    ----------
    centre : (D,) float64
    axes : (D, d) float64
        Orthonormal columns.
    """

    centre: Doubles = field(repr=False)
    axes: Doubles = field(repr=False)

    def __call__(self, rows: Doubles) -> Doubles:
        """Rows : (n, D), projected : (n, d)."""
        # Row by row, so that a picture has the same numbers whoever its neighbours are: products of matrices add up in
        # an order that depends on their size.
        projected = np.empty((len(rows), self.axes.shape[1]))
        for own, row in zip(projected, rows, strict=True):
            np.sum((row - self.centre)[:, None] * self.axes, axis=0, out=own)
        return projected

    def undone(self, rows: Doubles) -> Doubles:
        """Rows : (n, d), as the descriptions nearest to the centre that have them : (n, D)."""
        described: Doubles = self.centre + rows @ self.axes.T
        return described


def principal(rows: Doubles, k: int) -> tuple[Projection, float]:
    """The directions of the largest variance (Pearson 1901), and the share of the variance that they keep.

    As many as keep 95 %, but no more than 8, and no more than pictures in k clusters allow.

    rows : (n, D)
    """
    n, length = rows.shape
    most = min(max(2, n // (_EACH * k) - 1), MOST, length, max(1, n - 1))
    centre = rows.mean(axis=0)
    values, vectors = _eigen((rows - centre) / np.sqrt(n))
    total = values.sum()
    kept = np.cumsum(values) / total if total > 0 else np.ones(len(values))
    d = min(most, int(np.searchsorted(kept, _SHARE - 1e-9)) + 1)
    axes = vectors[:, :d]
    # A direction is as good as its opposite: the largest entry is positive.
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(d)])
    return Projection(centre, np.ascontiguousarray(axes * np.where(signs == 0, 1, signs))), float(kept[d - 1])


def _eigen(scaled: Doubles) -> tuple[Doubles, Doubles]:
    """Eigenvalues of XᵀX, largest first, and its eigenvectors in columns."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):  # the bits must not depend on BLAS's threads
        values, vectors = np.linalg.eigh(scaled.T @ scaled)
    return np.maximum(values[::-1], 0), vectors[:, ::-1]
