"""What the engine asks of a covariance family."""

from __future__ import annotations

from typing import Protocol

from gmmseg.arrays import Doubles


class Family(Protocol):
    """A kind of covariance; `scatter` is (k, d) for diagonal families and (k, d, d) for the others."""

    @property
    def name(self) -> str:
        """The name users write."""

    @property
    def diagonal(self) -> bool:
        """Whether components have no covariance between dimensions, so that diagonal moments suffice."""

    def shape(self, k: int, d: int) -> tuple[int, ...]:
        """Shape of the array that holds the covariances."""

    def parameters(self, k: int, d: int) -> int:
        """Free parameters of the covariances."""

    def matrices(self, covariances: Doubles, k: int, d: int) -> Doubles:
        """Each component's covariance : (k, d, d)."""

    def factors(self, covariances: Doubles, k: int, d: int) -> Doubles:
        """L with LᵀL = Σ⁻¹ : (k, d) for diagonal families, else (k, d, d) lower; LinAlgError if Σ is not definite."""

    def estimate(self, scatter: Doubles, counts: Doubles, pseudo: Doubles | float, extra: float) -> Doubles:
        """The maximising covariances, given `pseudo` scatter and `extra` degrees of freedom from a prior, or 0, 0."""

    def degrees(self, nu: float, k: int, d: int) -> float:
        """`extra` of `estimate` under an inverse-Wishart prior with ν degrees of freedom."""

    def log_prior(self, factors: Doubles, pseudo: Doubles, extra: float) -> float:
        """Log-density of that prior, up to a constant, at the covariances with these factors."""

    def limited(self, covariances: Doubles, least: Doubles) -> tuple[Doubles, bool]:
        """The nearest covariances with no deviation under `least` : (d,), and whether that changed any.

        Nearest in the sense of likelihood: given scatter S, the constrained maximiser has S's eigenvectors (in those
        units) and its eigenvalues raised to 1 at least, so EM with the floor still never loses likelihood.
        """
