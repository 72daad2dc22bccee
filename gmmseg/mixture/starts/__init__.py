"""Where a fit begins: each start is a function of a slope (of few rows), k and a random generator."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gmmseg.errors import InputError
from gmmseg.mixture.centres import random_centres, spread_centres
from gmmseg.mixture.kmeans import best_centres
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.slope import Slope
from gmmseg.mixture.starts.contest import best_start
from gmmseg.mixture.starts.growth import grown_start
from gmmseg.mixture.starts.seeding import broad, from_centres

__all__ = ["STARTS", "Start", "start_named"]

Start = Callable[[Slope, int, np.random.Generator], Mixture]


def _random(slope: Slope, k: int, random: np.random.Generator) -> Mixture:
    return from_centres(slope.with_prior(broad(slope, k)), random_centres(slope.rows, k, random))


def _spread(slope: Slope, k: int, random: np.random.Generator) -> Mixture:
    return from_centres(slope.with_prior(broad(slope, k)), spread_centres(slope.rows, k, slope.scale, random))


def _kmeans(slope: Slope, k: int, random: np.random.Generator) -> Mixture:
    centres = best_centres(slope.rows, k, slope.scale, 4, 1e-4, 100, random, slope.crew)
    return from_centres(slope.with_prior(broad(slope, k)), centres)


STARTS: dict[str, Start] = {
    "auto": best_start,
    "split": grown_start,
    "kmeans": _kmeans,
    "kmeans++": _spread,
    "random": _random,
}


def start_named(name: str) -> Start:
    """The start called `name`, or an error that lists the names."""
    if not isinstance(name, str) or name not in STARTS:
        raise InputError(f"expected a start among {', '.join(STARTS)}, or a Mixture; got {name!r}")
    return STARTS[name]
