"""The estimator: scikit-learn's conventions outside, the engine's steps inside."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import inf, log
from numbers import Integral, Real
from time import perf_counter
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, DensityMixin, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from gmmseg.crew import Crew
from gmmseg.mixture.expectation import moments, posteriors
from gmmseg.mixture.families import FAMILIES, family_named
from gmmseg.mixture.resolution import resolving
from gmmseg.mixture.rows import checked
from gmmseg.sklearn.attributes import attributes_of, mixture_of
from gmmseg.sklearn.starts import INIT_PARAMS, start_of
from gmmseg.sklearn.steps import CollapseError, blended, regularised, stepped, stride

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from gmmseg.arrays import Doubles, Floats, Labels
    from gmmseg.mixture import Mixture
    from gmmseg.mixture.moments import Moments
    from gmmseg.mixture.rows import Rows


@dataclass(frozen=True, eq=False)
class _Run:
    """One run of EM: where it ended, the log-likelihood a row before each step, and whether it settled."""

    mixture: Mixture
    bounds: list[float]
    converged: bool
    collapsed: bool = False

    @property
    def merit(self) -> tuple[bool, float]:
        # On the way to a collapse the likelihood grows without bound, and means nothing.
        return not self.collapsed, self.bound

    @property
    def bound(self) -> float:
        return self.bounds[-1] if self.bounds else -inf


class GaussianMixture(DensityMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Gaussian mixture with the parameters, attributes and methods of scikit-learn's class of this name.

    Beyond it: `sample_weight` in `fit`, `partial_fit`, ``init_params="auto"`` and `n_threads`. float32 rows, whole
    numbers, and float64 numbers that float32 holds exactly are worked on in float32 as far as that resolves them, the
    rest in float64; `predict_proba` is exact to float32.

    Parameters
    ----------
    n_components : int, default=1
    covariance_type : {"full", "tied", "diag", "spherical"}, default="full"
    tol : float, default=1e-3
        EM has converged when a step changes the mean log-likelihood a row by less than this.
    reg_covar : float, default=1e-6
        Added to every variance in every step, in the units of the rows squared.
    max_iter : int, default=100
        Most steps of EM; 0 leaves the start as it is.
    n_init : int, default=1
        Number of starts, of which the one that ends highest is kept.
    init_params : {"kmeans", "k-means++", "random", "random_from_data", "directional", "auto"}, default="kmeans"
        Where to start: at clusters of k-means, at rows that are spread out, at random responsibilities, at random
        rows, at edges of all directions if rows are patches of a picture, or where the engine's contest of starts of
        many kinds ends, which takes longer and finds better optima.
    weights_init : array-like of shape (n_components,), optional
    means_init : array-like of shape (n_components, n_features), optional
        k-means starts from these means if they are given.
    precisions_init : array-like in the shape of `covariances_`, optional
        What is given here takes the place of what `init_params` would find.
    random_state : int, RandomState or None, default=None
        Up to 16384 rows, the same seed gives the same start as scikit-learn's class.
    warm_start : bool, default=False
        Whether `fit` goes on from where the last one ended.
    verbose : int, default=0
        1 prints starts and steps, 2 also times and likelihoods.
    verbose_interval : int, default=10
        Steps between two prints.
    n_threads : int, optional
        All processors by default.

    Attributes
    ----------
    weights_ : (n_components,)
        float32 if the rows are, else float64; so are the next four.
    means_ : (n_components, n_features)
    covariances_, precisions_, precisions_cholesky_
        (n_components, n_features, n_features) full, (n_features, n_features) tied, (n_components, n_features) diag,
        (n_components,) spherical. The root U of a precision U Uᵀ is upper triangular; for the last two families it
        is the square root.
    converged_ : bool
    n_iter_ : int
        Steps of the best run, and of `partial_fit` after it.
    lower_bound_ : float
        Mean log-likelihood a row before the last step; after `partial_fit`, that of the last batch.
    lower_bounds_ : list of float
        The same for each step of the best run; after `partial_fit`, for the last batch alone.
    n_features_in_ : int
    feature_names_in_ : (n_features_in_,) object
        Only where the columns have names.
    """

    weights_: Floats
    means_: Floats
    covariances_: Floats
    precisions_: Floats
    precisions_cholesky_: Floats
    converged_: bool
    n_iter_: int
    lower_bound_: float
    lower_bounds_: list[float]
    n_features_in_: int

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "n_components": [Interval(Integral, 1, None, closed="left")],
        "covariance_type": [StrOptions(set(FAMILIES))],
        "tol": [Interval(Real, 0, None, closed="left")],
        "reg_covar": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 0, None, closed="left")],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "init_params": [StrOptions(set(INIT_PARAMS))],
        "weights_init": ["array-like", None],
        "means_init": ["array-like", None],
        "precisions_init": ["array-like", None],
        "random_state": ["random_state"],
        "warm_start": ["boolean"],
        "verbose": ["verbose"],
        "verbose_interval": [Interval(Integral, 1, None, closed="left")],
        "n_threads": [Interval(Integral, 1, None, closed="left"), None],
    }

    def __init__(
        self,
        n_components: int = 1,
        *,
        covariance_type: str = "full",
        tol: float = 1e-3,
        reg_covar: float = 1e-6,
        max_iter: int = 100,
        n_init: int = 1,
        init_params: str = "kmeans",
        weights_init: ArrayLike | None = None,
        means_init: ArrayLike | None = None,
        precisions_init: ArrayLike | None = None,
        random_state: int | np.random.RandomState | None = None,
        warm_start: bool = False,
        verbose: int = 0,
        verbose_interval: int = 10,
        n_threads: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.covariance_type = covariance_type
        self.tol = tol
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.n_init = n_init
        self.init_params = init_params
        self.weights_init = weights_init
        self.means_init = means_init
        self.precisions_init = precisions_init
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose
        self.verbose_interval = verbose_interval
        self.n_threads = n_threads

    @_fit_context(prefer_skip_nested_validation=True)  # type: ignore[untyped-decorator]
    def fit(
        self,
        X: ArrayLike,
        y: object = None,  # noqa: ARG002  # by scikit-learn's convention
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Fit the mixture: several starts, each carried on by EM, and the best kept.

        Parameters
        ----------
        X : (n_samples, n_features)
        y : ignored
        sample_weight : (n_samples,), optional
            A row of weight 3 counts as three rows.

        Returns
        -------
        GaussianMixture
            The estimator itself.
        """
        rows, dtype = self._rows(X, sample_weight, reset=True, least=2)
        if rows.n < self.n_components:
            raise ValueError(
                f"Expected n_samples >= n_components but got n_components = {self.n_components}, n_samples = {rows.n}, "
                "not counting rows of weight 0; ask for fewer components."
            )
        goes_on = self.warm_start and hasattr(self, "converged_")
        random = check_random_state(self.random_state)
        with Crew(self.n_threads) as crew:
            if goes_on:
                best = self._run(rows, self._continued(), self.lower_bound_, crew)
            else:
                best = max((self._fresh_run(rows, i, random, crew) for i in range(self.n_init)), key=lambda r: r.merit)
        if self.max_iter > 0 and not best.converged:
            warnings.warn(
                "Best performing initialization did not converge. Try different init parameters, or increase "
                "max_iter, tol, or check for degenerate data.",
                ConvergenceWarning,
                stacklevel=3,
            )
        self._keep(best, dtype)
        self._seen = self._unit = rows.total
        return self

    @_fit_context(prefer_skip_nested_validation=True)  # type: ignore[untyped-decorator]
    def partial_fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> Self:
        """Take in a batch of rows: the first by `fit`, each later one by a step of stepwise EM.

        After Cappé and Moulines (2009): the statistics of older rows fade, at the rate τ^−0.6 where τ is the weight of
        all rows seen, in units of the first batch. A batch counts by its weight and not by the number of calls, and
        many passes over the same rows settle where `fit` would. `tol`, `max_iter`, `n_init` and the start concern
        the first batch only, which should be large enough to find the components in; a later one may be a single row.

        Parameters
        ----------
        X : (n_samples, n_features)
        y : ignored
        sample_weight : (n_samples,), optional
            A row of weight 3 counts as three rows.

        Returns
        -------
        GaussianMixture
            The estimator itself.
        """
        if not hasattr(self, "converged_"):
            return self.fit(X, y, sample_weight)  # type: ignore[no-any-return]  # the decorator hides the type
        rows, _ = self._rows(X, sample_weight, reset=False, least=1)
        mixture, steps, seen = self._continued(), self.n_iter_ + 1, self._seen + rows.total
        share = stride(self._seen / self._unit, seen / self._unit)
        with Crew(self.n_threads) as crew:

            def measure(rows: Rows) -> Moments:
                return blended(mixture, regularised(moments(rows, mixture, crew), self.reg_covar), share)

            sums, successor = stepped(resolving(rows, mixture), measure, mixture.family)
        self._keep(_Run(successor, [sums.log_likelihood], False), self.means_.dtype)
        self.n_iter_, self._seen = steps, seen
        return self

    def fit_predict(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> Labels:
        """`fit`, then `predict` of the same rows."""
        self.fit(X, y, sample_weight)
        return self.predict(X)

    def predict(self, X: ArrayLike) -> Labels:
        """The most probable component of each row : (n_samples,) intp."""
        return self._posteriors(X, labels=True)[2]

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Probability of each component given each row : (n_samples, n_components), of the dtype of `means_`."""
        shares: Floats = self._posteriors(X, shares=True)[1].astype(self.means_.dtype, copy=False)
        shares /= shares.sum(axis=1, keepdims=True)
        return shares

    def score_samples(self, X: ArrayLike) -> Floats:
        """Log-density of the mixture at each row : (n_samples,), of the dtype of `means_`."""
        return self._posteriors(X, density=True)[0].astype(self.means_.dtype, copy=False)

    def score(self, X: ArrayLike, y: object = None) -> float:  # noqa: ARG002  # by scikit-learn's convention
        """Mean log-density of the rows."""
        return float(np.mean(self.score_samples(X)))

    def bic(self, X: ArrayLike) -> float:
        """Bayesian information criterion for these rows; smaller is better."""
        densities = self.score_samples(X)
        return float(-2 * densities.sum(dtype=np.float64)) + self._n_parameters() * log(len(densities))

    def aic(self, X: ArrayLike) -> float:
        """Akaike's information criterion for these rows; smaller is better."""
        return float(-2 * self.score_samples(X).sum(dtype=np.float64)) + 2 * self._n_parameters()

    def sample(self, n_samples: int = 1) -> tuple[Doubles, Labels]:
        """Draw rows from the mixture.

        Returns
        -------
        X : (n_samples, n_features) float64
        y : (n_samples,) intp
            The component of each row, in ascending order.
        """
        check_is_fitted(self)
        if n_samples < 1:
            raise ValueError(f"Invalid value for 'n_samples': expected at least 1, got {n_samples}.")
        seed = check_random_state(self.random_state).randint(np.iinfo(np.int32).max)
        return self._mixture().sample(n_samples, int(seed))

    def _n_parameters(self) -> int:
        return self._mixture().parameters

    def _mixture(self) -> Mixture:
        return mixture_of(self)

    def _rows(self, X: ArrayLike, weights: ArrayLike | None, *, reset: bool, least: int) -> tuple[Rows, Any]:
        """Rows for the engine, and the dtype that attributes shall have; whole numbers are not copied to float64."""
        given = np.asarray(validate_data(self, X, reset=reset, ensure_min_samples=least))
        if weights is not None:
            weights = _check_sample_weight(weights, given, dtype=np.float64, ensure_non_negative=True)
        narrow = given.dtype.kind == "f" and given.dtype.itemsize <= 4
        return checked(given, weights), np.float32 if narrow else np.float64

    def _continued(self) -> Mixture:
        """The present mixture, to go on from."""
        k, d = self.n_components, self.n_features_in_
        shape = family_named(self.covariance_type).shape(k, d)
        if self.means_.shape != (k, d) or self.precisions_cholesky_.shape != shape:
            raise ValueError(
                f"expected to go on from {k} {self.covariance_type} components of {d} features; the last fit had "
                f"means of shape {self.means_.shape} and precisions of shape {self.precisions_cholesky_.shape}; "
                "keep n_components and covariance_type, or fit a fresh estimator"
            )
        return self._mixture()

    def _fresh_run(self, rows: Rows, number: int, random: np.random.RandomState, crew: Crew) -> _Run:
        if self.verbose:
            print(f"start {number + 1} of {self.n_init}")  # noqa: T201  # asked for
        return self._run(rows, start_of(self, rows, random, crew), -inf, crew)

    def _run(self, rows: Rows, mixture: Mixture, bound: float, crew: Crew) -> _Run:
        """EM by scikit-learn's rule: the bound is that before the step, and one small change is the end."""
        bounds: list[float] = []
        converged = collapsed = False
        begun = perf_counter()

        def measure(rows: Rows) -> Moments:
            return regularised(moments(rows, mixture, crew), self.reg_covar)

        while len(bounds) < self.max_iter and not converged:
            try:
                sums, mixture = stepped(resolving(rows, mixture), measure, mixture.family)
            except CollapseError:  # what was sound until now is kept, as not converged
                collapsed = True
                break
            change, bound = sums.log_likelihood / sums.weight - bound, sums.log_likelihood / sums.weight
            bounds.append(bound)
            converged = abs(change) < self.tol
            if len(bounds) % self.verbose_interval == 0:
                self._tell(f"  step {len(bounds)}", f": {bound:.5f} a row, a change of {change:.5f}", begun)
        self._tell("converged" if converged else "did not converge", f" in {len(bounds)} steps at {bound:.5f}", begun)
        return _Run(mixture, bounds, converged, collapsed)

    def _tell(self, what: str, more: str, begun: float) -> None:
        if self.verbose:
            print(what if self.verbose == 1 else f"{what}{more}, {perf_counter() - begun:.3f} s")  # noqa: T201

    def _keep(self, run: _Run, dtype: Any) -> None:
        for name, array in attributes_of(run.mixture, dtype).items():
            setattr(self, name, array)
        self.converged_ = run.converged
        self.n_iter_ = len(run.bounds)
        self.lower_bound_ = run.bound
        self.lower_bounds_ = run.bounds

    def _posteriors(self, X: ArrayLike, **what: bool) -> tuple[Doubles, Floats, Labels]:
        check_is_fitted(self)
        rows = checked(validate_data(self, X, reset=False))
        mixture = self._mixture()
        with Crew(self.n_threads) as crew:
            return posteriors(resolving(rows, mixture), mixture, crew, **what)
