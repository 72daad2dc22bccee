"""K-means: Lloyd's iterations from k-means++ centres, on the engine's own E-step."""

from __future__ import annotations

from math import log, pi
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arguments import generator, is_number, require_count
from gmmseg.arrays import Doubles, Labels
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.mixture import expectation
from gmmseg.mixture.centres import spread_centres
from gmmseg.mixture.distinct import require_distinct
from gmmseg.mixture.rows import Rows, checked, is_sparse, scale_of
from gmmseg.mixture.sampling import sampled
from gmmseg.mixture.sharp import SHARPNESS, sharp

_SAMPLE = 16384  # rows on which the runs compete
_PIECE = 1 << 18  # rows whose distances are held at a time


class KMeans(NamedTuple):
    """What k-means found.

    Attributes
    ----------
    centres : (k, d) float64
    labels : (n,) intp
        The nearest centre of each row.
    distortion : float
        Weighted sum of squared distances to the nearest centres.
    """

    centres: Doubles
    labels: Labels
    distortion: float


def kmeans(
    rows: ArrayLike,
    k: int,
    *,
    weights: ArrayLike | None = None,
    runs: int = 16,
    tolerance: float = 1e-6,
    max_iterations: int = 1000,
    seed: int | np.random.Generator = 0,
    threads: int | None = None,
) -> KMeans:
    """Cluster rows around k centres.

    Parameters
    ----------
    rows : (n, d)
    k : int
    weights : (n,), optional
        A row of weight 3 counts as three rows.
    runs : int
        Starts that compete on a sample; the best is carried on with all rows.
    tolerance : float
        Largest movement of a centre, in units of the data's scale, that counts as standing still.
    max_iterations : int
    seed : int or Generator
    threads : int, optional
        All processors by default.

    Returns
    -------
    KMeans
        centres, labels and distortion.
    """
    if is_sparse(rows):
        raise InputError("expected dense rows for k-means; got sparse ones; fit a spherical mixture to them")
    ready = checked(rows, weights)
    k, runs, max_iterations = (
        require_count("k", k),
        require_count("runs", runs),
        require_count("max_iterations", max_iterations),
    )
    if not is_number(tolerance) or tolerance < 0:
        raise InputError(f"expected a tolerance of at least 0; got {tolerance!r}")
    require_distinct(ready, k)
    random = generator(seed)
    with Crew(threads) as crew:
        trial = sampled(ready, _SAMPLE, k, random)
        unit = np.full(ready.d, np.sqrt(np.mean(scale_of(trial.values.var(axis=0, dtype=np.float64)) ** 2)))
        centres = best_centres(trial, k, unit, runs, tolerance, max_iterations, random, crew)
        if trial is not ready:
            centres, _ = lloyd(ready, centres, unit, tolerance, max_iterations, crew)
        everyone = ready if weights is None else checked(rows)
        labels = expectation.posteriors(everyone, sharp(centres, unit), crew, labels=True)[2]
    return KMeans(centres, labels, _distortion(everyone, weights, centres, labels))


def best_centres(
    rows: Rows,
    k: int,
    unit: Doubles,
    runs: int,
    tolerance: float,
    max_iterations: int,
    random: np.random.Generator,
    crew: Crew,
) -> Doubles:
    """The centres of least distortion among some runs from spread-out rows; distances in unit : (d,)."""
    trials = [
        lloyd(rows, spread_centres(rows, k, unit, random), unit, tolerance, max_iterations, crew) for _ in range(runs)
    ]
    return min(trials, key=lambda trial: trial[1])[0]


def lloyd(
    rows: Rows, centres: Doubles, unit: Doubles, tolerance: float, max_iterations: int, crew: Crew
) -> tuple[Doubles, float]:
    """Centres moved to the means of their rows until they stand still, and the distortion before the last move.

    Distances are in unit : (d,). A centre without rows moves to the row farthest from all others.
    """
    distortion = np.inf
    for _ in range(max_iterations):
        mixture = sharp(centres, unit)
        sums = expectation.moments(rows, mixture, crew)
        # Under the sharp mixture a row's log-density is −distance² / 2σ² and a constant.
        constant = -log(mixture.k) - rows.d * log(2 * pi) / 2 - np.log(unit * SHARPNESS).sum()
        distortion = 2 * SHARPNESS**2 * (constant * rows.total - sums.log_likelihood)
        held = sums.counts > 1e-9 * rows.total
        moved = centres.copy()
        moved[held] = sums.anchors[held] + sums.first[held] / sums.counts[held, None]
        if not held.all():
            density = expectation.posteriors(rows, mixture, crew, density=True)[0]
            lonely = np.argsort(density, kind="stable")[: np.count_nonzero(~held)]
            moved[~held] = rows.values[lonely]
        still = np.abs((moved - centres) / unit).max() <= tolerance
        centres = moved
        if still:
            break
    return centres, float(distortion)


def _distortion(rows: Rows, weights: ArrayLike | None, centres: Doubles, labels: Labels) -> float:
    counts = None if weights is None else np.asarray(weights, np.float64)
    total = 0.0
    for first in range(0, rows.n, _PIECE):
        piece = slice(first, first + _PIECE)
        squares = np.square(rows.values[piece] - centres[labels[piece]]).sum(axis=1)
        total += float(squares.sum() if counts is None else squares @ counts[piece])
    return total
