"""A subject that was found, and cut out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags, Floats
from gmmseg.files import Image
from gmmseg.mixture import Mixture
from gmmseg.subjects.hints import Hints


@dataclass(frozen=True, eq=False)
class Cutout:
    """A photo's subject.

    Attributes
    ----------
    image : Image
        The picture as it was read.
    picture : (h, w, 3) uint8
        The picture in sRGB, as the eye should see it.
    alpha : (h, w) float32
        How much of each pixel is the subject, from 0 to 1; 0 outside of the box and where the picture has no valid
        pixel.
    hints : Hints
        What was said of where the subject is.
    subject, ground : tuple of Mixture
        The colours of both, in L*a*b*, by mixtures of several sizes.
    seconds : float
        What it took, without reading the file.
    """

    image: Image
    picture: NDArray[np.uint8] = field(repr=False)
    alpha: Floats = field(repr=False)
    hints: Hints = field(repr=False)
    subject: tuple[Mixture, ...] = field(repr=False)
    ground: tuple[Mixture, ...] = field(repr=False)
    seconds: float

    @property
    def mask(self) -> Flags:
        """Pixels that are more than half the subject's : (h, w) bool."""
        return np.asarray(self.alpha > 0.5)

    @property
    def box(self) -> tuple[int, int, int, int] | None:
        """The smallest box around the mask : x, y, width and height; None if nothing is in it."""
        mask = self.mask
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if rows.size == 0:
            return None
        x, y = int(columns[0]), int(rows[0])
        return x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y

    def save(
        self,
        folder: str | PathLike[str],
        kinds: str | Iterable[str] | None = None,
        *,
        stem: str | None = None,
        command: str = "",
    ) -> tuple[Path, ...]:
        """Write outputs of several kinds into a folder; see `gmmseg.subjects.saving.save`."""
        from gmmseg.subjects.saving import save

        return save(self, folder, kinds, stem=stem, command=command)
