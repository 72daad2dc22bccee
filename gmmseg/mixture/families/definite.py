"""Positive-definite matrices: inverse factors, and the floor under their eigenvalues."""

from __future__ import annotations

from functools import cache

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.mixture.blas import one_thread


@cache
def _identity(d: int) -> Doubles:
    return np.eye(d)


@cache
def _lower(d: int) -> Doubles:
    """Ones on and below the diagonal: what stands above it in an inverse is rounding."""
    return np.tri(d)


def inverse_cholesky(matrices: Doubles) -> Doubles:
    """Lower L with LᵀL = Σ⁻¹ for each Σ : (…, d, d); LinAlgError where one is not positive definite."""
    return np.linalg.inv(np.linalg.cholesky(matrices)) * _lower(matrices.shape[-1])


def log_determinants(factors: Doubles) -> Doubles:
    """Log |L| of lower factors (k, d, d), or of diagonal ones (k, d)."""
    diagonal = factors if factors.ndim == 2 else np.diagonal(factors, axis1=1, axis2=2)
    total: Doubles = np.log(diagonal).sum(axis=1)
    return total


def raised(matrices: Doubles, least: Doubles) -> tuple[Doubles, bool]:
    """Raise the eigenvalues of `matrices` : (…, d, d), in units of least : (d,), to 1 at least; and whether any was."""
    squares = np.multiply.outer(least, least)
    unit = matrices / squares
    try:
        np.linalg.cholesky(unit - _identity(len(least)))
    except np.linalg.LinAlgError:
        with one_thread(len(least)):
            values, vectors = np.linalg.eigh(unit)
        unit = (vectors * np.maximum(values, 1)[..., None, :]) @ np.swapaxes(vectors, -1, -2)
        unit = (unit + np.swapaxes(unit, -1, -2)) / 2
        return unit * squares, True
    return matrices, False
