"""Records as JSON and CSV, and plain text."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import Any

import numpy as np

from gmmseg.errors import InputError
from gmmseg.files.targets import Target, writing


def write_text(target: Target, text: str) -> None:
    """Write text as UTF-8; a surrogate from an odd file name becomes a question mark."""
    with writing(target) as file:
        file.write(text.encode("utf-8", "replace"))


def write_json(target: Target, record: Any) -> None:
    """Write a record of mappings, sequences, arrays, numbers and text as JSON; NaN and infinity become null."""
    write_text(target, json.dumps(_plain(record), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def write_csv(target: Target, records: Iterable[Mapping[str, Any]]) -> None:
    """Write records as rows of CSV under a line of names.

    Columns come in the order in which they first appear. A list or an array `mean` takes the columns mean_0, mean_1,
    …, a mapping `box` with x takes box_x. What a record lacks, None, NaN and infinity are empty cells.
    """
    rows = [dict(_cells(_plain(record))) for record in records]
    names = dict.fromkeys(name for row in rows for name in row)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(names)
    table.writerows([row.get(name) for name in names] for row in rows)
    write_text(target, text.getvalue())


def write_rows(target: Target, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of cells as CSV under a line of names, as they are; for tables too long for records."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(names)
    table.writerows(rows)
    write_text(target, text.getvalue())


def _plain(value: Any) -> Any:
    """`value` in the types that JSON has."""
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str | PathLike):
        return str(value) if isinstance(value, PathLike) else value
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    raise InputError(f"expected numbers, text, lists and mappings; got {type(value).__name__}; convert it")


def _cells(value: Any, name: str = "") -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        entries = dict(enumerate(value)).items()
    else:
        yield name or "value", value
        return
    for key, entry in entries:
        yield from _cells(entry, f"{name}_{key}" if name else str(key))
