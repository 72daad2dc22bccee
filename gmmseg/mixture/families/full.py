"""Every component with a covariance matrix of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.mixture.families.definite import inverse_cholesky, log_determinants, raised


@dataclass(frozen=True)
class Full:
    """covariances : (k, d, d)."""

    name: str = "full"
    diagonal: bool = False

    def shape(self, k: int, d: int) -> tuple[int, ...]:
        return (k, d, d)

    def parameters(self, k: int, d: int) -> int:
        return k * d * (d + 1) // 2

    def matrices(self, covariances: Doubles, k: int, d: int) -> Doubles:
        return covariances

    def factors(self, covariances: Doubles, k: int, d: int) -> Doubles:
        return inverse_cholesky(covariances)

    def estimate(self, scatter: Doubles, counts: Doubles, pseudo: Doubles | float, extra: float) -> Doubles:
        return (scatter + pseudo) / (counts + extra)[:, None, None]

    def degrees(self, nu: float, k: int, d: int) -> float:
        return nu + d + 2

    def log_prior(self, factors: Doubles, pseudo: Doubles, extra: float) -> float:
        traces = np.sum((factors @ pseudo) * factors)
        return float(extra * log_determinants(factors).sum() - traces / 2)

    def limited(self, covariances: Doubles, least: Doubles) -> tuple[Doubles, bool]:
        return raised(covariances, least)
