"""Rows that lack values: left out, or filled in by what is usual."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.arrays import Doubles, Flags
from gmmseg.errors import InputError
from gmmseg.files.records import Records

WAYS = ("skip", "mean")


def usual_values(records: Records) -> Doubles:
    """The mean of what there is in each column : (d,)."""
    values = records.values
    if isinstance(values, np.ndarray):
        known = np.isfinite(values)
        counts = known.sum(axis=0)
        usual: Doubles = np.where(known, values, 0.0).sum(axis=0) / np.maximum(counts, 1)
        return usual
    known = np.isfinite(values.data)
    n, d = values.shape
    lacking = np.bincount(values.indices[~known], minlength=d)
    sums = np.bincount(values.indices[known], values.data[known], minlength=d)
    means: Doubles = sums / np.maximum(n - lacking, 1)
    return means


def completed(records: Records, way: str, usual: Doubles) -> tuple[Any, Flags]:
    """The rows that can be worked on, dense or sparse, and which they are : (n,) bool.

    way : "skip" leaves out rows that lack a value, "mean" fills in `usual` : (d,).
    """
    if way not in WAYS:
        raise InputError(f"expected missing among {', '.join(WAYS)}; got {way!r}")
    values = records.values
    dense = isinstance(values, np.ndarray)
    if dense:
        unknown = ~np.isfinite(values)
        lacking = unknown.any(axis=1)
    else:
        unknown = ~np.isfinite(values.data)
        lacking = np.zeros(values.shape[0], bool)
        lacking[np.repeat(np.arange(values.shape[0]), np.diff(values.indptr))[unknown]] = True
    if not lacking.any():
        return values, ~lacking
    if way == "skip":
        if lacking.all():
            raise InputError(
                f"expected rows without missing values in {records.name}; each of {len(lacking)} lacks one; "
                'choose fewer columns, or fill in with missing "mean"'
            )
        return values[~lacking], ~lacking
    filled = values.copy()
    if dense:
        filled[unknown] = np.broadcast_to(usual, values.shape)[unknown]
    else:
        filled.data[unknown] = usual[values.indices[unknown]]
    return filled, np.ones(len(lacking), bool)
