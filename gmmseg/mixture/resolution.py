"""Whether single precision is enough for these rows under this mixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gmmseg.mixture.rows import Rows

if TYPE_CHECKING:
    from gmmseg.mixture.mixture import Mixture

_FLAT = 300.0  # a component's width by its thickness; beyond it, what float32 rounds off the one blurs the other
_REACH = 1e15  # distances in standard deviations beyond this have squares that float32 cannot hold


def resolving(rows: Rows, mixture: Mixture) -> Rows:
    """The rows, in float64 where float32 would blur the mixture's flattest components or not reach its farthest.

    Measured on 2,000 rows, float32 moments are off by 6e-4 of the smallest variance at a flatness of 300 and by 3% at
    1,000; the colours of photos hardly reach 40.
    """
    if rows.values.dtype == np.float64:
        return rows
    factors = np.abs(mixture.factors)
    if not mixture.family.diagonal:
        matrices = mixture.family.matrices(mixture.covariances, mixture.k, mixture.d)
        deviations = np.sqrt(np.diagonal(matrices, axis1=1, axis2=2))
        if (factors * deviations[:, None, :]).max() > _FLAT:
            return rows.widened()
    far = float(np.abs(mixture.means).max()) + max(float(rows.values.max()), -float(rows.values.min()))
    return rows.widened() if far * float(factors.max()) > _REACH else rows
