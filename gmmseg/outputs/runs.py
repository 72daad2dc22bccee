"""Masks as run lengths in COCO's compressed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags

_GROUPS = 13  # of five bits, which hold all of 64


@dataclass(frozen=True, eq=False)
class Runs:
    """Stretches of equal labels, down one column after the other.

    Attributes
    ----------
    starts : (n + 1,) int64
        Where each begins, and the number of pixels.
    owners : (n,)
        Its label.
    """

    starts: NDArray[np.int64]
    owners: NDArray[np.integer[Any]]

    def counts(self, label: int) -> NDArray[np.int64]:
        """Lengths of what is not and what is this label, by turns, beginning with what is not."""
        mine = np.flatnonzero(self.owners == label)
        edges = np.stack([self.starts[mine], self.starts[mine + 1]], axis=1).ravel()
        counts = np.diff(np.concatenate([[0], edges, self.starts[-1:]]))
        return counts if counts[-1] or len(counts) == 1 else counts[:-1]


def runs_of(labels: NDArray[np.integer[Any]]) -> Runs:
    """The runs of a label image : (h, w)."""
    flat = np.ascontiguousarray(labels.T).ravel()
    starts = np.concatenate([[0], np.flatnonzero(flat[1:] != flat[:-1]) + 1, [flat.size]])
    return Runs(starts, flat[starts[:-1]])


def compressed(counts: NDArray[np.int64]) -> str:
    """Run lengths as COCO writes them.

    From the fourth on they are differences from the one before the last. Each is cut into groups of five bits, the
    lowest first, the highest with the sign; a sixth bit says that more groups follow, and 48 is added to make letters.
    """
    rest = counts.copy()
    rest[3:] -= counts[1:-2]
    letters = np.empty((rest.size, _GROUPS), np.uint8)
    used: Flags = np.zeros(letters.shape, np.bool_)
    alive: Flags = np.ones(rest.size, np.bool_)
    for group in range(_GROUPS):
        low = rest & 31
        rest = rest >> 5
        more = np.where(low & 16, rest != -1, rest != 0)
        letters[:, group] = low + 32 * more + 48
        used[:, group] = alive
        alive &= more
        if not alive.any():
            break
    return letters[used].tobytes().decode("ascii")
