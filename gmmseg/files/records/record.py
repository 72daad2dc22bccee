"""What a table holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, eq=False)
class Records:
    """Rows of numbers, and what they are called.

    Attributes
    ----------
    name : str
        What messages call the table.
    columns : (d,) tuple of str
    values : (n, d) float64 with NaN where a value is missing, or scipy.sparse.csr_array of float64
    ids : (n,) tuple of str
        What the rows are called; empty where they have no names.
    id_column : str
        Where the names come from.
    notes : tuple of str
        What a reader should know: columns that were left out.
    """

    name: str
    columns: tuple[str, ...]
    values: Any = field(repr=False)
    ids: tuple[str, ...] = field(default=(), repr=False)
    id_column: str = ""
    notes: tuple[str, ...] = ()
