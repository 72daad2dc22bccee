"""The contingency table of two label images: how many pixels each pair of regions shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arrays import Doubles, Labels
from gmmseg.errors import InputError


@dataclass(frozen=True, eq=False)
class Contingency:
    """Every pair of regions that share a pixel, once.

    Most pairs share none, so the table is kept as a list of its cells that are not empty.

    Parameters
    ----------
    rows, columns : (m,) int64
        The region in the first and in the second image.
    counts : (m,) float64
        The pixels they share.
    row_sums, column_sums : (p,) and (q,) float64
        The pixels of every region; zero for a number that no pixel has.
    """

    rows: Labels
    columns: Labels
    counts: Doubles
    row_sums: Doubles
    column_sums: Doubles

    @property
    def total(self) -> float:
        """The number of pixels."""
        return float(self.counts.sum())


def contingency(first: ArrayLike, second: ArrayLike) -> Contingency:
    """Count the pixels that each pair of regions shares.

    Parameters
    ----------
    first, second : (h, w) integers
        Region numbers. Pixels with a negative number in either image are left out, as if the images did not have them.

    Returns
    -------
    Contingency
    """
    return tabulated(numbered(first, "the first labels"), numbered(second, "the second labels"))


def numbered(labels: ArrayLike, name: str = "labels") -> Labels:
    """The label image (h, w) int64, checked: −1 for every pixel left out, and no number far above the pixels' count."""
    image = np.asarray(labels)
    if image.dtype.kind not in "biu":
        raise InputError(
            f"expected {name} of whole numbers; got {image.dtype}; give each pixel the number of its region"
        )
    if image.ndim != 2 or image.size == 0:
        raise InputError(f"expected {name} of shape (h, w) with pixels; got shape {image.shape}")
    if image.max() < max(image.size, 1 << 12):
        return np.maximum(image.astype(np.intp, copy=False), -1)
    inside = image >= 0
    small = np.full(image.shape, -1, np.intp)
    small[inside] = np.unique(image[inside], return_inverse=True)[1]
    return small


def tabulated(first: Labels, second: Labels) -> Contingency:
    """The table of two images as `numbered` gives them."""
    if first.shape != second.shape:
        raise InputError(
            f"expected two label images of one shape; got {first.shape} and {second.shape}; "
            "resize with nearest neighbours, or turn one"
        )
    a, b = first.ravel(), second.ravel()
    if a.min() < 0 or b.min() < 0:
        both = (a >= 0) & (b >= 0)
        a, b = a[both], b[both]
        if a.size == 0:
            raise InputError(
                "expected pixels that are labelled in both images; got none: every pixel is negative in one"
            )
    height, width = int(a.max()) + 1, int(b.max()) + 1
    codes = a * width + b
    # Counting into a full table beats sorting as long as the table is not much larger than the image.
    if height * width <= max(4 * codes.size, 1 << 16):
        table = np.bincount(codes, minlength=height * width)
        cells = np.flatnonzero(table)
        counts = table[cells].astype(np.float64)
    else:
        cells, numbers = np.unique(codes, return_counts=True)
        counts = numbers.astype(np.float64)
    rows, columns = np.divmod(cells, width)
    return Contingency(
        rows,
        columns,
        counts,
        _sums(rows, counts),
        _sums(columns, counts),
    )


def _sums(regions: Labels, counts: Doubles) -> Doubles:
    """The pixels of every region : (largest number + 1,) float64."""
    return np.bincount(regions, counts).astype(np.float64, copy=False)
