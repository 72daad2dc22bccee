"""How finely a column was written down: marks in whole points, lengths in half millimetres.

Numbers that were rounded pile up on few values, and a narrow component on the highest pile is likelier than any that
means something. A number rounded to steps of s stands for anything within s / 2 of it, which has a standard deviation
of s / √12; no component is let be narrower, and none narrower than s where there are many steps. (Of 15 made exams of
100 students in two groups, with whole marks, BIC finds three groups or more in 4 with the first bound, in none with
the second.)
"""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles

_FINEST = 1e-3  # of a column's standard deviation; finer steps do no harm
_OFTEN = 2.0  # how often a value comes at least, in the mean, where rounding is worth a thought
_MANY = 20  # steps from the least to the largest value
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
    if not even or step < _FINEST * column.std():
        return 0.0
    return step if gaps.sum() >= _MANY * step else step / np.sqrt(12)
