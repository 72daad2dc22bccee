"""Every component with a variance of its own in each dimension, and no covariance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.mixture.families.definite import log_determinants


@dataclass(frozen=True)
class Diag:
    """covariances : (k, d)."""

    name: str = "diag"
    diagonal: bool = True

    def shape(self, k: int, d: int) -> tuple[int, ...]:
        return (k, d)

    def parameters(self, k: int, d: int) -> int:
        return k * d

    def matrices(self, covariances: Doubles, k: int, d: int) -> Doubles:
        return covariances[:, :, None] * np.eye(d)

    def factors(self, covariances: Doubles, k: int, d: int) -> Doubles:
        return 1 / np.sqrt(covariances)

    def estimate(self, scatter: Doubles, counts: Doubles, pseudo: Doubles | float, extra: float) -> Doubles:
        own = pseudo if isinstance(pseudo, float) else np.diagonal(pseudo)
        return (scatter + own) / (counts + extra)[:, None]

    def degrees(self, nu: float, k: int, d: int) -> float:
        # Each variance has a one-dimensional inverse-Wishart prior.
        return nu + 3

    def log_prior(self, factors: Doubles, pseudo: Doubles, extra: float) -> float:
        return float(extra * log_determinants(factors).sum() - np.sum(np.diagonal(pseudo) * factors**2) / 2)

    def limited(self, covariances: Doubles, least: Doubles) -> tuple[Doubles, bool]:
        floor = least**2
        return np.maximum(covariances, floor), bool((covariances < floor).any())
