"""Cells of text as numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

import numpy as np

from gmmseg.arrays import Doubles

_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "nil", "-", "--", "?", ".", "#n/a", "missing"})
_INFINITE = frozenset({"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "∞", "-∞"})
_WITH_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)?,\d+([eE][+-]?\d+)?|[+-]?\d{1,3}(\.\d{3})+,\d*")


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value, or none that could be worked with."""
    word = cell.strip().lower()
    return word in _MISSING or word in _INFINITE


def number(cell: str) -> float | None:
    """The number that a cell is, NaN where it is missing, None where it is something else."""
    try:
        value = float(cell)
    except ValueError:
        return math.nan if is_missing(cell) else None
    # Python takes 2024_01 for a number.
    if "_" in cell:
        return None
    return value if math.isfinite(value) else math.nan


def number_with_comma(cell: str) -> float | None:
    """The same where the decimal sign is a comma, and a point may part thousands."""
    return number(cell.replace(".", "").replace(",", ".")) if "," in cell or "." in cell else number(cell)


def numbers(cells: Sequence[str], comma: bool) -> tuple[Doubles, int | None]:
    """A column as numbers (n,), NaN where missing; and the place of the first cell that is none, or None.

    comma : whether a comma may be the decimal sign, as it is where it does not part the fields.
    """
    read: Callable[[str], float | None] = number
    if comma and any("," in cell and _WITH_COMMA.fullmatch(cell.strip()) for cell in cells):
        read = number_with_comma
    values = np.empty(len(cells))
    wrong: int | None = None
    for place, cell in enumerate(cells):
        value = read(cell)
        if value is None:
            wrong = place if wrong is None else wrong
            value = math.nan
        values[place] = value
    return values, wrong
