"""Boundary precision and recall against annotations (Martin, Fowlkes and Malik, PAMI 2004), as Berkeley counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arrays import Flags
from gmmseg.errors import InputError
from gmmseg.evaluate.contingency import numbered
from gmmseg.evaluate.correspondence import correspondence

TOLERANCE = 0.0075  # of the image's diagonal: 4.3 pixels on a photo of 481×321


@dataclass(frozen=True)
class BoundaryCounts:
    """Boundary pixels found and missed. Counts of several images are added, and the measures are those of the sum.

    Parameters
    ----------
    hits, drawn : int
        Boundary pixels of the segmentation that match some annotator's, and all of them.
    found, truth : int
        Boundary pixels of the annotators that are matched, and all of them, added up over annotators.
    """

    hits: int
    drawn: int
    found: int
    truth: int

    def __add__(self, other: BoundaryCounts) -> BoundaryCounts:
        return BoundaryCounts(
            self.hits + other.hits, self.drawn + other.drawn, self.found + other.found, self.truth + other.truth
        )

    @property
    def precision(self) -> float:
        """The share of our boundary pixels that an annotator drew too; 0 when there are none."""
        return self.hits / max(self.drawn, 1)

    @property
    def recall(self) -> float:
        """The share of the annotators' boundary pixels that we have too; 0 when there are none."""
        return self.found / max(self.truth, 1)

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall; 0 when either is."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both > 0 else 0.0


def region_boundaries(labels: ArrayLike) -> Flags:
    """The boundaries between regions, one pixel thin.

    Parameters
    ----------
    labels : (h, w) integers
        Pixels with a negative number together count as one region.

    Returns
    -------
    (h, w) bool
        Of the corners where four pixels meet, each that touches a crack between two regions marks the pixel above and
        to its left; the marks are then thinned (Guo and Hall 1989). That is how the boundaries in BSDS500 were made
        from its regions: the result is the same to the pixel.
    """
    from gmmseg.evaluate.thinning import thinned

    image = numbered(labels)
    right = np.zeros(image.shape, np.bool_)
    below = np.zeros(image.shape, np.bool_)
    right[:, :-1] = image[:, :-1] != image[:, 1:]
    below[:-1] = image[:-1] != image[1:]
    marks = right | below
    marks[:-1] |= right[1:]
    marks[:, :-1] |= below[:, 1:]
    return thinned(marks)


def boundary_counts(ours: Flags, truths: Sequence[Flags], *, tolerance: float = TOLERANCE) -> BoundaryCounts:
    """Match the boundaries of a segmentation with those of every annotator.

    Parameters
    ----------
    ours : (h, w) bool
        One-pixel boundaries, as `region_boundaries` makes them.
    truths : sequence of (h, w) bool
        Those of each annotator.
    tolerance : float
        How far apart two matched pixels may be, as a share of the image's diagonal.

    Returns
    -------
    BoundaryCounts
        A pixel of ours is a hit when it is matched with any annotator's; annotators' pixels are counted one annotator
        after the other. So an image without boundaries in `ours` or in `truths` has F = 0, even if both have none.
    """
    if not truths:
        raise InputError("expected at least one annotation to compare with; got none")
    if not 0 <= tolerance <= 1:
        raise InputError(f"expected a tolerance between 0 and 1, a share of the diagonal; got {tolerance}")
    distance = tolerance * float(np.hypot(*ours.shape))
    hit = np.zeros(ours.shape, np.bool_)
    found = 0
    for truth in truths:
        mine, theirs = correspondence(ours, truth, distance)
        hit |= mine
        found += int(np.count_nonzero(theirs))
    return BoundaryCounts(
        int(np.count_nonzero(hit)),
        int(np.count_nonzero(ours)),
        found,
        sum(int(np.count_nonzero(truth)) for truth in truths),
    )
