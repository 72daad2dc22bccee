"""Whether single precision is enough for these rows under this mixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gmmseg.mixture.rows import TAME, Rows

if TYPE_CHECKING:
    from gmmseg.mixture.mixture import Mixture

_FLAT = 300.0  # a component's width by its thickness; beyond it, what float32 rounds off the one blurs the other
_REACH = 1e17  # distances in standard deviations beyond this have sums of squares that float32 cannot hold


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
    sharpest, centre = float(factors.max()), float(np.abs(mixture.means).max())
    if sharpest * (centre + TAME[1]) <= _REACH:  # rows in float32 are never farther out than that
        return rows
    far = max(float(rows.values.max()), -float(rows.values.min()))
    return rows.widened() if sharpest * (centre + far) > _REACH else rows
