"""When to stop climbing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gmmseg.arguments import is_number
from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.mixture.mixture import Mixture

_TRUST = 0.999  # an Aitken ratio beyond this is taken for no convergence at all


@dataclass(frozen=True)
class Tolerance:
    """What must have settled before a fit stops; of two conditions, both.

    Parameters
    ----------
    likelihood : float, optional
        The gain in log-likelihood a row that is still to come. Gains of EM shrink geometrically near an optimum,
        so the rest of the series follows from the last two (Aitken); a single small step is not taken for the end.
    parameters : float, optional
        The largest change in a step of any weight, any mean in units of its column's standard deviation, or any
        covariance in units of the columns' product.
    """

    likelihood: float | None = 1e-5
    parameters: float | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.likelihood, self.parameters) if value is not None]
        if not given or not all(is_number(value) and value >= 0 for value in given):
            raise InputError(
                f"expected tolerances of at least 0, and at least one of them; got likelihood {self.likelihood!r} "
                f"and parameters {self.parameters!r}"
            )


def tolerance_of(given: float | Tolerance) -> Tolerance:
    """A number means the likelihood."""
    return given if isinstance(given, Tolerance) else Tolerance(likelihood=given)


def settled(
    tolerance: Tolerance,
    trace: Sequence[float],
    weight: float,
    noise: float,
    old: Mixture,
    new: Mixture,
    scale: Doubles,
) -> str | None:
    """The reason to stop, or None.

    trace holds the last three objectives, or fewer, and `noise` is their rounding; old and new are the last mixtures.
    """
    if len(trace) < 2:
        return None
    reasons = []
    if tolerance.likelihood is not None:
        if not _little_left(trace, tolerance.likelihood * weight, noise):
            return None
        reasons.append("likelihood")
    if tolerance.parameters is not None:
        if _step(old, new, scale) > tolerance.parameters:
            return None
        reasons.append("parameters")
    return " and ".join(reasons) + " settled"


def _little_left(trace: Sequence[float], enough: float, noise: float) -> bool:
    gain = trace[-1] - trace[-2]
    if abs(gain) <= noise:
        return True
    if gain > enough or len(trace) < 3:
        return False
    before = trace[-2] - trace[-3]
    ratio = gain / before if before > 0 else _TRUST
    return ratio < _TRUST and gain * ratio / (1 - ratio) <= enough


def _step(old: Mixture, new: Mixture, scale: Doubles) -> float:
    if new.family.diagonal:
        spread = [(m.factors * scale) ** -2 for m in (old, new)]
    else:
        unit = np.multiply.outer(scale, scale)
        spread = [m.family.matrices(m.covariances, m.k, m.d) / unit for m in (old, new)]
    return max(
        float(np.abs(new.weights - old.weights).max()),
        float((np.abs(new.means - old.means) / scale).max()),
        float(np.abs(spread[1] - spread[0]).max()),
    )
