"""The things in a mask: its connected blobs, with their boxes.

Runs of pixels are joined rather than pixels (He, Chao and Suzuki 2008), so that an empty stretch costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Flags
from gmmseg.compiled import compiled
from gmmseg.errors import InputError


@dataclass(frozen=True, eq=False)
class Blobs:
    """The 8-connected blobs of a mask, in the reading order of their first pixels.

    Attributes
    ----------
    mask : (h, w) bool
        All of them together.
    runs : (r, 4) int32
        Row, first column, the column behind the last, and the blob, of every stretch of pixels, in reading order.
    boxes : (n, 4) int32
        x, y, width and height.
    areas : (n,) int64
        In pixels.
    centroids : (n, 2) float64
        x and y; the middle of a blob of one pixel is that pixel.
    probability : (n,) float64
        Its mean; 1 where none was given.
    """

    mask: Flags
    runs: NDArray[np.int32]
    boxes: NDArray[np.int32]
    areas: NDArray[np.int64]
    centroids: Doubles
    probability: Doubles

    def __len__(self) -> int:
        return len(self.areas)

    def labels(self) -> NDArray[np.int32]:
        """The blob of each pixel, −1 where there is none : (h, w)."""
        labels = np.full(self.mask.shape, -1, np.int32)
        _painted(self.runs, labels)
        return labels

    def add_to(self, counts: NDArray[np.uint32]) -> None:
        """Count one more at every pixel of the mask : (h, w) uint32."""
        _counted(self.runs, counts)


def blobs_of(mask: NDArray[np.bool_], probability: NDArray[np.float32] | None = None, *, min_area: int = 0) -> Blobs:
    """The blobs of a mask.

    Parameters
    ----------
    mask : (h, w) bool
        It is not changed.
    probability : (h, w) float32, optional
    min_area : int
        Smaller blobs are left out, of the mask too.
    """
    if mask.dtype != np.bool_ or mask.ndim != 2:
        raise InputError(f"expected a mask (h, w) of bool; got {mask.dtype} {mask.shape}")
    if probability is not None and probability.shape != mask.shape:
        raise InputError(f"expected probability of shape {mask.shape}, as the mask; got {probability.shape}")
    given = np.ascontiguousarray(mask)
    # The words of eight pixels tell the kernel where there is nothing to see.
    flat = given.view(np.uint8).ravel()
    words = flat[: flat.size // 8 * 8].view(np.uint64)
    runs, starts = _runs(flat, words, given.shape[0], given.shape[1])
    count = _joined(runs, starts)
    likely = np.empty((0, 0), np.float32) if probability is None else np.ascontiguousarray(probability, np.float32)
    corners, areas, sums, likelihood = _measured(runs, count, likely)
    if count and int(areas.min()) < min_area:
        kept = areas >= min_area
        names = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
        given = given.copy()
        runs = _left(runs, names, given)
        corners, areas, sums, likelihood = corners[kept], areas[kept], sums[kept], likelihood[kept]
    boxes = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1).astype(np.int32)
    sizes = np.maximum(areas, 1)
    return Blobs(given, runs, boxes, areas, sums / sizes[:, None], likelihood / sizes)


@compiled
def _runs(flat: Any, words: Any, height: Any, width: Any) -> Any:
    """Row, first column and column behind the last of all runs, and where the runs of each row begin."""
    runs = np.empty((1024, 4), np.int32)
    starts = np.empty(height + 1, np.int64)
    n = 0
    for y in range(height):
        starts[y] = n
        i, end = y * width, (y + 1) * width
        while i < end:
            if flat[i] == 0:
                i += 1
                if i & 7 == 0:
                    word, last = i >> 3, end >> 3
                    while word < last and words[word] == 0:
                        word += 1
                    i = word << 3
                continue
            begin = i
            while i < end and flat[i] != 0:
                i += 1
            if n == len(runs):
                more = np.empty((2 * n, 4), np.int32)
                more[:n] = runs
                runs = more
            runs[n, 0] = y
            runs[n, 1] = begin - y * width
            runs[n, 2] = i - y * width
            runs[n, 3] = n
            n += 1
    starts[height] = n
    return runs[:n].copy(), starts


@compiled
def _first(runs: Any, i: Any) -> Any:
    """The first run of the tree that a run is in; the way there is halved."""
    while runs[i, 3] != i:
        runs[i, 3] = runs[runs[i, 3], 3]
        i = runs[i, 3]
    return i


@compiled
def _joined(runs: Any, starts: Any) -> Any:
    """Number the blobs in the last column, which is a union–find forest until then; how many there are."""
    for y in range(1, len(starts) - 1):
        above, here = starts[y - 1], starts[y]
        while above < starts[y] and here < starts[y + 1]:
            # Ends are exclusive, so equal columns touch at a corner.
            if runs[above, 1] <= runs[here, 2] and runs[here, 1] <= runs[above, 2]:
                a, b = _first(runs, above), _first(runs, here)
                runs[max(a, b), 3] = min(a, b)
            if runs[above, 2] < runs[here, 2]:
                above += 1
            else:
                here += 1
    count = 0
    # A tree's root is its first run; what comes later finds its number there.
    for i in range(len(runs)):
        if runs[i, 3] == i:
            runs[i, 3] = count
            count += 1
        else:
            runs[i, 3] = runs[runs[i, 3], 3]
    return count


@compiled
def _measured(runs: Any, count: Any, probability: Any) -> Any:
    corners = np.empty((count, 4), np.int64)
    corners[:, :2] = 2**31 - 1
    corners[:, 2:] = 0
    areas = np.zeros(count, np.int64)
    sums = np.zeros((count, 2))
    likelihood = np.zeros(count)
    for i in range(len(runs)):
        y, begin, end, blob = np.int64(runs[i, 0]), np.int64(runs[i, 1]), np.int64(runs[i, 2]), runs[i, 3]
        length = end - begin
        corners[blob, 0] = min(corners[blob, 0], begin)
        corners[blob, 1] = min(corners[blob, 1], y)
        corners[blob, 2] = max(corners[blob, 2], end)
        corners[blob, 3] = max(corners[blob, 3], y + 1)
        areas[blob] += length
        sums[blob, 0] += length * (begin + end - 1) / 2
        sums[blob, 1] += length * y
        if probability.size == 0:
            likelihood[blob] += length
        else:
            total = 0.0
            for x in range(begin, end):
                total += probability[y, x]
            likelihood[blob] += total
    return corners, areas, sums, likelihood


@compiled
def _left(runs: Any, names: Any, mask: Any) -> Any:
    """The runs of the blobs that have a name, under it; the others are wiped out of the mask."""
    left = np.empty_like(runs)
    n = 0
    for i in range(len(runs)):
        name = names[runs[i, 3]]
        if name < 0:
            mask[runs[i, 0], runs[i, 1] : runs[i, 2]] = False
        else:
            left[n] = runs[i]
            left[n, 3] = name
            n += 1
    return left[:n].copy()


@compiled
def _painted(runs: Any, labels: Any) -> None:
    for i in range(len(runs)):
        labels[runs[i, 0], runs[i, 1] : runs[i, 2]] = runs[i, 3]


@compiled
def _counted(runs: Any, counts: Any) -> None:
    for i in range(len(runs)):
        y = runs[i, 0]
        for x in range(runs[i, 1], runs[i, 2]):
            counts[y, x] += 1
