"""`table`: rows of numbers in, clusters out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.files.records import Records, read_records
from gmmseg.files.records.places import listed
from gmmseg.mixture import Fit, Mixture, Selection
from gmmseg.tables.clustering import TableClustering
from gmmseg.tables.fitting import Wishes, fitted_table
from gmmseg.tables.missing import completed, usual_values
from gmmseg.tables.model import TableModel
from gmmseg.tables.order import ordered


def table(
    source: Any,
    k: int | str | Sequence[int] = "auto",
    *,
    columns: str | Sequence[str | int] | None = None,
    row_names: str | None = None,
    names: Sequence[str] | None = None,
    header: bool | None = None,
    covariance: str = "auto",
    standardise: bool | str = "auto",
    missing: str = "skip",
    criterion: str | None = None,
    seed: int = 0,
    threads: int | None = None,
) -> TableClustering:
    """Cluster the rows of a table by a Gaussian mixture.

    Parameters
    ----------
    source : path, "-", bytes, open file, array (n, d), scipy.sparse matrix or frame
        Text with fields parted by commas, semicolons, tabs or spaces; .npy; .npz with one table or from
        scipy.sparse.save_npz; a frame of pandas or polars. Sparse tables stay sparse.
    k : int, sequence of int or "auto"
        Number of clusters; of several the one with the best score; "auto" tries from 1 on.
    columns : str or sequence, optional
        Which are clustered: names, and numbers from 1 on, with commas between them, 2-5 for a range; or a sequence of
        names, and of places from 0 on. By default all numeric ones.
    row_names : str, optional
        The column that names the rows; by default the first one of text.
    names : sequence of str, optional
        What the columns are called, in place of what the source says.
    header : bool, optional
        Whether the first line of text names the columns; by default it is looked at.
    covariance : {"auto", "full", "tied", "diag", "spherical"}
        "auto" lets full, tied and diagonal ones compete, full ones up to 32 columns; with one column each cluster has
        its own. For sparse tables it is "diag", and "spherical" is the other choice.
    standardise : bool or "auto"
        Whether columns are brought to the same spread first. It changes the clusters only where covariances are
        spherical or the table is sparse; "auto" does it for spherical ones of dense tables. The mixture is in the
        table's own units in any case.
    missing : {"skip", "mean"}
        Whether rows that lack a value are left out, or filled in by the means of the columns.
    criterion : {"bic", "icl", "aic"}, optional
        What scores are compared by; "bic" by default. For sparse tables, where these count thousands of parameters
        that no row speaks of, it is how probable rows are that were held out, unless one is named.
    seed : int
    threads : int, optional
        All processors by default.

    Returns
    -------
    TableClustering

    Raises
    ------
    InputError, FileError
        If the source is no table of numbers, or an option makes no sense.
    """
    begun = time.perf_counter()
    wishes = Wishes(k, covariance, standardise, criterion, seed, threads)
    records = read_records(source, columns=columns, row_names=row_names, names=names, header=header)
    usual = usual_values(records)
    values, used = completed(records, missing, usual)
    fit, selection = fitted_table(values, wishes)
    fit = replace(fit, mixture=ordered(fit.mixture))
    notes = (*records.notes, *_constant(values, records.columns), *fit.notes)
    return _assigned(records, fit.mixture, values, used, usual, missing, fit, selection, notes, threads, begun)


def applied(model: TableModel, source: Any, row_names: str | None, threads: int | None) -> TableClustering:
    """The rows of another table in the clusters of a model."""
    begun = time.perf_counter()
    records = _matching(model, source, row_names)
    values, used = completed(records, model.missing, model.usual)
    return _assigned(
        records, model.mixture, values, used, model.usual, model.missing, None, None, records.notes, threads, begun
    )


def _assigned(
    records: Records,
    mixture: Mixture,
    values: Any,
    used: np.ndarray[Any, np.dtype[np.bool_]],
    usual: Doubles,
    missing: str,
    fit: Fit | None,
    selection: Selection | None,
    notes: tuple[str, ...],
    threads: int | None,
    begun: float,
) -> TableClustering:
    """Rows and a mixture, put together."""
    memberships = np.full((len(used), mixture.k), np.nan, np.float32)
    memberships[used] = mixture.responsibilities(values, threads=threads)
    labels = np.full(len(used), -1, np.intp)
    labels[used] = memberships[used].argmax(axis=1)
    lacking = len(used) - int(np.count_nonzero(used))
    if lacking:
        notes = (*notes, f"left out {lacking} of {len(used)} rows, which lack values")
    seconds = time.perf_counter() - begun
    return TableClustering(records, mixture, memberships, labels, fit, selection, usual, missing, seconds, notes)


def _matching(model: TableModel, source: Any, row_names: str | None) -> Records:
    """The table's columns that the model is about: by their names, or all of them where neither side has any."""
    records = read_records(source, row_names=row_names)
    if records.columns == model.columns:
        return records
    lacking = [name for name in model.columns if name not in set(records.columns)]
    if not lacking:
        index = {name: place for place, name in enumerate(records.columns)}
        return _narrowed(records, [index[name] for name in model.columns], model.columns)
    nameless = all(name.startswith("column_") for name in records.columns)
    if nameless and len(records.columns) == len(model.columns):
        return replace(records, columns=model.columns)
    raise InputError(
        f"expected the model's columns in {records.name}; {listed(lacking)} "
        f"{'is' if len(lacking) == 1 else 'are'} not among {listed(records.columns)}; name them so"
    )


def _narrowed(records: Records, places: list[int], columns: tuple[str, ...]) -> Records:
    values = records.values
    if isinstance(values, np.ndarray):
        return replace(records, columns=columns, values=values[:, places])
    return replace(records, columns=columns, values=values.tocsc()[:, places].tocsr())


def _constant(values: Any, columns: tuple[str, ...]) -> tuple[str, ...]:
    """A note on columns that say nothing."""
    if not isinstance(values, np.ndarray) or len(values) < 2:
        return ()
    same = [name for name, still in zip(columns, (values == values[0]).all(axis=0), strict=True) if still]
    return (f"{listed(same)} {'is' if len(same) == 1 else 'are'} the same in all rows",) if same else ()
