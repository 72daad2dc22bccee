"""How well a heat map finds what is odd: the area under the ROC curve, and under that of per-region overlap.

AUPRO is as MVTec AD measures it (Bergmann et al. 2021): every region of the truth counts alike, however large, over
false positive rates from 0 to 0.3, and is normalised to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arguments import is_number
from gmmseg.arrays import Doubles, Flags
from gmmseg.errors import InputError

LIMIT = 0.3


def roc_auc(scores: Any, truths: Any) -> float:
    """The probability that an odd pixel scores higher than a normal one; ties count half.

    Parameters
    ----------
    scores : (h, w) floating, or a sequence of such
        Pixels of NaN are not counted.
    truths : (h, w) bool, or a sequence of such
        Where something is odd.
    """
    values, numbers, _ = _pooled(scores, truths)
    odd = numbers > 0
    total, normal = int(odd.sum()), int((~odd).sum())
    if total == 0 or normal == 0:
        raise InputError(f"expected odd and normal pixels; got {total} and {normal}")
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    _, first, counts = np.unique(ordered, return_index=True, return_counts=True)
    ranks = np.repeat(first + (counts + 1) / 2, counts)
    return float((ranks[odd[order]].sum() - total * (total + 1) / 2) / total / normal)


def aupro(scores: Any, truths: Any, *, limit: float = LIMIT) -> float:
    """The mean share of the truth's regions that is found, over false positive rates from 0 to `limit`.

    Parameters
    ----------
    scores, truths
        As for `roc_auc`; the pixels of all pictures are ranked together. Regions are 8-connected.
    limit : float
        1 for the whole curve.
    """
    if not is_number(limit) or not 0 < limit <= 1:
        raise InputError(f"expected a limit above 0, up to 1; got {limit!r}")
    values, numbers, regions = _pooled(scores, truths)
    sizes = np.bincount(numbers, minlength=regions + 1).astype(np.float64)
    found = sizes[1:] > 0  # a region may lie where nothing is counted
    if not found.any() or sizes[0] == 0:
        raise InputError(f"expected odd regions and normal pixels; got {int(found.sum())} and {int(sizes[0])}")
    share = np.zeros(regions + 1)
    share[1:][found] = 1 / sizes[1:][found] / int(found.sum())
    order = np.argsort(-values, kind="stable")
    ranked = numbers[order]
    last = np.append(np.flatnonzero(np.diff(values[order])), values.size - 1)  # of equal scores, all or none
    rates = np.append(0, np.cumsum(ranked == 0)[last] / sizes[0])
    overlap = np.append(0, np.cumsum(share[ranked])[last])
    return _area(rates, overlap, float(limit)) / float(limit)


def _area(x: Doubles, y: Doubles, limit: float) -> float:
    """Under the curve from 0 to limit."""
    inside = int(np.searchsorted(x, limit, side="right"))
    if inside < x.size:
        y = np.append(y[:inside], np.interp(limit, x[inside - 1 : inside + 1], y[inside - 1 : inside + 1]))
        x = np.append(x[:inside], limit)
    return float(np.trapezoid(y, x))


def _pooled(scores: Any, truths: Any) -> tuple[Doubles, NDArray[np.int64], int]:
    """Scores and the region of each counted pixel, from 1, 0 of normal ones; and how many regions there are."""
    from gmmseg.video.blobs import blobs_of

    values, numbers, count = [], [], 0
    for score, truth in zip(_listed(scores), _listed(truths), strict=True):
        _require_alike(score, truth)
        blobs = blobs_of(truth)
        own = blobs.labels().astype(np.int64) + 1
        own[own > 0] += count
        count += len(blobs)
        counted = ~np.isnan(score)
        values.append(score[counted].astype(np.float64))
        numbers.append(own[counted])
    return np.concatenate(values), np.concatenate(numbers), count


def _listed(given: Any) -> Sequence[NDArray[Any]]:
    several = [given] if isinstance(given, np.ndarray) else [np.asarray(one) for one in given]
    if not several:
        raise InputError("expected at least one picture; got none")
    return several


def _require_alike(score: NDArray[Any], truth: NDArray[Any] | Flags) -> None:
    if truth.dtype != np.bool_ or truth.ndim != 2 or score.shape != truth.shape or score.dtype.kind not in "fiu":
        raise InputError(
            f"expected scores and a truth of bool, both (h, w); got {score.dtype} {score.shape} and "
            f"{truth.dtype} {truth.shape}"
        )
