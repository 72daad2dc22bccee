"""Where a fit begins: each start is a function of a slope (of few rows), k and a random generator."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gmmseg.errors import InputError
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.slope import Slope
from gmmseg.mixture.starts.contest import best_start
from gmmseg.mixture.starts.directional import directional_start
from gmmseg.mixture.starts.growth import grown_start
from gmmseg.mixture.starts.plain import kmeans_start, random_start, spread_start

__all__ = ["STARTS", "Start", "start_named"]

Start = Callable[[Slope, int, np.random.Generator], Mixture]

STARTS: dict[str, Start] = {
    "auto": best_start,
    "split": grown_start,
    "kmeans": kmeans_start,
    "kmeans++": spread_start,
    "random": random_start,
    "directional": directional_start,
}


def start_named(name: str) -> Start:
    """The start called `name`, or an error that lists the names."""
    if not isinstance(name, str) or name not in STARTS:
        raise InputError(f"expected a start among {', '.join(STARTS)}, or a Mixture; got {name!r}")
    return STARTS[name]
