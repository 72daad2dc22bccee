"""A tree of regions cut at many details at once, and what every cut is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmmseg.arrays import Doubles, Flags, Labels
from gmmseg.errors import InputError
from gmmseg.evaluate.agreement import Agreement
from gmmseg.evaluate.boundaries import BoundaryCounts, boundary_counts, region_boundaries
from gmmseg.evaluate.contingency import numbered, tabulated


class Tree(Protocol):
    """What is asked of a tree; `gmmseg.regions` gives such trees."""

    @property
    def crumbs(self) -> NDArray[np.integer[Any]]:
        """The finest regions : (h, w), from 0; negative where a pixel is left out."""

    @property
    def merges(self) -> NDArray[np.integer[Any]]:
        """Of n crumbs, the two nodes that become node n + t : (n − 1, 2)."""

    @property
    def heights(self) -> Doubles:
        """The border that each merge took away : (n − 1,), from 0 to 1, never falling."""

    @property
    def seconds(self) -> float:
        """What it took."""


@dataclass(frozen=True, eq=False)
class Cuts:
    """The different cuts among those at several details.

    Attributes
    ----------
    at : (d,) int64
        The row of each detail's cut in what follows.
    regions : (c,) int64
        How many regions each cut has.
    names : (c, n) int32
        The region of each crumb, from 0.
    """

    at: Labels
    regions: Labels
    names: NDArray[np.int32]


def cuts_of(tree: Tree, details: ArrayLike) -> Cuts:
    """Cut a tree: a cut with detail d keeps the borders above 1 − d.

    Parameters
    ----------
    tree : RegionTree
    details : (d,) floats from 0 to 1
    """
    from gmmseg.evaluate.cutting import named

    heights = np.asarray(tree.heights, np.float64)
    merges = np.asarray(tree.merges, np.int64).reshape(-1, 2)
    if len(merges) != len(heights) or np.any(np.diff(heights) < 0):
        raise InputError(f"expected a height for each merge, never falling; got {len(heights)} for {len(merges)}")
    done = np.searchsorted(heights, 1 - np.asarray(details, np.float64), side="right")
    different, at = np.unique(done, return_inverse=True)
    return Cuts(at.astype(np.intp), len(heights) + 1 - different.astype(np.intp), named(merges, different))


def cut_agreements(tree: Tree, cuts: Cuts, truths: Sequence[ArrayLike]) -> list[Agreement]:
    """What `agreement` says of every cut : one for each detail.

    The crumbs are tabulated against each annotation once; the regions of a cut are sums of that table's rows.
    """
    if not truths:
        raise InputError("expected at least one annotation to compare with; got none")
    from gmmseg.evaluate.cutting import judged

    crumbs = numbered(tree.crumbs, "the crumbs")
    measures = np.zeros((len(cuts.names), 3))
    for truth in truths:
        table = tabulated(crumbs, numbered(truth, "an annotation"))
        measures += judged(table.rows, table.columns, table.counts, table.column_sums, cuts.names, cuts.regions)
    return [Agreement(*map(float, row)) for row in measures[cuts.at] / len(truths)]


def cut_boundaries(tree: Tree, cuts: Cuts, drawn: Sequence[Flags]) -> list[BoundaryCounts]:
    """What `boundary_counts` says of every cut : one for each detail.

    The boundaries of a cut are those of the contour map above its threshold, thinned, as the benchmark has them.
    """
    crumbs = np.asarray(tree.crumbs)
    inside = crumbs >= 0
    counts = []
    for names in cuts.names:
        labels = np.where(inside, names[np.maximum(crumbs, 0)], -1)
        counts.append(boundary_counts(region_boundaries(labels), drawn))
    return [counts[i] for i in cuts.at]
