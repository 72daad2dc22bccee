"""The limit of a spherical mixture whose one variance goes to zero: each row belongs to its nearest centre.

Hard assignment is thus the E-step under a very sharp mixture, and one set of kernels serves k-means, starts from
centres and EM alike.
"""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.crew import Crew
from gmmseg.mixture.expectation import moments
from gmmseg.mixture.families import Family
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.moments import Moments
from gmmseg.mixture.rows import Rows

# Two squared distances that differ by 2e-6 of the squared unit are told apart by a factor e: far below what matters,
# and far above what float32 rounds.
SHARPNESS = 1e-3


def sharp(centres: Doubles, unit: Doubles, *, diagonal: bool = True) -> Mixture:
    """A mixture that assigns each row to the nearest of `centres` : (k, d), distances measured in unit : (d,)."""
    variances = (SHARPNESS * unit) ** 2
    k = len(centres)
    weights = np.full(k, 1 / k)
    if diagonal:
        return Mixture(weights, centres, np.tile(variances, (k, 1)), "diag")
    return Mixture(weights, centres, np.diag(variances), "tied")


def hard_moments(rows: Rows, centres: Doubles, unit: Doubles, family: Family, crew: Crew) -> Moments:
    """Moments of the rows about their nearest centres, as the family needs them."""
    return moments(rows, sharp(centres, unit, diagonal=family.diagonal), crew)
