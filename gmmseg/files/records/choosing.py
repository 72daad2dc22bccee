"""Which columns are worked on, which one names the rows, and what is said of the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gmmseg.errors import FileError
from gmmseg.files.records.column import Column
from gmmseg.files.records.places import column_places, listed
from gmmseg.files.records.record import Records

_COUNTERS = frozenset({"id", "nr", "no", "no.", "num", "number", "index", "row", "key"})


def records_of(
    name: str,
    columns: Sequence[Column],
    wanted: str | Sequence[str | int] | None,
    row_names: str | None,
    lines: Sequence[int] = (),
) -> Records:
    """Records of the columns that are wanted; `lines` says where rows stand in their file."""
    titles = [column.title for column in columns]
    naming, notes = _naming(columns, row_names, explicit=wanted is not None)
    if wanted is not None:
        places = column_places(wanted, titles)
    else:
        places = [place for place, column in enumerate(columns) if column.numbers is not None and place != naming]
        if not places:
            raise FileError(
                f"cannot read {name}: expected a column of numbers; got none among {listed(titles)}; check the table"
            )
        notes += _left_out(columns, naming, lines)
    values = np.stack([_numbers(name, columns[place], lines) for place in places], axis=1)
    return Records(
        name,
        tuple(titles[place] for place in places),
        values,
        () if naming is None else columns[naming].names(),
        "" if naming is None else titles[naming],
        notes,
    )


def _naming(columns: Sequence[Column], wanted: str | None, *, explicit: bool) -> tuple[int | None, tuple[str, ...]]:
    """The place of the column that names rows, and a note if that is a guess."""
    titles = [column.title for column in columns]
    if wanted is not None:
        return column_places([wanted] if wanted in titles else wanted, titles)[0], ()
    for place, column in enumerate(columns):
        if column.is_text:
            return place, ()
    if not explicit and sum(column.numbers is not None for column in columns) > 1:
        for place, column in enumerate(columns):
            if _counts(column, place):
                return place, (
                    f"{column.title} numbers the rows, so it names them; choose it by columns to work on it",
                )
    return None, ()


def _counts(column: Column, place: int) -> bool:
    """Whether a column does nothing but number the rows."""
    values = column.numbers
    if values is None or len(values) < 3 or not (values == np.rint(values)).all():
        return False
    if column.title.lower() in _COUNTERS:
        return len(np.unique(values)) == len(values)
    # What a frame writes in front of its columns has no name.
    return place == 0 and column.title == "column_1" and values[0] in {0, 1} and bool((np.diff(values) == 1).all())


def _numbers(name: str, column: Column, lines: Sequence[int]) -> np.ndarray:
    if column.numbers is not None:
        return column.numbers
    place = column.wrong
    if place is None:
        place = next((i for i, cell in enumerate(column.texts) if cell.strip()), 0)
    raise FileError(
        f"cannot read {name}: expected numbers in column {column.title}; got {_cell(column, place, lines)}; mend it, "
        "or choose other columns"
    )


def _left_out(columns: Sequence[Column], naming: int | None, lines: Sequence[int]) -> tuple[str, ...]:
    others = [column for place, column in enumerate(columns) if column.numbers is None and place != naming]
    notes = [
        f"left out {column.title}: {_cell(column, column.wrong, lines)} is no number"
        for column in others
        if column.wrong is not None
    ]
    plain = [column.title for column in others if column.wrong is None]
    if plain:
        notes.append(f"left out {listed(plain)}: not numeric")
    return tuple(notes)


def _cell(column: Column, place: int, lines: Sequence[int]) -> str:
    """A cell and where it stands."""
    cell = column.texts[place] if column.texts else ""
    where = f" in line {lines[place]}" if lines else ""
    return repr(cell if len(cell) <= 40 else cell[:37] + "…") + where
