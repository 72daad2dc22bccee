"""Soft masks of regions: each pixel its own region's alone, but near borders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats
from gmmseg.bands import by_bands
from gmmseg.parts.softness.depth import depths
from gmmseg.parts.softness.gaussians import gaussians_of
from gmmseg.parts.softness.lattice import lattice_of
from gmmseg.parts.softness.linear import functions_of
from gmmseg.parts.softness.mixing import mixed
from gmmseg.parts.softness.spreading import largest, spread

_NUMBERS = 1 << 23  # in a band that is handed out, about


@dataclass(frozen=True, eq=False)
class RegionShares:
    """How much each pixel belongs to each region.

    Attributes
    ----------
    picture : (h, w, 3) uint8
    labels : (h, w) int16
        The region of each pixel, −1 where left out.
    k : int
        Number of regions.
    axes : tuple of str
        What the colours of the regions' Gaussians are measured in.
    names : (h', w') int32
        The regions on a lattice.
    index : (h', w') int32
    owners : (n, 4) int32
    functions : (n, 4, 4) float32
        Shares near borders as functions of colour; see `gmmseg.parts.softness.linear.functions_of`.
    """

    picture: NDArray[np.uint8] = field(repr=False)
    labels: NDArray[np.int16] = field(repr=False)
    k: int
    axes: tuple[str, ...]
    names: NDArray[np.int32] = field(repr=False)
    index: NDArray[np.int32] = field(repr=False)
    owners: NDArray[np.int32] = field(repr=False)
    functions: NDArray[np.float32] = field(repr=False)

    @classmethod
    def of(cls, picture: NDArray[np.uint8], labels: NDArray[np.int16], k: int, axes: tuple[str, ...]) -> RegionShares:
        """Worked out from a picture and its regions."""
        lattice = lattice_of(picture, labels)
        depth = depths(lattice.labels, lattice.reach)
        others, shares = mixed(lattice, depth, gaussians_of(lattice, depth))
        index, owners, functions = functions_of(lattice, depth, others, shares)
        return cls(picture, labels, k, axes, lattice.labels, index, owners, functions)

    def band(self, first: int, last: int) -> Floats:
        """The shares of the pixels of rows first to last : (last − first, w, k) float32, 0 where left out."""
        shares = np.zeros((last - first, self.labels.shape[1], self.k), np.float32)
        spread(self.picture, self.labels, self.names, self.index, self.owners, self.functions, first, last, shares)
        return shares

    def bands(self) -> Iterator[tuple[int, int, Floats]]:
        """All pixels, a band of rows at a time: its first and last row, and its shares."""
        h, w = self.labels.shape
        height = max(1, _NUMBERS // (w * self.k))
        for first in range(0, h, height):
            last = min(h, first + height)
            yield first, last, self.band(first, last)

    def largest(self) -> Floats:
        """The largest share of every pixel : (h, w) float32, 0 where left out."""
        h, w = self.labels.shape
        most = np.empty((h, w), np.float32)

        def read(first: int, last: int) -> None:
            largest(self.picture, self.labels, self.names, self.index, self.owners, self.functions, first, last, most)

        by_bands(h, w, read)
        return most
