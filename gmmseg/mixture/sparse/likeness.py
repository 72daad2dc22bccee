"""By what rows are alike: their directions, or their places.

Both are k-means: a cluster is held together by the sum S of its n rows, and worth |S| (rows of length one) or
|S|² / n. What merging two would lose follows from the products of their sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gmmseg.arrays import Doubles, Floats


@dataclass(frozen=True)
class Likeness:
    """A kind of k-means on compressed rows.

    Attributes
    ----------
    points : callable
        The rows as it takes them: CSR to CSR.
    centres : callable
        (sums (k, d), counts (k,)) → centres (k, d) and offsets (k,): a row x goes where x·centre + offset is largest.
    worth : callable
        (squared lengths of sums, counts) → what clusters are worth.
    """

    points: Callable[[Any], Any]
    centres: Callable[[Floats, Doubles], tuple[Floats, Floats]]
    worth: Callable[[Doubles, Doubles], Doubles]


def _unit(values: Any) -> Any:
    scaled = values.copy()
    lengths = np.sqrt(np.asarray(values.multiply(values).sum(axis=1)))
    scaled.data = values.data / np.repeat(np.where(lengths > 0, lengths, 1), np.diff(values.indptr))
    return scaled


def _directions(sums: Floats, _counts: Doubles) -> tuple[Floats, Floats]:
    lengths = np.sqrt(np.vecdot(sums, sums))
    return sums / np.where(lengths > 0, lengths, 1)[:, None], np.zeros(len(sums), sums.dtype)


def _means(sums: Floats, counts: Doubles) -> tuple[Floats, Floats]:
    centres = sums / np.maximum(counts, 1e-12)[:, None].astype(sums.dtype)
    return centres, -np.vecdot(centres, centres) / 2


DIRECTION = Likeness(_unit, _directions, lambda squares, _counts: np.sqrt(squares))
PLACE = Likeness(lambda values: values, _means, lambda squares, counts: squares / np.maximum(counts, 1e-12))
