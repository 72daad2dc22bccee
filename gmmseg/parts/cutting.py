"""Where a tree is cut, and which region each crumb is then in.

A cut takes the first so many merges of a tree and leaves out the others. So one cut's regions lie inside another's,
whatever the two were asked for, equal heights or not.
"""

from __future__ import annotations

from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arguments import is_number, require_count
from gmmseg.arrays import Doubles, Floats
from gmmseg.compiled import compiled
from gmmseg.errors import InputError

USUAL = 0.5  # detail
_DIGITS = 9  # behind the point, which strengths in 32 bits do not have
_SHORT = np.iinfo(np.int16).max


def strengths_of(heights: Doubles) -> Floats:
    """Heights as contours have them : (n − 1,) float32, above 0.

    A border of height 0 is one all the same, which the full detail keeps; so it is given the least strength there is.
    """
    return np.maximum(heights.astype(np.float32), np.finfo(np.float32).tiny)


def merges_taken(strengths: Floats, detail: float | None, count: int | None) -> int:
    """How many merges a cut takes: all whose strength is not above 1 − detail, or all but the last count − 1.

    Strengths are compared in 32 bits, as NumPy compares contours with a Python number. At most one of the two is given.
    """
    if detail is not None and count is not None:
        raise InputError(f"expected detail or count; got both, {detail!r} and {count!r}; leave out one")
    if count is not None:
        regions, crumbs = require_count("count", count), len(strengths) + 1
        if regions > crumbs:
            raise InputError(
                f"expected a count up to {crumbs}, all crumbs of this picture; got {regions}; ask for less"
            )
        return crumbs - regions
    detail = USUAL if detail is None else detail
    if not is_number(detail) or not 0 <= detail <= 1:
        raise InputError(f"expected detail as a number from 0 to 1; got {detail!r}")
    return int(np.searchsorted(strengths, np.float32(1 - float(detail)), side="right"))


def detail_of(strengths: Floats, taken: int) -> float | None:
    """The detail that takes so many merges, in as few digits as do; None where heights are equal and none does."""
    most = 1 - float(strengths[taken - 1]) if taken > 0 else 1.0
    for digits in range(2, _DIGITS):
        for detail in (round(most, digits), floor(most * 10**digits) / 10**digits):
            if merges_taken(strengths, detail, None) == taken:
                return detail
    return most if merges_taken(strengths, most, None) == taken else None


def names_of(merges: NDArray[np.int32], taken: int) -> NDArray[Any]:
    """The region of each crumb : (n,) int16, or int32 where they are many, after the first merges were taken.

    Regions are numbered in reading order, as crumbs are.
    """
    names = np.empty(len(merges) + 1, np.int16 if len(merges) + 1 - taken <= _SHORT else np.int32)
    _named(merges, taken, names)
    return names


@compiled
def _named(merges: Any, taken: Any, names: Any) -> None:
    n = len(names)
    tops = np.arange(n + taken)
    for t in range(taken - 1, -1, -1):
        tops[merges[t, 0]] = tops[n + t]
        tops[merges[t, 1]] = tops[n + t]
    numbers = np.full(n + taken, -1, np.int32)
    found = 0
    for i in range(n):
        if numbers[tops[i]] < 0:
            numbers[tops[i]] = found
            found += 1
        names[i] = numbers[tops[i]]
