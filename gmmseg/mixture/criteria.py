"""Criteria that weigh a mixture's fit against its size; smaller is better in all of them."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import TYPE_CHECKING

import numpy as np

from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.mixture import expectation
from gmmseg.mixture.rows import Rows

if TYPE_CHECKING:
    from gmmseg.mixture.mixture import Mixture

_PIECE = 1 << 18  # rows whose responsibilities are held at a time


def bic(mixture: Mixture, rows: Rows) -> float:
    """Schwarz 1978: −2ℓ + p ln n."""
    return -2 * _log_likelihood(mixture, rows) + mixture.parameters * log(rows.total)


def aic(mixture: Mixture, rows: Rows) -> float:
    """Akaike 1974: −2ℓ + 2p."""
    return -2 * _log_likelihood(mixture, rows) + 2 * mixture.parameters


def icl(mixture: Mixture, rows: Rows) -> float:
    """Biernacki, Celeux and Govaert 2000: BIC − 2 Σ ln max_c r_c, the price of every row's doubt."""
    doubt = 0.0
    with Crew() as crew:
        for first in range(0, rows.n, _PIECE):
            piece = rows.taken(slice(first, first + _PIECE))
            shares = expectation.posteriors(piece, mixture, crew, shares=True)[1]
            doubt -= float(np.sum(piece.weights * np.log(shares.max(axis=1)), dtype=np.float64))
    return bic(mixture, rows) + 2 * doubt


CRITERIA: dict[str, Callable[[Mixture, Rows], float]] = {"bic": bic, "icl": icl, "aic": aic}


def criterion_named(name: str) -> Callable[[Mixture, Rows], float]:
    """The criterion called `name`, or an error that lists the names."""
    if not isinstance(name, str) or name not in CRITERIA:
        raise InputError(f"expected a criterion among {', '.join(CRITERIA)}; got {name!r}")
    return CRITERIA[name]


def _log_likelihood(mixture: Mixture, rows: Rows) -> float:
    with Crew() as crew:
        return expectation.moments(rows, mixture, crew).log_likelihood
