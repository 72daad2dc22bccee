"""A column as it was read: numbers where it has them, else texts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.files.records.numbers import numbers

_MOSTLY = 0.5  # share of a column's cells that are numbers, from which on a cell that is none is worth a word


@dataclass(frozen=True, eq=False)
class Column:
    """One column.

    Attributes
    ----------
    title : str
    numbers : (n,) float64, optional
        With NaN where missing; None if it has something else than numbers, or nothing.
    texts : list of str
        The cells; empty where they never were text.
    wrong : int, optional
        The place of the first cell that is no number, in a column most of which are.
    """

    title: str
    numbers: Doubles | None = field(default=None, repr=False)
    texts: list[str] = field(default_factory=list, repr=False)
    wrong: int | None = None

    @property
    def is_text(self) -> bool:
        """Whether it says something, in words."""
        return self.numbers is None and self.wrong is None and any(cell.strip() for cell in self.texts)

    def names(self) -> tuple[str, ...]:
        """The cells as names of rows."""
        if self.texts:
            return tuple(cell.strip() for cell in self.texts)
        values = [] if self.numbers is None else self.numbers.tolist()
        return tuple("" if math.isnan(value) else f"{value:.15g}" for value in values)


def column_of_text(title: str, cells: list[str], comma: bool) -> Column:
    """A column of a table of text."""
    values, wrong = numbers(cells, comma)
    found = np.isfinite(values)
    if wrong is None and found.any():
        return Column(title, values, cells)
    mostly = wrong is not None and found.mean() >= _MOSTLY
    return Column(title, None, cells, wrong if mostly else None)


def column_of_array(title: str, array: np.ndarray[Any, Any]) -> Column:
    """A column of a frame."""
    if array.dtype.kind in "iuf":
        values = array.astype(np.float64)
    else:
        plain = array.tolist()
        if not all(
            value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in plain
        ):
            return Column(title, None, ["" if value is None else str(value) for value in plain])
        values = np.array([math.nan if value is None else float(value) for value in plain])
    values[~np.isfinite(values)] = np.nan
    return Column(title, values)
