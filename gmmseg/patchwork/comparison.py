"""The patches of one picture in several numbers of clusters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from gmmseg.patchwork.clusters import Patches


@dataclass(frozen=True, eq=False)
class Comparison:
    """The patches of one picture, clustered several times.

    Attributes
    ----------
    several : tuple of Patches
        At least one, in the order in which they were asked for; no number of clusters twice.
    """

    several: tuple[Patches, ...]

    @property
    def ks(self) -> tuple[int, ...]:
        """The numbers of clusters."""
        return tuple(one.k for one in self.several)

    def save(
        self, folder: str | PathLike[str], kinds: str | Iterable[str] | None = None, **options: Any
    ) -> tuple[Path, ...]:
        """Write outputs of several kinds into a folder; see `gmmseg.patchwork.saving.save_several`."""
        from gmmseg.patchwork import saving

        return saving.save_several(self, folder, kinds, **options)
