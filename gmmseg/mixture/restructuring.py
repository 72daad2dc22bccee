"""Mixtures with a component split in two, two merged into one, or some left out; the rest stays as it was.

Each works on the components' own covariance matrices and hands them back to the family, which keeps what it can hold.
"""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles, Flags
from gmmseg.mixture.families import family_named
from gmmseg.mixture.mixture import Mixture


def assembled(weights: Doubles, means: Doubles, matrices: Doubles, covariance: str) -> Mixture:
    """The mixture of a family closest to components with these covariance matrices : (k, d, d)."""
    family = family_named(covariance)
    scatter = matrices * weights[:, None, None]
    if family.diagonal:
        scatter = np.diagonal(scatter, axis1=1, axis2=2)
    return Mixture(weights / weights.sum(), means, family.estimate(scatter, weights, 0.0, 0.0), covariance)


def split(mixture: Mixture, c: int) -> Mixture:
    """Component c in two halves along its longest axis; the new one stands last.

    Half of the variance along the axis goes into the distance between the halves, so that together they have the
    mean and the covariance of the whole.
    """
    matrices = _matrices(mixture)
    # Longest in units of the mixture's own width, so that the units of the columns do not decide.
    centre = mixture.weights @ mixture.means
    unit = np.sqrt(mixture.weights @ (np.diagonal(matrices, axis1=1, axis2=2) + (mixture.means - centre) ** 2))
    values, vectors = np.linalg.eigh(matrices[c] / np.multiply.outer(unit, unit))
    axis = vectors[:, -1]
    # LAPACK leaves the sign open; the same mixture should split in the same way everywhere.
    axis = axis * (1.0 if axis[np.argmax(np.abs(axis))] > 0 else -1.0)
    step = unit * axis * np.sqrt(values[-1] / 2)
    half = matrices[c] - np.multiply.outer(step, step)
    weights = np.append(mixture.weights, mixture.weights[c] / 2)
    means = np.vstack([mixture.means, mixture.means[c] + step])
    matrices = np.concatenate([matrices, half[None]])
    weights[c] /= 2
    means[c] -= step
    matrices[c] = half
    return assembled(weights, means, matrices, mixture.covariance)


def merged(mixture: Mixture, a: int, b: int) -> Mixture:
    """Components a < b as one with their common mean and covariance, in the place of a."""
    matrices = _matrices(mixture)
    weight = mixture.weights[a] + mixture.weights[b]
    share = mixture.weights[b] / weight
    apart = mixture.means[b] - mixture.means[a]
    weights, means = mixture.weights.copy(), mixture.means.copy()
    weights[a] = weight
    means[a] += share * apart
    matrices[a] = (
        (1 - share) * matrices[a] + share * matrices[b] + share * (1 - share) * np.multiply.outer(apart, apart)
    )
    keep = np.arange(mixture.k) != b
    return assembled(weights[keep], means[keep], matrices[keep], mixture.covariance)


def without(mixture: Mixture, gone: Flags) -> Mixture:
    """The mixture without the components marked in gone : (k,)."""
    keep = ~gone
    return assembled(mixture.weights[keep], mixture.means[keep], _matrices(mixture)[keep], mixture.covariance)


def _matrices(mixture: Mixture) -> Doubles:
    return np.array(mixture.family.matrices(mixture.covariances, mixture.k, mixture.d))
