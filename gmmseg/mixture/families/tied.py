"""All components share one covariance matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.mixture.families.definite import inverse_cholesky, log_determinants, raised


@dataclass(frozen=True)
class Tied:
    """covariances : (d, d)."""

    name: str = "tied"
    diagonal: bool = False

    def shape(self, k: int, d: int) -> tuple[int, ...]:
        return (d, d)

    def parameters(self, k: int, d: int) -> int:
        return d * (d + 1) // 2

    def matrices(self, covariances: Doubles, k: int, d: int) -> Doubles:
        return np.broadcast_to(covariances, (k, d, d))

    def factors(self, covariances: Doubles, k: int, d: int) -> Doubles:
        return np.broadcast_to(inverse_cholesky(covariances), (k, d, d))

    def estimate(self, scatter: Doubles, counts: Doubles, pseudo: Doubles | float, extra: float) -> Doubles:
        return np.asarray((scatter.sum(axis=0) + pseudo) / (counts.sum() + extra))

    def degrees(self, nu: float, k: int, d: int) -> float:
        # One covariance under an inverse-Wishart, and k means whose priors are scaled by it.
        return nu + d + 1 + k

    def log_prior(self, factors: Doubles, pseudo: Doubles, extra: float) -> float:
        trace = np.sum((factors[0] @ pseudo) * factors[0])
        return float(extra * log_determinants(factors[:1])[0] - trace / 2)

    def limited(self, covariances: Doubles, least: Doubles) -> tuple[Doubles, bool]:
        return raised(covariances, least)
