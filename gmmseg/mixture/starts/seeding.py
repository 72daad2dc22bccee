"""First mixtures: from centres, or one component; and the priors under which starts are climbed."""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.mixture.maximisation import maximise
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.prior import Prior, Pseudo
from gmmseg.mixture.restructuring import assembled
from gmmseg.mixture.sharp import hard_moments
from gmmseg.mixture.slope import Slope

_FAINT = 0.2  # pseudo-scatter, in the data's covariances a row, shared by all rows


def from_centres(slope: Slope, centres: Doubles) -> Mixture:
    """Each row to its nearest centre, and one M-step from there."""
    sums = hard_moments(slope.rows, centres, slope.scale, slope.family, slope.crew)
    return maximise(sums, slope.family, slope.least, slope.prior)[0]


def single(slope: Slope) -> Mixture:
    """One component: the data's own mean and covariance."""
    covariance = slope.covariance + np.diag(slope.least**2)
    return assembled(np.ones(1), slope.mean[None], covariance[None], slope.family.name)


def broad(slope: Slope, k: int) -> Pseudo:
    """A prior that keeps new components from being narrower than the few rows they begin with justify."""
    return Prior().resolved(k, slope.mean, slope.covariance)


def faint(slope: Slope) -> Pseudo:
    """A penalty on flat components that vanishes beside the rows as they grow in number.

    −(a/2) Σ tr(S Σ_c⁻¹) with S the data's covariance and a = 0.2 / n: enough to bound the likelihood (Ciuperca,
    Ridolfi and Idier 2003; Chen and Tan 2009), and too little to move a component that rests on rows.
    """
    strength = _FAINT / slope.rows.total
    k, d = 1, slope.rows.d
    # Degrees of freedom that cancel the family's own, so that nothing but the trace is added.
    return Pseudo(1.0, slope.mean, 0.0, strength * slope.covariance, -slope.family.degrees(0.0, k, d))
