"""Reading a table: a file of any kind, standard input, an array, a sparse matrix or a frame."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from gmmseg.errors import FileError, InputError
from gmmseg.files.records.choosing import records_of
from gmmseg.files.records.column import column_of_array, column_of_text
from gmmseg.files.records.delimited import grid_of, named
from gmmseg.files.records.places import column_places
from gmmseg.files.records.record import Records
from gmmseg.files.records.stored import MAGIC, stored_table
from gmmseg.files.sources import opened


def read_records(
    source: Any,
    *,
    columns: str | Sequence[str | int] | None = None,
    row_names: str | None = None,
    names: Sequence[str] | None = None,
    header: bool | None = None,
) -> Records:
    """Read a table.

    Parameters
    ----------
    source : path, "-", bytes, open file, array, scipy.sparse matrix or frame
        Text with fields parted by commas, semicolons, tabs or spaces, .npy, .npz, or .npz of scipy.sparse.save_npz. A
        frame is what has `columns` and `to_numpy`, as those of pandas and polars.
    columns : str or sequence, optional
        Which are meant, as `column_places` has it; by default all numeric ones.
    row_names : str, optional
        The column that names the rows; by default the first one of text.
    names : sequence of str, optional
        What the columns are called, in place of what the source says.
    header : bool, optional
        Whether the first line of text names the columns; by default it is looked at.

    Returns
    -------
    Records
    """
    if _is_array(source):
        return _of_numbers("the given table", source, columns, names, ())
    if isinstance(source, list | tuple):
        return _of_numbers("the given table", _array(source), columns, names, ())
    if hasattr(source, "columns") and hasattr(source, "to_numpy") and hasattr(source, "__getitem__"):
        titles = _titles("the given table", [str(name) for name in source.columns], names)
        read = [np.asarray(source[name].to_numpy()) for name in source.columns]
        if not read or not len(read[0]):
            raise InputError("expected a table with rows and columns; got an empty frame")
        if len({len(array) for array in read}) > 1:
            raise InputError("expected a table with columns of one length; got columns of several")
        own = [column_of_array(title, array) for title, array in zip(titles, read, strict=True)]
        return records_of("the given table", own, columns, row_names)
    with opened(source, "table") as file:
        data, name = file.file.read(), file.shown
    if not data.strip():
        raise FileError(f"cannot read {name}: expected a table; got an empty file; check it")
    if data.startswith(MAGIC):
        table, own_names = stored_table(data, name)
        return _of_numbers(name, table, columns, names, own_names)
    grid = grid_of(data, name, header)
    titles = _titles(name, grid.names, names)
    read_columns = [column_of_text(title, cells, grid.comma) for title, cells in zip(titles, grid.cells, strict=True)]
    return records_of(name, read_columns, columns, row_names, grid.lines)


def _is_array(source: object) -> bool:
    library: Any = sys.modules.get("scipy.sparse")
    return isinstance(source, np.ndarray) or (library is not None and bool(library.issparse(source)))


def _array(source: Any) -> np.ndarray[Any, Any]:
    try:
        return np.asarray(source)
    except ValueError as error:
        raise InputError(f"expected a rectangular table of numbers; got {error}") from None


def _titles(name: str, own: Sequence[str], names: Sequence[str] | None) -> tuple[str, ...]:
    if names is not None and len(names) != len(own):
        raise InputError(f"expected a name for each of {len(own)} columns of {name}; got {len(names)}")
    return named(list(own if names is None else map(str, names)))


def _of_numbers(
    name: str, table: Any, columns: str | Sequence[str | int] | None, names: Sequence[str] | None, own: Sequence[str]
) -> Records:
    """A table of numbers alone, dense or sparse."""
    if len(table.shape) == 1:
        table = table[:, None]
    if len(table.shape) != 2 or table.dtype.kind not in "biuf" or 0 in table.shape:
        raise InputError(
            f"expected a table of numbers, shape (n, d), from {name}; got {table.dtype} of shape {table.shape}"
        )
    titles = _titles(name, own or [""] * table.shape[1], names)
    places = None if columns is None else column_places(columns, titles)
    if isinstance(table, np.ndarray):
        values: Any = table.astype(np.float64)
        values[~np.isfinite(values)] = np.nan
        values = values if places is None else values[:, places]
    else:
        from scipy.sparse import csr_array

        values = csr_array(table, dtype=np.float64)
        values = values if places is None else csr_array(values.tocsc()[:, places])
    return Records(name, titles if places is None else tuple(titles[place] for place in places), values)
