"""A picture in segments, softly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats
from gmmseg.errors import InputError
from gmmseg.files import Image
from gmmseg.mixture import Mixture
from gmmseg.segmentation.fitting import History
from gmmseg.segmentation.measures import Measures, measured
from gmmseg.segmentation.model import Model
from gmmseg.segmentation.origin import Origin
from gmmseg.segmentation.pieces import Pieces, pieces_of
from gmmseg.segmentation.regions import regions_of
from gmmseg.segmentation.sharing import Sharing


@dataclass(frozen=True, eq=False)
class Segmentation:
    """A picture's segments, softly.

    Attributes
    ----------
    image : Image
        The picture as it was read.
    model : Model
        What segmented it, and can segment others.
    labels : (h, w) int16
        The segment of each pixel, in the order of the model; −1 where the picture has no valid pixel. It is the
        one of the largest probability, but in crumbs, which take the label around them.
    certainty : (h, w) float32
        The largest probability of each pixel.
    shares : Sharing
        Where soft masks come from, whole by `probabilities` and `mask`, or band by band by `shares.bands()`.
    picture : (h, w, 3) uint8
        The picture in sRGB, as the eye should see it.
    seconds : float
        What it took, without reading the file.
    history : History or None
        How the model was fitted; None where it was applied.
    origin : Origin or None
        What else made the segments, where no model did.
    """

    image: Image
    model: Model
    labels: NDArray[np.int16] = field(repr=False)
    certainty: Floats = field(repr=False)
    shares: Sharing = field(repr=False)
    picture: NDArray[np.uint8] = field(repr=False)
    seconds: float
    history: History | None = field(default=None, repr=False)
    origin: Origin | None = field(default=None, repr=False)

    @property
    def noun(self) -> str:
        """What people call a segment."""
        return "segment" if self.origin is None else self.origin.noun

    @property
    def k(self) -> int:
        """Number of segments."""
        return self.mixture.k

    @property
    def mixture(self) -> Mixture:
        """The mixture of the features."""
        return self.model.mixture

    @property
    def colors(self) -> NDArray[np.uint8]:
        """The mean colour of each segment, sRGB : (k, 3)."""
        return self.model.colors

    @cached_property
    def probabilities(self) -> Floats:
        """How much each pixel belongs to each segment : (h, w, k) float32, summing to one; 0 where left out."""
        whole = np.empty((*self.labels.shape, self.k), np.float32)
        for first, last, shares in self.shares.bands():
            whole[first:last] = shares
        whole.flags.writeable = False
        return whole

    def mask(self, segment: int) -> Floats:
        """The soft mask of one segment : (h, w) float32 from 0 to 1."""
        if isinstance(segment, bool) or not isinstance(segment, int | np.integer) or not 0 <= segment < self.k:
            raise InputError(f"expected a segment from 0 to {self.k - 1}; got {segment!r}")
        plane = np.empty(self.labels.shape, np.float32)
        for first, last, shares in self.shares.bands():
            plane[first:last] = shares[..., segment]
        return plane

    @cached_property
    def uncertainty(self) -> Floats:
        """Entropy of the probabilities of each pixel : (h, w) float32, from 0 (sure) to 1 (all alike); NaN left out."""
        plane = np.empty(self.labels.shape, np.float32)
        scale = np.float32(1 / np.log(max(2, self.k)))
        for first, last, shares in self.shares.bands():
            plane[first:last] = -scale * np.sum(shares * np.log(np.maximum(shares, np.float32(1e-30))), axis=2)
        plane[~self.image.valid] = np.nan
        return plane

    @cached_property
    def regions(self) -> Pieces:
        """The connected parts of the picture : (h, w) int32 from 0, −1 left out; see `gmmseg.segmentation.regions`."""
        if self.origin is not None:
            return pieces_of(self.labels)[0]
        return regions_of(self.labels, self.picture, self.model.space.join)

    @cached_property
    def measures(self) -> Measures:
        """Area, colour, place and certainty of each segment."""
        return measured(self.labels, self.picture, self.certainty, self.k)

    def table(self) -> list[dict[str, Any]]:
        """One record a segment: its number, area, share, colours, covariance, certainty, box and centroid."""
        from gmmseg.segmentation.table import records

        return records(self)

    def save(
        self, folder: str | PathLike[str], kinds: str | Iterable[str] | None = None, **options: Any
    ) -> tuple[Path, ...]:
        """Write outputs of several kinds into a folder; see `gmmseg.outputs.save`."""
        from gmmseg import outputs

        return outputs.save(self, folder, kinds, **options)
