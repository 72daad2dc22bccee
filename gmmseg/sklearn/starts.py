"""Where `GaussianMixture` begins: `init_params`, and what the user gives of weights, means and precisions.

Up to a few thousand rows, the same `random_state` gives the same start as scikit-learn's own class. Of more rows a
sample is taken first, as k-means on all of them would take longer than the fit.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.cluster import KMeans, kmeans_plusplus
from sklearn.mixture import GaussianMixture as Reference

from gmmseg.mixture import Mixture, fit
from gmmseg.mixture.expectation import moments
from gmmseg.mixture.families import Family, family_named
from gmmseg.mixture.moments import Moments
from gmmseg.mixture.restructuring import assembled, split
from gmmseg.mixture.sampling import sampled
from gmmseg.mixture.sharp import SHARPNESS, hard_moments
from gmmseg.mixture.slope import surveyed
from gmmseg.mixture.starts.directional import directional_start
from gmmseg.mixture.starts.seeding import single
from gmmseg.sklearn.attributes import covariances_of
from gmmseg.sklearn.steps import regularised, stepped

if TYPE_CHECKING:
    from gmmseg.arrays import Doubles
    from gmmseg.crew import Crew
    from gmmseg.mixture.rows import Rows

INIT_PARAMS = ("kmeans", "k-means++", "random", "random_from_data", "directional", "auto")

_PARTS = {"weights_init": "weights", "means_init": "means", "precisions_init": "covariances"}
_PER_COMPONENT = ("counts", "first", "second", "anchors")
_SAMPLE = 16384  # rows among which first centres are sought
_PIECE = 1 << 18  # rows whose random responsibilities are held at a time
_SURVEY_FLOOR = 1e-6  # least variance, as a share, of the component that random responsibilities are measured about


def start_of(model: Any, rows: Rows, random: np.random.RandomState, crew: Crew) -> Mixture:
    """The mixture from which `model` begins its fit to `rows`."""
    parts = _given(model, rows.d)
    if len(parts) < len(_PARTS):
        found = _found(model, rows, parts.get("means"), random, crew)
        parts = {part: getattr(found, part) for part in _PARTS.values()} | parts
    return Mixture(**parts, covariance=model.covariance_type)


def _given(model: Any, d: int) -> dict[str, Doubles]:
    """Those parts of a mixture that the user sets, by name."""
    given = {part: getattr(model, name) for name, part in _PARTS.items() if getattr(model, name) is not None}
    if given:
        _require_sensible(model, d)
    arrays = {part: np.asarray(value, np.float64) for part, value in given.items()}
    if "weights" in arrays:
        arrays["weights"] = arrays["weights"] / arrays["weights"].sum()
    if "covariances" in arrays:
        arrays["covariances"] = covariances_of(arrays["covariances"], model.covariance_type)
    return arrays


def _require_sensible(model: Any, d: int) -> None:
    """Have scikit-learn check what the user sets, so that its users meet the errors they know.

    Its checks are not public, but its own class is: it is given the same start, and two steps on rows of zeros, for
    which any tolerance holds.
    """
    k, kind, given = model.n_components, model.covariance_type, {name: getattr(model, name) for name in _PARTS}
    reference = Reference(k, covariance_type=kind, init_params="random", random_state=0, max_iter=2, tol=1e300, **given)
    with np.errstate(divide="ignore"):  # a weight of 0 is no error
        reference.fit(np.zeros((max(k, 2), d)))


def _found(model: Any, rows: Rows, means: Doubles | None, random: np.random.RandomState, crew: Crew) -> Mixture:
    """A start by the method that `init_params` names; from the means (k, d), if there are any, where it can be."""
    k, how, family = model.n_components, model.init_params, family_named(model.covariance_type)
    if how == "auto" and means is None:
        return _contested(rows, k, family, random, crew)
    slope = surveyed(rows, family, _SURVEY_FLOOR, crew)
    if how == "directional":
        return directional_start(slope, k, _generator(random))
    if how == "random":
        whole = single(slope)

        def shared(rows: Rows) -> Moments:
            return regularised(_shared(rows, k, whole, random, crew), model.reg_covar)

        return stepped(rows, shared, family)[1]
    centres = _centres(how, _trial(rows, k, random), k, means, random)
    # k-means measures plain distances, whatever the scales of the columns.
    unit = np.full(rows.d, np.sqrt(np.mean(slope.scale**2)))
    if how in ("k-means++", "random_from_data"):
        # Components so narrow that the first step gives each row to the nearest of them.
        spikes = np.broadcast_to(np.diag((SHARPNESS * unit) ** 2), (k, rows.d, rows.d))
        return assembled(np.full(k, 1 / k), centres, spikes, family.name)

    def nearest(rows: Rows) -> Moments:
        return regularised(hard_moments(rows, centres, unit, family, crew), model.reg_covar)

    return stepped(rows, nearest, family)[1]


def _trial(rows: Rows, k: int, random: np.random.RandomState) -> Rows:
    """A sample in which to seek centres; all rows if they are few, without a draw from `random`."""
    if rows.n <= _SAMPLE:
        return rows
    drawn = sampled(rows, max(_SAMPLE, k), k, _generator(random))
    return drawn if drawn.n >= k else rows


def _centres(how: str, rows: Rows, k: int, means: Doubles | None, random: np.random.RandomState) -> Doubles:
    """Centres : (k, d), found with scikit-learn's own draws."""
    weights = rows.weights if rows.weighted else None
    if how in ("kmeans", "auto"):
        search = KMeans(k, init="k-means++" if means is None else means, n_init=1, random_state=random)
        centres = search.fit(rows.values, sample_weight=weights).cluster_centers_
    elif means is not None:
        centres = means
    elif how == "k-means++":
        centres, _ = kmeans_plusplus(rows.values, k, sample_weight=weights, random_state=random)
    else:
        shares = None if weights is None else weights / weights.sum(dtype=np.float64)
        centres = rows.values[random.choice(rows.n, size=k, replace=False, p=shares)]
    doubles: Doubles = centres.astype(np.float64)
    return doubles


def _shared(rows: Rows, k: int, whole: Mixture, random: np.random.RandomState, crew: Crew) -> Moments:
    """Moments under random responsibilities: one component's worth at a time, the responsibilities as row weights."""

    def part(piece: Rows) -> Moments:
        shares = random.uniform(size=(piece.n, k))
        shares /= shares.sum(axis=1, keepdims=True)
        each = [moments(piece.reweighted(piece.weights * share), whole, crew) for share in shares.T]
        return Moments(
            sum(one.log_likelihood for one in each),
            piece.total,
            *(np.concatenate([getattr(one, name) for one in each]) for name in _PER_COMPONENT),
        )

    return reduce(add, (part(rows.taken(slice(first, first + _PIECE))) for first in range(0, rows.n, _PIECE)))


def _contested(rows: Rows, k: int, family: Family, random: np.random.RandomState, crew: Crew) -> Mixture:
    """The engine's own contest of starts; where it finds room for fewer components, the largest are split."""
    found = fit(
        rows.values,
        k,
        covariance=family.name,
        weights=rows.weights if rows.weighted else None,
        max_iterations=1,
        seed=_generator(random),
        threads=crew.threads,
    ).mixture
    while found.k < k:
        found = split(found, int(np.argmax(found.weights)))
    return found


def _generator(random: np.random.RandomState) -> np.random.Generator:
    return np.random.default_rng(random.randint(np.iinfo(np.int32).max))
