"""How finely a column was written down: marks in whole points, lengths in half millimetres.

Numbers that were rounded pile up on few values, and the likelihood of a narrow component on such a pile grows without
bound. A number rounded to steps of s stands for anything within s / 2 of it, which has a standard deviation of
s / √12; no component is let be narrower.
"""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles

_FINEST = 1e-3  # of a column's standard deviation; finer steps do no harm
_OFTEN = 2.0  # how often a value comes at least, in the mean, where rounding is worth a thought
_EXACT = 1e-3  # of a step, by which its multiples may be off


def grain(values: Doubles) -> Doubles | None:
    """The least standard deviation in each column of values : (n, d), or None where not all were rounded."""
    deviations = [_deviation(column) for column in values.T]
    return np.array(deviations) if all(deviation > 0 for deviation in deviations) else None


def _deviation(column: Doubles) -> float:
    seen = np.unique(column)
    if seen.size < 2 or column.size < _OFTEN * seen.size:
        return 0.0
    gaps = np.diff(seen)
    step = float(gaps.min())
    multiples = gaps / step
    even = bool((np.abs(multiples - np.rint(multiples)) < _EXACT).all())
    return step / np.sqrt(12) if even and step > _FINEST * column.std() else 0.0
