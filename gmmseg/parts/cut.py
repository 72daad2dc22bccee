"""A tree cut at one detail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.compiled import compiled
from gmmseg.files import Image
from gmmseg.parts.cutting import USUAL, detail_of, merges_taken, names_of, strengths_of
from gmmseg.parts.tree import RegionTree
from gmmseg.segmentation import Segmentation
from gmmseg.segmentation.pieces import labelled


@dataclass(frozen=True, eq=False)
class Cut:
    """The regions of a tree at one detail; what it is called and has is what outputs ask of a `Segmentation`.

    Attributes
    ----------
    tree : RegionTree
    labels : (h, w) int16 or int32
        The region of each pixel, from 0 in reading order; −1 where left out.
    k : int
        Number of regions.
    detail : float or None
        What makes this cut; None where no detail does.
    """

    tree: RegionTree
    labels: NDArray[Any] = field(repr=False)
    k: int
    detail: float | None

    @property
    def image(self) -> Image:
        """The picture as it was read."""
        return self.tree.image

    @property
    def picture(self) -> NDArray[np.uint8]:
        """The picture in sRGB : (h, w, 3) uint8."""
        return self.tree.picture

    @property
    def regions(self) -> NDArray[Any]:
        """The regions once more: there are no other parts."""
        return self.labels

    @cached_property
    def colors(self) -> NDArray[np.uint8]:
        """The mean colour of each region, sRGB : (k, 3)."""
        totals = np.zeros((self.k, 4), np.int64)
        _added(self.labels, self.picture, totals)
        return np.asarray(np.rint(totals[:, :3] / totals[:, 3:]), np.uint8)

    @cached_property
    def segmentation(self) -> Segmentation:
        """The regions with soft masks."""
        from gmmseg.parts.softness.segmenting import segmentation_of

        made = {"detail": self.detail, "regions": self.k, "crumbs": len(self.tree.merges) + 1}
        return segmentation_of(self.tree, self.labels, made)

    def save(
        self, folder: str | PathLike[str], kinds: str | Iterable[str] | None = None, **options: Any
    ) -> tuple[Path, ...]:
        """Write outputs of several kinds into a folder; see `gmmseg.parts.saving.save`."""
        from gmmseg.parts import saving

        return saving.save(self, folder, kinds, **options)


def cut_of(tree: RegionTree, detail: float | None = None, count: int | None = None) -> Cut:
    """The cut of this detail, 0.5 if none is given, or of so many regions; see `RegionTree.labels`."""
    strengths = strengths_of(tree.heights)
    taken = merges_taken(strengths, detail, count)
    labels = labelled(tree.crumbs, names_of(tree.merges, taken))
    if count is not None:
        detail = detail_of(strengths, taken)
    elif detail is None:
        detail = USUAL
    return Cut(tree, labels, len(strengths) + 1 - taken, detail)


@compiled
def _added(labels: Any, picture: Any, totals: Any) -> None:
    for y in range(labels.shape[0]):
        for x in range(labels.shape[1]):
            c = labels[y, x]
            if c >= 0:
                totals[c, 0] += picture[y, x, 0]
                totals[c, 1] += picture[y, x, 1]
                totals[c, 2] += picture[y, x, 2]
                totals[c, 3] += 1
