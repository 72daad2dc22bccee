"""The M-step as scikit-learn means it, in one go for `fit` and in strides for `partial_fit`.

`reg_covar` is added to every variance, in the units of the rows. That is what the moments would be if each row were a
small round cloud of this variance, so it goes into the moments, and the engine's own M-step does the rest for all
families alike.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp, sqrt
from typing import TYPE_CHECKING

import numpy as np

from gmmseg.errors import InputError
from gmmseg.mixture.maximisation import maximise
from gmmseg.mixture.moments import Moments
from gmmseg.mixture.resolution import resolving
from gmmseg.mixture.rows import scale_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from gmmseg.mixture import Mixture
    from gmmseg.mixture.families import Family
    from gmmseg.mixture.rows import Rows

_EMPTY = 1e-12  # share of the rows that even a component without any keeps, for the arithmetic
_NOTHING = 1e-25  # variance, in units of the spread of the rows, that is none: what rounding and far rows leave of 0
_FADING = 0.6  # between ½ and 1, where stepwise EM converges (Cappé and Moulines 2009); the paper's own choice


def regularised(sums: Moments, ridge: float) -> Moments:
    """Moments with `ridge` added to every variance, and no component wholly empty."""
    counts = np.maximum(sums.counts, _EMPTY * sums.weight)
    d = sums.first.shape[1]
    cloud = ridge * (np.ones(d) if sums.second.ndim == 2 else np.eye(d))
    return replace(sums, counts=counts, second=sums.second + np.multiply.outer(counts, cloud))


class CollapseError(InputError):
    """A component's covariance is not positive definite, and `reg_covar` is too small to help."""

    def __init__(self) -> None:
        super().__init__(
            "Fitting the mixture model failed because some components have ill-defined empirical covariance "
            "(for instance caused by singleton or collapsed samples). Try to decrease the number of components, "
            "increase reg_covar, or scale the input data."
        )


def maximised(sums: Moments, family: Family) -> Mixture:
    """The mixture that maximises the expected likelihood, or a CollapseError."""
    diagonal = sums.second if sums.second.ndim == 2 else np.diagonal(sums.second, axis1=1, axis2=2)
    widest = (diagonal / sums.counts[:, None]).max(axis=0)
    scale = scale_of(np.ptp(sums.anchors, axis=0) ** 2 + widest)
    try:
        mixture, flat = maximise(sums, family, sqrt(_NOTHING) * scale, None)
        _ = mixture.factors  # which are made when they are first asked for
    except InputError:
        raise CollapseError from None
    if flat:
        raise CollapseError
    return mixture


def stepped(rows: Rows, measure: Callable[[Rows], Moments], family: Family) -> tuple[Moments, Mixture]:
    """What `measure` finds in the rows, and the mixture that maximises it; in float64 where float32 blurs that."""
    while True:
        try:
            sums = measure(rows)
            mixture = maximised(sums, family)
            sharp = resolving(rows, mixture)
        except CollapseError:
            if rows.values.dtype == np.float64:
                raise
            sharp = rows.widened()
        if sharp is rows:
            return sums, mixture
        rows = sharp


def stride(before: float, after: float) -> float:
    """Share of new rows in the statistics, when the rows seen rise from `before` to `after` first batches' worth.

    Statistics fade at the rate τ^−0.6 with τ the rows seen. Integrated over the batch, so that it makes no difference
    to the fading whether the same rows come in one batch or in several.
    """
    return 1 - exp(-(after ** (1 - _FADING) - before ** (1 - _FADING)) / (1 - _FADING))


def blended(mixture: Mixture, sums: Moments, share: float) -> Moments:
    """Moments of which `share` are these of the new rows, and the rest what the mixture remembers of the old.

    A mixture's parameters are its statistics in another form: with weight w, mean μ and covariance Σ, its moments
    about an anchor a are w, w(μ − a) and w(Σ + (μ − a)(μ − a)ᵀ). So nothing else need be kept between batches.
    """
    apart = mixture.means - sums.anchors
    counts = (1 - share) * mixture.weights
    if mixture.family.diagonal:
        second = counts[:, None] * (mixture.factors**-2.0 + apart**2)
    else:
        matrices = mixture.family.matrices(mixture.covariances, mixture.k, mixture.d)
        second = counts[:, None, None] * (matrices + apart[:, :, None] * apart[:, None, :])
    each = share / sums.weight
    return Moments(
        log_likelihood=sums.log_likelihood / sums.weight,
        weight=1.0,
        counts=counts + each * sums.counts,
        first=counts[:, None] * apart + each * sums.first,
        second=second + each * sums.second,
        anchors=sums.anchors,
    )
