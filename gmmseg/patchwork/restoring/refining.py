"""The second estimate: each patch by its posterior mean among the patches that are most like it.

What is alike is found in a first estimate of the picture, which noise disturbs little. A group of some thirty patches
is a Gaussian whose mean and covariance are those of the first estimates, and its noisy patches get their posterior
means (the second step of Lebrun, Buades and Morel 2013). Thousands of such groups are a mixture of narrow components
that each patch belongs to one of, but fitted in no time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats
from gmmseg.crew import Crew
from gmmseg.patchwork.restoring.groups import groups_of
from gmmseg.patchwork.restoring.overlapping import cut, put_back
from gmmseg.patchwork.restoring.posterior import FLOOR
from gmmseg.patchwork.restoring.scatter import scatter
from gmmseg.patchwork.restoring.tiles import by_tiles

Places = NDArray[np.intp]

MOST = 40  # patches in a group; in fact 20 to 40
_AXES = 16  # principal axes of the patches along which likeness is judged
_LEVEL = 0.5  # weight of the mean level against the pattern
_PLACE = 0.2  # grey levels of the noise's deviation that one pixel of distance is worth
_BATCH = 64  # groups that are solved together, which keeps them in the cache


def refined(planes: Floats, pilot: Floats, noise: float, size: int, crew: Crew) -> Floats:
    """Noisy planes (h, w, c), restored with the help of an estimate; the first plane says which patches are alike."""
    h, w, c = planes.shape

    def work(down: slice, across: slice) -> tuple[Floats, Floats]:
        sums = np.empty((down.stop - down.start, across.stop - across.start, c), np.float32)
        weights = np.empty_like(sums)
        width = across.stop - across.start - size + 1
        groups: Places | None = None
        for plane in range(c):
            known = cut(pilot[down, across, plane], size)
            if groups is None:
                groups = groups_of(points_of(known, width, noise, size), MOST)
            rows, left = _filtered(cut(planes[down, across, plane], size), known, groups, noise)
            sums[..., plane], weights[..., plane] = put_back(rows, 1 / (left + FLOOR), sums.shape[:2], size)
        return sums, weights

    return by_tiles((h, w, c), size, work, crew)


def points_of(patches: Floats, width: int, noise: float, size: int) -> Floats:
    """What likeness is judged by : (n, f): pattern, mean level, and place."""
    level = patches.mean(axis=1, keepdims=True)
    pattern = patches - level
    axes = np.linalg.eigh(scatter(pattern))[1][:, : -_AXES - 1 : -1]
    place = np.stack(np.divmod(np.arange(len(patches)), width), axis=1)
    return np.concatenate(
        [pattern @ axes, level * np.float32(_LEVEL * size), place.astype(np.float32) * np.float32(_PLACE * noise)],
        axis=1,
    )


def _filtered(noisy: Floats, known: Floats, groups: Places, noise: float) -> tuple[Floats, Floats]:
    """Posterior means of noisy patches (n, d) in their groups, and the share of noise left in each : (n,)."""
    found, left = np.empty_like(noisy), np.empty(len(noisy), np.float32)
    d = noisy.shape[1]
    identity = np.eye(d, dtype=np.float32)
    variance = np.float32(noise**2)
    for first in range(0, len(groups), _BATCH):
        own = groups[first : first + _BATCH]
        mean = known[own].mean(axis=1, keepdims=True)
        centred = known[own] - mean
        covariance = scatter(centred) / np.float32(own.shape[1])
        # Σ (Σ + σ²I)⁻¹ = I − σ² (Σ + σ²I)⁻¹
        gain = identity - variance * np.linalg.inv(covariance + variance * identity)
        found[own] = np.matmul(noisy[own] - mean, gain) + mean
        left[own] = np.trace(gain, axis1=1, axis2=2)[:, None] / np.float32(d)
    return found, left
