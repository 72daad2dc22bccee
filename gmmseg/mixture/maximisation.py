"""The M-step: Moments in, the mixture that maximises their expected log-likelihood (or log-posterior) out."""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.mixture.families import Family
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.moments import Moments
from gmmseg.mixture.prior import Pseudo

_TRACE = 1e-12  # share of the rows that even a component without any is taken to have


def maximise(moments: Moments, family: Family, least: Doubles, prior: Pseudo | None) -> tuple[Mixture, bool]:
    """The new mixture, and whether the floor changed it.

    A component with nothing left keeps a trace, for the arithmetic, and its mean.

    least : (d,), the standard deviations that no component may go under.
    """
    counts = np.maximum(moments.counts, _TRACE * moments.weight)
    k, d = moments.first.shape
    shift = moments.first / counts[:, None]
    means = moments.anchors + shift
    # Scatter about the new mean: anchors are the old means, so little is subtracted.
    scatter = moments.second - _outer(shift, moments.first, family)
    if prior is None:
        weights = counts / counts.sum()
        covariances = family.estimate(scatter, counts, 0.0, 0.0)
    else:
        alpha, kappa = prior.concentration, prior.strength
        weights = (counts + alpha - 1) / (counts.sum() + k * (alpha - 1))
        apart = means - prior.mean
        pull = kappa * counts / (kappa + counts)
        scatter = scatter + _outer(apart * pull[:, None], apart, family)
        means = means - apart * (kappa / (kappa + counts))[:, None]
        covariances = family.estimate(scatter, counts, prior.scatter, family.degrees(prior.degrees, k, d))
    covariances, raised = family.limited(covariances, least)
    return Mixture.trusted(weights, means, covariances, family.name), raised


def log_prior(mixture: Mixture, prior: Pseudo | None) -> float:
    """Log-density of the prior at the mixture, up to a constant."""
    if prior is None:
        return 0.0
    extra = mixture.family.degrees(prior.degrees, mixture.k, mixture.d)
    density = mixture.family.log_prior(mixture.factors, prior.scatter, extra)
    if prior.concentration > 1:
        density += (prior.concentration - 1) * float(np.log(mixture.weights).sum())
    if prior.strength > 0:
        apart = (mixture.means - prior.mean)[:, :, None]
        factors = mixture.factors
        white = factors * apart[:, :, 0] if factors.ndim == 2 else factors @ apart
        density -= prior.strength / 2 * float(np.sum(white**2))
    return density


def _outer(a: Doubles, b: Doubles, family: Family) -> Doubles:
    """A bᵀ for each component, or its diagonal for a diagonal family."""
    product: Doubles = a * b if family.diagonal else a[:, :, None] * b[:, None, :]
    return product
