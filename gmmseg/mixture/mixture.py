"""A Gaussian mixture: weights, means, covariances, and the questions it answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from os import PathLike

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.archives import damaged
from gmmseg.arrays import Doubles, Floats, Labels
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.mixture import criteria, expectation, storage
from gmmseg.mixture.families import Family, family_named
from gmmseg.mixture.resolution import resolving
from gmmseg.mixture.rows import Rows, checked


@dataclass(frozen=True, eq=False)
class Mixture:
    """A Gaussian mixture model; checked when made, and never changed.

    Parameters
    ----------
    weights : (k,) float64
        Shares of the components, at least 0 and with sum 1.
    means : (k, d) float64
    covariances : float64, (k, d, d) full, (k, d) diag, (d, d) tied or (k,) spherical
        Positive definite.
    covariance : str
        The family: "full", "diag", "tied" or "spherical".
    """

    weights: Doubles
    means: Doubles
    covariances: Doubles
    covariance: str = "full"

    def __post_init__(self) -> None:
        for name in ("weights", "means", "covariances"):
            object.__setattr__(self, name, _numbers(name, getattr(self, name)))
        k = self.weights.size
        if self.weights.ndim != 1 or k == 0:
            raise InputError(f"expected weights of shape (k,) with k at least 1; got shape {self.weights.shape}")
        total = self.weights.sum()
        if self.weights.min() < 0 or abs(total - 1) > 1e-6:
            raise InputError(f"expected weights of at least 0 and sum 1; got {self.weights.min():g} and sum {total:g}")
        if self.means.ndim != 2 or len(self.means) != k or self.means.shape[1] == 0:
            raise InputError(f"expected means of shape ({k}, d), as there are {k} weights; got {self.means.shape}")
        shape = self.family.shape(k, self.d)
        if self.covariances.shape != shape:
            raise InputError(f"expected {self.covariance} covariances of shape {shape}; got {self.covariances.shape}")
        _ = self.factors

    @classmethod
    def trusted(cls, weights: Doubles, means: Doubles, covariances: Doubles, covariance: str) -> Mixture:
        """A mixture of arrays that the engine made itself and nobody else holds: no copies, no checks."""
        mixture = object.__new__(cls)
        for name, array in (("weights", weights), ("means", means), ("covariances", covariances)):
            array.flags.writeable = False
            object.__setattr__(mixture, name, array)
        object.__setattr__(mixture, "covariance", covariance)
        return mixture

    @property
    def k(self) -> int:
        """Number of components."""
        return self.weights.size

    @property
    def d(self) -> int:
        """Number of dimensions."""
        return int(self.means.shape[1])

    @property
    def family(self) -> Family:
        """The covariance family."""
        return family_named(self.covariance)

    @property
    def parameters(self) -> int:
        """Number of free parameters."""
        return self.k - 1 + self.means.size + self.family.parameters(self.k, self.d)

    @cached_property
    def factors(self) -> Doubles:
        """L with LᵀL = Σ⁻¹ for each component : (k, d, d) lower triangular, or its diagonal (k, d)."""
        covariances = self.covariances
        if not self.family.diagonal:
            skew = np.abs(covariances - np.swapaxes(covariances, -1, -2)).max()
            if skew > 1e-6 * np.abs(covariances).max():
                raise InputError(f"expected symmetric {self.covariance} covariances; they differ by {skew:g}")
        try:
            if self.family.diagonal and covariances.min() <= 0:
                raise np.linalg.LinAlgError
            return self.family.factors(covariances, self.k, self.d)
        except np.linalg.LinAlgError:
            raise InputError(
                f"expected positive definite {self.covariance} covariances; at least one is not; "
                "add a small multiple of the identity"
            ) from None

    def log_density(self, rows: ArrayLike, *, threads: int | None = None) -> Doubles:
        """Logarithm of the density at each row.

        Parameters
        ----------
        rows : (n, d)
        threads : int, optional
            All processors by default.

        Returns
        -------
        (n,) float64
        """
        with Crew(threads) as crew:
            return expectation.posteriors(self._rows(rows), self, crew, density=True)[0]

    def responsibilities(self, rows: ArrayLike, *, threads: int | None = None) -> Floats:
        """Probability of each component given each row.

        Parameters
        ----------
        rows : (n, d)

        Returns
        -------
        (n, k) float32
            Each row sums to one.
        """
        with Crew(threads) as crew:
            return expectation.posteriors(self._rows(rows), self, crew, shares=True)[1]

    def assign(self, rows: ArrayLike, *, threads: int | None = None) -> Labels:
        """The most probable component of each row.

        Parameters
        ----------
        rows : (n, d)

        Returns
        -------
        (n,) intp
        """
        with Crew(threads) as crew:
            return expectation.posteriors(self._rows(rows), self, crew, labels=True)[2]

    def sample(self, n: int, seed: int | np.random.Generator = 0) -> tuple[Doubles, Labels]:
        """Draw rows.

        Returns
        -------
        rows : (n, d) float64
        components : (n,) intp
            Where each row came from, in ascending order.
        """
        if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
            raise InputError(f"expected n as a whole number of at least 1; got {n!r}")
        random = np.random.default_rng(seed)
        components = np.repeat(np.arange(self.k), random.multinomial(n, self.weights / self.weights.sum()))
        rows = random.standard_normal((n, self.d))
        # Σ = (LᵀL)⁻¹, so x = μ + L⁻¹z has the covariance wanted; Cholesky of Σ itself is that L⁻¹.
        diagonal = self.family.diagonal
        roots = (
            1 / self.factors if diagonal else np.linalg.cholesky(self.family.matrices(self.covariances, self.k, self.d))
        )
        for c in range(self.k):
            own = components == c
            rows[own] = (rows[own] * roots[c] if diagonal else rows[own] @ roots[c].T) + self.means[c]
        return rows, components

    def bic(self, rows: ArrayLike, weights: ArrayLike | None = None) -> float:
        """Bayesian information criterion, −2ℓ + p ln n with n the sum of the weights; smaller is better."""
        return criteria.bic(self, self._rows(rows, weights))

    def aic(self, rows: ArrayLike, weights: ArrayLike | None = None) -> float:
        """Akaike's information criterion, −2ℓ + 2p; smaller is better."""
        return criteria.aic(self, self._rows(rows, weights))

    def icl(self, rows: ArrayLike, weights: ArrayLike | None = None) -> float:
        """Integrated completed likelihood: BIC with every row in its most probable component; smaller is better."""
        return criteria.icl(self, self._rows(rows, weights))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the mixture to a file, which appears whole or not at all."""
        storage.save(path, self.weights, self.means, self.covariances, self.covariance)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Mixture:
        """Read a mixture that `save` wrote; FileError if the file is not one, is damaged, or is from the future."""
        weights, means, covariances, covariance = storage.load(path)
        try:
            return cls(weights, means, covariances, covariance)
        except InputError as error:
            raise damaged(path, storage.FORMAT, str(error)) from None

    def _rows(self, rows: ArrayLike, weights: ArrayLike | None = None) -> Rows:
        ready = checked(rows, weights)
        if ready.d != self.d:
            raise InputError(f"expected rows of {self.d} columns, as the mixture has; got {ready.d}")
        return resolving(ready, self)


def _numbers(name: str, given: ArrayLike) -> Doubles:
    try:
        array = np.array(given, np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"expected {name} as an array of numbers; got {error}") from None
    if not np.isfinite(array).all():
        raise InputError(f"expected finite {name}; got NaN or infinity")
    array.flags.writeable = False
    return array
