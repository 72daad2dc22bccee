"""Components that ran empty or collapsed onto a few rows: noticed, and set to better work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gmmseg.arrays import Doubles, Flags
from gmmseg.mixture.mixture import Mixture
from gmmseg.mixture.restructuring import split, without

if TYPE_CHECKING:
    from gmmseg.mixture.slope import Slope

_EMPTY = 1e-8  # share of the rows under which a component has none
_SLENDER = 2e-4  # variance, in units of the data's, under which a component is suspect
_SUPPORT = 10  # a component at the floor rests on too little with fewer rows than this for each of its d + 1


def ailing(slope: Slope, mixture: Mixture, raised: bool, counts: Doubles) -> Flags:
    """Which components hold no rows, or are spikes: at the floor, on a handful of rows : (k,).

    A component may be flat and right: a saturated sky is one colour. What tells a spike is that almost nothing
    supports it. (Its likelihood is bounded by the floor alone and means nothing.)
    """
    ill: Flags = counts < _EMPTY * slope.rows.total
    if raised:
        ill = ill | _spikes(slope, mixture, 1.01 * float(np.max(slope.least / slope.scale)) ** 2, counts)
    return ill & (mixture.k > 1)


def sound(slope: Slope, mixture: Mixture) -> bool:
    """Whether no component is nearly a spike."""
    return not _spikes(slope, mixture, _SLENDER, mixture.weights * slope.rows.total).any()


def _spikes(slope: Slope, mixture: Mixture, least: float, counts: Doubles) -> Flags:
    """Components whose smallest variance is under `least`, in the data's units, with little to support it."""
    few = counts < _SUPPORT * (mixture.d + 1)
    if slope.narrow or not few.any():
        return np.zeros(mixture.k, bool)
    matrices = mixture.family.matrices(mixture.covariances, mixture.k, mixture.d)
    values = np.linalg.eigvalsh(matrices / np.multiply.outer(slope.scale, slope.scale))
    return few & (values[:, 0] < min(least, slope.flattest / 10))


def mended(mixture: Mixture, ill: Flags, *, replace: bool) -> tuple[Mixture, str]:
    """The mixture without its ailing components, the largest others split in their place if `replace`."""
    gone = ill.copy()
    gone[np.argmax(mixture.weights)] &= not ill.all()
    names = " and ".join(str(c) for c in np.flatnonzero(gone))
    rest = without(mixture, gone)
    if not replace:
        return rest, f"dropped component {names}, which had no more than a few rows to rest on; {rest.k} are left"
    for _ in range(np.count_nonzero(gone)):
        rest = split(rest, int(np.argmax(rest.weights)))
    return rest, f"component {names} collapsed or ran empty, and was put to work on half of the largest"
