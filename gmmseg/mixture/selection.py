"""Choosing the number of components, and the family: every candidate fitted and scored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arguments import generator, require_count
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.mixture.climb import Fit, Watch
from gmmseg.mixture.convergence import Tolerance, tolerance_of
from gmmseg.mixture.criteria import criterion_named
from gmmseg.mixture.distinct import distinct_up_to
from gmmseg.mixture.fitting import PATH, Settings, fitted, slope_of
from gmmseg.mixture.prior import Prior
from gmmseg.mixture.rows import Rows, checked
from gmmseg.mixture.starts.growth import path


@dataclass(frozen=True, eq=False)
class Candidate:
    """A fit that was tried, and its score; smaller is better."""

    k: int
    covariance: str
    fit: Fit
    score: float


@dataclass(frozen=True, eq=False)
class Selection:
    """All candidates in the order they were asked for, and the criterion that scored them."""

    candidates: tuple[Candidate, ...]
    criterion: str

    @property
    def best(self) -> Candidate:
        """The candidate of the smallest score."""
        return min(self.candidates, key=lambda candidate: candidate.score)


def select(
    rows: ArrayLike,
    ks: Iterable[int],
    *,
    criterion: str = "bic",
    covariance: str | Sequence[str] = "full",
    weights: ArrayLike | None = None,
    start: str = "auto",
    prior: Prior | None = None,
    floor: float = 1e-6,
    resolution: ArrayLike | None = None,
    tolerance: float | Tolerance = 1e-5,
    max_iterations: int = 10_000,
    seed: int | np.random.Generator = 0,
    threads: int | None = None,
    patience: int | None = None,
) -> Selection:
    """Fit mixtures of several sizes, and of several families, and score each.

    Parameters
    ----------
    rows : (n, d)
    ks : iterable of int
        Numbers of components to try; those above the number of different rows are left out.
    criterion : {"bic", "icl", "aic"}
        Smaller is better in all three. BIC asks how well the density is described, ICL also how clearly the
        components part.
    covariance : str or list of str
        One family, or several to choose among.
    start : str
        As in `fit`; each candidate is then the fit that `fit` gives with the same seed. Or "path": one mixture grows
        through all sizes and is scored on its way, which is many times quicker and orders the sizes much the same.
    weights, prior, floor, resolution, tolerance, max_iterations, seed, threads
        As in `fit`.
    patience : int, optional
        Try no larger sizes of a family when so many in a row have not bettered its score.

    Returns
    -------
    Selection
        `candidates`, each with k, covariance, fit and score, and `best` among them.
    """
    ready = checked(rows, weights)
    families = [covariance] if isinstance(covariance, str) else list(covariance)
    rule = tolerance_of(tolerance)
    if patience is not None:
        require_count("patience", patience)
    settings = [Settings(name, start, prior, floor, rule, max_iterations, resolution) for name in families]
    with Crew(threads) as crew:
        return chosen(ready, ks, criterion, settings, seed, crew, patience=patience)


def chosen(
    rows: Rows,
    ks: Iterable[int],
    criterion: str,
    settings: Sequence[Settings],
    seed: int | np.random.Generator,
    crew: Crew,
    watch: Watch | None = None,
    patience: int | None = None,
) -> Selection:
    """The selection; with patience, a family is given up when so many ks in a row have not bettered its score."""
    score = criterion_named(criterion)
    sizes = sorted({require_count("k", k) for k in ks})
    if not sizes or not settings:
        raise InputError("expected at least one k and one covariance to choose among; got none")
    most = distinct_up_to(rows, sizes[-1])
    sizes = [k for k in sizes if k <= most]
    if not sizes:
        raise InputError(f"expected at least one k up to {most}, the number of different rows")
    candidates: list[Candidate] = []
    for setting in settings:
        least, waited = np.inf, 0
        for fit in _fits(rows, sizes, setting, seed, crew, watch):
            found = Candidate(fit.mixture.k, setting.covariance, fit, score(fit.mixture, rows))
            candidates.append(found)
            waited = 0 if found.score < least else waited + 1
            least = min(least, found.score)
            if patience is not None and waited >= patience:
                break
    return Selection(tuple(candidates), criterion)


def _fits(
    rows: Rows,
    sizes: Sequence[int],
    settings: Settings,
    seed: int | np.random.Generator,
    crew: Crew,
    watch: Watch | None,
) -> Iterator[Fit]:
    """A fit of each size in turn."""
    if settings.start != PATH:
        for k in sizes:
            yield fitted(rows, k, settings, generator(seed), crew, watch)
        return
    for fit in path(slope_of(rows, 1, settings, crew), sizes[-1]):
        if fit.mixture.k in sizes:
            yield fit
