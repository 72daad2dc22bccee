"""The patches of a picture in clusters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import InputError
from gmmseg.features.spec import Part
from gmmseg.files import Image
from gmmseg.mixture import Fit, Mixture
from gmmseg.patchwork.dictionary import Dictionary, dictionary_of
from gmmseg.patchwork.restoring import restored
from gmmseg.segmentation import Segmentation
from gmmseg.segmentation.soft import Shares


@dataclass(frozen=True, eq=False)
class Patches:
    """The patches of a picture in clusters, and each pixel in the cluster of the patch around it.

    Attributes
    ----------
    segmentation : Segmentation
        Labels, soft masks and all that a segmentation has; its segments are the clusters.
    noise : float or None
        The standard deviation of the picture's noise, in 255ths of full light, where the mixture was fitted to
        patches with such noise: no cluster varies less along any axis.
    missing : (h, w) bool or None
        Pixels that were filled in before.
    """

    segmentation: Segmentation
    noise: float | None = None
    missing: Flags | None = field(default=None, repr=False)

    @property
    def k(self) -> int:
        """Number of clusters."""
        return self.segmentation.k

    @property
    def labels(self) -> NDArray[np.int16]:
        """The cluster of the patch around each pixel : (h, w) int16, −1 where the picture has no valid pixel."""
        return self.segmentation.labels

    @property
    def mixture(self) -> Mixture:
        """The mixture of the patches, as they are: with the noise."""
        return self.segmentation.mixture

    @property
    def fit(self) -> Fit | None:
        """How the mixture came about."""
        history = self.segmentation.history
        return None if history is None else history.fit

    @property
    def part(self) -> Part:
        """The patches: their size, their stride, and whether they have colours."""
        return self.segmentation.model.spec.parts[0]

    @property
    def count(self) -> int:
        """How many patches there are."""
        return len(cast(Shares, self.segmentation.shares).features.rows)

    @cached_property
    def dictionary(self) -> Dictionary:
        """Mean and principal patches of each cluster."""
        return dictionary_of(self.mixture, self.part.size, self.noise or 0.0)

    @cached_property
    def restored(self) -> Image:
        """The picture without its noise, and with what was missing filled in; see `gmmseg.patchwork.restoring`."""
        if self.noise is None and self.missing is None:
            raise InputError(
                "expected patches with noise or missing pixels to restore a picture from; got neither; "
                'say noise="auto", or how much there is'
            )
        return restored(self.segmentation.image, self.noise or 0.0, size=self.part.size)

    def save(
        self, folder: str | PathLike[str], kinds: str | Iterable[str] | None = None, **options: Any
    ) -> tuple[Path, ...]:
        """Write outputs of several kinds into a folder; see `gmmseg.patchwork.saving.save`."""
        from gmmseg.patchwork import saving

        return saving.save(self, folder, kinds, **options)
