"""Every component with a single variance, the same in all directions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles


@dataclass(frozen=True)
class Spherical:
    """covariances : (k,)."""

    name: str = "spherical"
    diagonal: bool = True

    def shape(self, k: int, d: int) -> tuple[int, ...]:
        return (k,)

    def parameters(self, k: int, d: int) -> int:
        return k

    def matrices(self, covariances: Doubles, k: int, d: int) -> Doubles:
        return covariances[:, None, None] * np.eye(d)

    def factors(self, covariances: Doubles, k: int, d: int) -> Doubles:
        return np.broadcast_to(1 / np.sqrt(covariances)[:, None], (k, d))

    def estimate(self, scatter: Doubles, counts: Doubles, pseudo: Doubles | float, extra: float) -> Doubles:
        own = pseudo if isinstance(pseudo, float) else np.trace(pseudo)
        return np.asarray((scatter.sum(axis=1) + own) / (counts * scatter.shape[1] + extra))

    def degrees(self, nu: float, k: int, d: int) -> float:
        return nu + d + 2

    def log_prior(self, factors: Doubles, pseudo: Doubles, extra: float) -> float:
        own = factors[:, 0]
        return float(extra * np.log(own).sum() - np.trace(pseudo) * np.sum(own**2) / 2)

    def limited(self, covariances: Doubles, least: Doubles) -> tuple[Doubles, bool]:
        floor = np.mean(least**2)
        return np.maximum(covariances, floor), bool((covariances < floor).any())
