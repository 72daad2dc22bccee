"""`fit`: rows in, the best mixture found out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arguments import generator
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.mixture.climb import Fit, Watch
from gmmseg.mixture.convergence import Tolerance, tolerance_of
from gmmseg.mixture.fitting import Settings, fitted
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.prior import Prior
from gmmseg.mixture.rows import checked
from gmmseg.mixture.selection import chosen

_MOST = 20  # components that k = "auto" goes up to


def fit(
    rows: ArrayLike,
    k: int | str,
    *,
    covariance: str = "full",
    weights: ArrayLike | None = None,
    start: str | Mixture = "auto",
    prior: Prior | None = None,
    floor: float = 1e-6,
    resolution: ArrayLike | None = None,
    tolerance: float | Tolerance = 1e-5,
    max_iterations: int = 10_000,
    seed: int | np.random.Generator = 0,
    threads: int | None = None,
    watch: Watch | None = None,
) -> Fit:
    """Fit a Gaussian mixture by expectation–maximisation.

    The same rows, settings and seed give the same bits, whatever the number of threads. Shifting or scaling the rows
    shifts and scales the mixture and changes nothing else but rounding.

    Parameters
    ----------
    rows : (n, d)
        Numbers of any real type. What float32 holds exactly is worked on in float32, the rest in float64.
    k : int or "auto"
        Number of components; "auto" takes the one of least BIC, see `select`.
    covariance : {"full", "diag", "tied", "spherical"}
    weights : (n,), optional
        A row of weight 3 counts as three rows.
    start : {"auto", "split", "kmeans", "kmeans++", "random", "directional"} or Mixture
        "auto" lets starts of several kinds compete on a sample of the rows, rebuilds the best by merging and
        splitting, and carries it on with all rows. "split" grows the mixture from one component; "kmeans",
        "kmeans++" and "random" begin at centres or rows. "directional" is for rows that are patches of a picture,
        s × s pixels in grey or with three channels last: components of edges of k − 1 directions, and one of cosines.
    prior : Prior, optional
        Maximise the posterior under this prior in place of the likelihood.
    floor : float
        The least variance of a component in any direction, as a share of the data's own.
    resolution : float or (d,), optional
        The least standard deviation of a component, in the rows' units: how finely rows can be told apart at all.
        Unlike `floor` it means something, so components that reach it are not taken for collapsed.
    tolerance : float or Tolerance
        Stop when less than this gain in log-likelihood a row is still to come; or see Tolerance.
    max_iterations : int
        Stop after so many steps in any case.
    seed : int or Generator
    threads : int, optional
        All processors by default.
    watch : callable, optional
        Called as watch(iteration, mixture, log_likelihood) before every step; stops the fit by returning true.

    Returns
    -------
    Fit
        The mixture, its log-likelihood, how it came about, and notes on components that were mended or dropped.

    Raises
    ------
    InputError
        If the rows are not finite numbers in a table with at least k different rows, or an option makes no sense.
    """
    ready = checked(rows, weights)
    settings = Settings(covariance, start, prior, floor, tolerance_of(tolerance), max_iterations, resolution)
    with Crew(threads) as crew:
        if k != "auto":
            if isinstance(k, str):
                raise InputError(f'expected k as a whole number of at least 1, or "auto"; got {k!r}')
            return fitted(ready, k, settings, generator(seed), crew, watch)
        if isinstance(start, Mixture):
            raise InputError('expected a named start with k = "auto"; got a Mixture; give its k')
        best = chosen(ready, range(1, _MOST + 1), "bic", [settings], seed, crew, watch, patience=3).best
        return replace(best.fit, notes=(*best.fit.notes, f"k = {best.k} has the least BIC"))
