"""From the rows of pictures to a mixture with its largest cluster first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmseg.arguments import require_count
from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.mixture import Fit, Mixture, Prior, fit, select

MOST = 12  # clusters that "auto" tries
USUAL = 4  # clusters to expect where "auto" is still to decide
_PLENTY = 10  # rows for each dimension of a cluster and one more, from which a covariance can stand alone
_ONE_MORE = 2.0  # Dirichlet's α: a picture more for each cluster, so that a small one does not vanish
_ROUNDED = 1e-9


@dataclass(frozen=True)
class Choice:
    """One number of clusters that was tried, and its ICL; smaller is better."""

    k: int
    score: float


@dataclass(frozen=True, eq=False)
class Fitted:
    """A mixture and how it came about.

    Attributes
    ----------
    fit : Fit
        Its clusters are in the order of the engine.
    mixture : Mixture
        The largest cluster first.
    curve : tuple of Choice
        The numbers of clusters tried; empty where k was given.
    notes : tuple of str
        What was decided for want of pictures.
    """

    fit: Fit
    mixture: Mixture
    curve: tuple[Choice, ...]
    notes: tuple[str, ...]


def wanted_k(k: int | str, pictures: int) -> int | None:
    """The number of clusters asked for; None where it is to be found."""
    if k == "auto":
        return None
    if isinstance(k, str):
        raise InputError(f'expected k as a whole number of at least 1, or "auto"; got {k!r}')
    count = require_count("k", k)
    if count > pictures:
        raise InputError(
            f"expected no more clusters than pictures that could be read; got k = {count} and {_counted(pictures)}; "
            "ask for fewer clusters"
        )
    return count


def fitted(
    rows: Doubles, k: int | None, covariance: str, resolution: float, seed: int, threads: int | None = None
) -> Fitted:
    """A mixture of rows : (n, d).

    Where the pictures are few for their clusters, covariances are estimated under a prior that is worth a few pictures
    (Fraley and Raftery 2007), so none collapses. The number of clusters has the least ICL (Biernacki, Celeux and
    Govaert 2000), which asks not only how well the rows are described but also how clearly the clusters part.
    """
    n, d = rows.shape
    different = len(np.unique(rows, axis=0))
    if k is not None and k > different:
        raise InputError(
            f"expected no more clusters than pictures that differ; got k = {k}, and {different} of {_counted(n)} "
            "differ; ask for fewer clusters"
        )
    curve: tuple[Choice, ...] = ()
    if k is None:
        most = min(MOST, different)
        tried = select(
            rows,
            range(1, most + 1),
            criterion="icl",
            covariance=covariance,
            start="path",
            prior=_prior(n, d, most),
            resolution=resolution,
            seed=seed,
            threads=threads,
        )
        curve = tuple(Choice(one.k, one.score) for one in tried.candidates)
        k = tried.best.k
    prior = _prior(n, d, k)
    found = fit(
        rows, k, covariance=covariance, prior=prior, resolution=resolution, tolerance=1e-7, seed=seed, threads=threads
    )
    steadied = f"so few pictures (n = {n}, k = {k}, {d} dimensions) that a prior steadies the covariances"
    notes = found.notes if prior is None else (steadied, *found.notes)
    return Fitted(found, _largest_first(found.mixture), curve, notes)


def _prior(n: int, d: int, k: int) -> Prior | None:
    return Prior(_ONE_MORE) if n < _PLENTY * (d + 1) * k else None


def _largest_first(mixture: Mixture) -> Mixture:
    """The same mixture in the order of the weights; of alike ones, in the order of their means."""
    order = np.lexsort((*mixture.means.T[::-1], -np.round(mixture.weights / _ROUNDED)))
    covariances = mixture.covariances if mixture.covariance == "tied" else mixture.covariances[order]
    return Mixture(mixture.weights[order], mixture.means[order], covariances, mixture.covariance)


def _counted(pictures: int) -> str:
    return "1 picture" if pictures == 1 else f"{pictures} pictures"
