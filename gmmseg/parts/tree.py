"""A tree of regions: from hundreds of crumbs to the whole picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Floats
from gmmseg.files import MAX_PIXELS, Image
from gmmseg.segmentation import Segmentation


@dataclass(frozen=True, eq=False)
class RegionTree:
    """A picture's regions at every detail.

    Attributes
    ----------
    image : Image
        The picture as it was read; of a tree that was loaded, as it was seen.
    picture : (h, w, 3) uint8
        The picture in sRGB, as the eye should see it.
    crumbs : (h, w) int32
        The finest regions, numbered from 0 in reading order; −1 where the picture has no valid pixel.
    merges : (n − 1, 2) int32
        Of n crumbs: the two nodes that become node n + t. Crumbs are the nodes below n.
    heights : (n − 1,) float64
        How strong the border was that each merge took away, from 0 to 1, never falling. The usual cut keeps the borders
        above 0.5; a cut with detail d those above 1 − d.
    seconds : float
        What it took, without reading the file.
    seed : int
        What `regions` was given, to get the same again.
    """

    image: Image
    picture: NDArray[np.uint8] = field(repr=False)
    crumbs: NDArray[np.int32] = field(repr=False)
    merges: NDArray[np.int32] = field(repr=False)
    heights: Doubles = field(repr=False)
    seconds: float
    seed: int = 0

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.crumbs.shape[0])

    @property
    def width(self) -> int:
        """Pixels in a row."""
        return int(self.crumbs.shape[1])

    def labels(self, detail: float | None = None, count: int | None = None) -> NDArray[Any]:
        """The regions of one cut : (h, w) int16, or int32 where they are many; −1 left out.

        Numbered from 0 in the reading order of their first pixels. Those of less detail are made of those of more.

        Parameters
        ----------
        detail : float, optional
            From 0, one region, to 1, all crumbs: borders with a height above 1 − detail are kept. Heights count as
            `contours` has them, in 32 bits and above 0. Equal heights stay or go together. By default 0.5.
        count : int, optional
            In place of detail, how many regions: the last count − 1 merges are undone, of equal heights some.
        """
        from gmmseg.parts.cut import cut_of

        return cut_of(self, detail, count).labels

    def contours(self) -> Floats:
        """The ultrametric contour map : (h, w) float32, at which height each border goes.

        A pixel has the largest height at which it is still apart from its right or its lower neighbour; 0 within
        crumbs, and towards what was left out. So `contours() > 1 - d` is where `labels(detail=d)` differ from the right
        or the lower neighbour, for every d.
        """
        from gmmseg.parts.cutting import strengths_of
        from gmmseg.parts.ultrametric import contour_map

        return contour_map(self.crumbs, self.merges, strengths_of(self.heights))

    def segmentation(self, detail: float | None = None, count: int | None = None) -> Segmentation:
        """A cut with soft masks; arguments are those of `labels`."""
        from gmmseg.parts.cut import cut_of

        return cut_of(self, detail, count).segmentation

    def save(
        self,
        folder: str | PathLike[str],
        kinds: str | Iterable[str] | None = None,
        *,
        detail: float | None = None,
        count: int | None = None,
        **options: Any,
    ) -> tuple[Path, ...]:
        """Write outputs of a cut, and of the tree, into a folder; see `labels` and `gmmseg.parts.saving.save`."""
        from gmmseg.parts.cut import cut_of

        return cut_of(self, detail, count).save(folder, kinds, **options)

    @classmethod
    def load(cls, path: str | PathLike[str], *, max_pixels: int | None = MAX_PIXELS) -> RegionTree:
        """Read a tree that `save` wrote as the kind "tree"; larger ones than `max_pixels` are refused."""
        from gmmseg.parts.storage import load

        return load(path, max_pixels)
