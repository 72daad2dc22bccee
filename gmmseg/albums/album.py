"""A collection of pictures in clusters, softly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.albums.fitting import Choice
from gmmseg.albums.looking import Trouble
from gmmseg.albums.model import CollectionModel
from gmmseg.arrays import Doubles, Floats, Labels
from gmmseg.errors import InputError
from gmmseg.figures.palette import MOST, distinct_colors
from gmmseg.mixture import Fit, Mixture

if TYPE_CHECKING:
    from gmmseg.albums.placing import Placed, Progress


@dataclass(frozen=True, eq=False)
class History:
    """How a model came about.

    Attributes
    ----------
    fit : Fit
    curve : tuple of Choice
        The numbers of clusters tried; empty where k was given.
    notes : tuple of str
        What was decided on the way.
    seed : int
    """

    fit: Fit
    curve: tuple[Choice, ...]
    notes: tuple[str, ...]
    seed: int


@dataclass(frozen=True, eq=False)
class Collection:
    """Pictures in clusters, softly; n of them could be read.

    Attributes
    ----------
    files : tuple of Path
        What was read, in the order given; of what is no file, what it is called.
    rows : (n, d) float64
        What the mixture sees of each picture.
    model : CollectionModel
        What clustered them, and can cluster others.
    probabilities : (n, k) float32
        How much each picture belongs to each cluster, summing to one; the largest cluster comes first.
    means : (n, 3) float64
        The mean red, green and blue of each picture, in levels.
    failures : tuple of Trouble
        `path` and `reason` of each picture that could not be read.
    thumbnails : tuple of bytes
        Each picture as a small JPEG; see `thumbnail`.
    history : History or None
        How the model was fitted; None where it was applied.
    seconds : float
        What it took.
    """

    files: tuple[Path, ...]
    rows: Doubles = field(repr=False)
    model: CollectionModel
    probabilities: Floats = field(repr=False)
    means: Doubles = field(repr=False)
    failures: tuple[Trouble, ...] = ()
    thumbnails: tuple[bytes, ...] = field(default=(), repr=False)
    history: History | None = field(default=None, repr=False)
    seconds: float = 0.0

    @property
    def n(self) -> int:
        """Number of pictures."""
        return len(self.files)

    @property
    def k(self) -> int:
        """Number of clusters."""
        return self.mixture.k

    @property
    def mixture(self) -> Mixture:
        """The mixture of the rows."""
        return self.model.mixture

    @property
    def colors(self) -> NDArray[np.uint8]:
        """The mean colour of each cluster, sRGB : (k, 3)."""
        return self.model.colors

    @property
    def marks(self) -> NDArray[np.uint8]:
        """Colours by which the clusters can be told apart : (k, 3); more than 255 begin anew."""
        colors = distinct_colors(min(MOST, self.k))
        return colors[np.arange(self.k) % len(colors)]

    @cached_property
    def labels(self) -> Labels:
        """The most probable cluster of each picture : (n,)."""
        labels: Labels = self.probabilities.argmax(axis=1)
        return labels

    @cached_property
    def certainty(self) -> Floats:
        """The largest probability of each picture : (n,)."""
        certainty: Floats = self.probabilities.max(axis=1)
        return certainty

    @cached_property
    def shares(self) -> Doubles:
        """The share of these pictures that belongs to each cluster, counted softly : (k,)."""
        shares: Doubles = self.probabilities.mean(axis=0, dtype=np.float64)
        return shares

    @cached_property
    def counts(self) -> Labels:
        """How many pictures each cluster is the most probable one of : (k,)."""
        return np.bincount(self.labels, minlength=self.k)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was decided while the model was fitted."""
        return () if self.history is None else self.history.notes

    def thumbnail(self, picture: int) -> NDArray[np.uint8]:
        """A picture, small : (h, w, 3) uint8 sRGB."""
        if isinstance(picture, bool) or not isinstance(picture, int | np.integer) or not 0 <= picture < self.n:
            raise InputError(f"expected a picture from 0 to {self.n - 1}; got {picture!r}")
        from gmmseg.files import read

        return read(self.thumbnails[picture]).pixels

    def ranked(self, cluster: int) -> Labels:
        """The pictures of a cluster, the most certain first; among equals, to a thousandth, the most typical."""
        own = np.flatnonzero(self.labels == cluster)
        order = np.lexsort((-self._densities[own], -np.round(self.certainty[own].astype(np.float64), 3)))
        return own[order]

    @cached_property
    def _densities(self) -> Doubles:
        return self.mixture.log_density(self.rows)

    def table(self) -> list[dict[str, Any]]:
        """One record a picture: its file, cluster, certainty, and the probabilities of all clusters."""
        from gmmseg.albums.tables import pictures

        return pictures(self)

    def clusters(self) -> list[dict[str, Any]]:
        """One record a cluster: its number, share, count and mean colour."""
        from gmmseg.albums.tables import clusters

        return clusters(self)

    def save(
        self, folder: str | PathLike[str], kinds: str | Iterable[str] | None = None, *, command: str = ""
    ) -> tuple[Path, ...]:
        """Write outputs into a folder; see `gmmseg.albums.saving`."""
        from gmmseg.albums.saving import save

        return save(self, folder, kinds, command=command)

    def into(self, folder: str | PathLike[str], how: str = "copy", *, progress: Progress | None = None) -> Placed:
        """Copy or link the files into a folder for each cluster; see `gmmseg.albums.placing`."""
        from gmmseg.albums.placing import into

        return into(self, folder, how, progress=progress)
