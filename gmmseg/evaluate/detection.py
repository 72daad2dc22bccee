"""How well a foreground mask agrees with the truth, as CDnet 2014 measures it (Wang et al. 2014)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from math import isnan, nan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import InputError

VALUES = (0, 50, 85, 170, 255)  # of a truth: background, shadow, outside, unknown, foreground
_IGNORED, _STRANGE = 3, 4
_KINDS = np.full(256, _STRANGE, np.uint8)
_KINDS[list(VALUES)] = 0, 1, _IGNORED, _IGNORED, 2


@dataclass(frozen=True)
class Rates:
    """The measures of CDnet 2014; NaN where there is nothing to measure.

    Parameters
    ----------
    recall, precision, f : float
        Of the foreground: TP / (TP + FN), TP / (TP + FP), and their harmonic mean 2 TP / (2 TP + FP + FN).
    specificity, fpr : float
        Of the background: TN / (TN + FP), FP / (FP + TN).
    fnr : float
        FN / (TP + FN).
    pwc : float
        The percentage of wrong pixels, 0 to 100.
    shadow_fpr : float
        The share of shadow pixels taken for foreground.
    """

    recall: float
    specificity: float
    fpr: float
    fnr: float
    pwc: float
    precision: float
    f: float
    shadow_fpr: float


@dataclass(frozen=True)
class Detection:
    """Pixels by what they are and what they were taken for; those of several frames are added up.

    Parameters
    ----------
    tp, fp, fn, tn : int
        Foreground found, background taken for foreground, foreground missed, background left alone.
    shadow, shadow_fp : int
        Of the background, what lies in shadow, and what of that was taken for foreground.
    """

    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0
    shadow: int = 0
    shadow_fp: int = 0

    def __add__(self, other: Detection) -> Detection:
        return Detection(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def rates(self) -> Rates:
        """The measures of these counts.

        Without any foreground, recall and FNR are NaN; where nothing was taken for foreground, precision is. F is
        NaN only where both hold: foreground that was missed altogether has F 0.
        """
        tp, fp, fn, tn = self.tp, self.fp, self.fn, self.tn
        return Rates(
            recall=_share(tp, tp + fn),
            specificity=_share(tn, tn + fp),
            fpr=_share(fp, fp + tn),
            fnr=_share(fn, tp + fn),
            pwc=100 * _share(fn + fp, tp + fp + fn + tn),
            precision=_share(tp, tp + fp),
            f=_share(2 * tp, 2 * tp + fp + fn),
            shadow_fpr=_share(self.shadow_fp, self.shadow),
        )


def detection(mask: ArrayLike, truth: NDArray[np.uint8], inside: Flags | None = None) -> Detection:
    """Compare the mask of one frame with its truth.

    Parameters
    ----------
    mask : (h, w) bool
        True for foreground.
    truth : (h, w) uint8
        255 foreground, 0 background, 50 shadow, which is background; 85 (outside) and 170 (unknown) are not counted.
    inside : (h, w) bool, optional
        Where pixels are counted; everywhere if left out.

    Returns
    -------
    Detection
    """
    found = np.asarray(mask)
    if found.dtype != np.bool_ or found.shape != truth.shape:
        raise InputError(f"expected a mask {truth.shape} of bool, as the truth; got {found.shape} of {found.dtype}")
    counts = np.bincount((2 * kinds_of(truth, inside) + found).ravel(), minlength=8).tolist()
    background, background_fp, shadow, shadow_fp, missed, hit = counts[:6]
    return Detection(hit, background_fp + shadow_fp, missed, background + shadow, shadow + shadow_fp, shadow_fp)


def kinds_of(truth: NDArray[np.uint8], inside: Flags | None = None) -> NDArray[np.uint8]:
    """What each pixel is : (h, w) uint8, 0 background, 1 shadow, 2 foreground, 3 not counted."""
    if truth.dtype != np.uint8 or (inside is not None and (inside.shape != truth.shape or inside.dtype != np.bool_)):
        raise InputError(
            f"expected a truth of uint8 and an inside of bool, of one shape; got {truth.dtype} {truth.shape}"
            + ("" if inside is None else f" and {inside.dtype} {inside.shape}")
        )
    kinds = _KINDS[truth]
    if (kinds == _STRANGE).any():
        raise InputError(
            f"expected a truth of 0, 50, 85, 170 and 255; got {sorted(set(truth[kinds == _STRANGE].tolist()))[:4]}"
        )
    if inside is not None:
        kinds[~inside] = _IGNORED
    return kinds


def mean_rates(of: Sequence[Rates]) -> Rates:
    """The mean of each measure over those for which it is a number; NaN if it is one for none."""
    columns = zip(*map(astuple, of), strict=True)
    known = [[value for value in column if not isnan(value)] for column in columns]
    return Rates(*(sum(values) / len(values) if values else nan for values in known))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else nan
