"""The shares of one segment after the other, as planes, from bands that hold all segments at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats
from gmmseg.crew import Crew
from gmmseg.segmentation import Segmentation

_MEMORY = 1 << 28  # bytes of planes that are kept at a time; more segments than that take several passes
_BAND = 1 << 17  # pixels
_NUMBERS = 1 << 23  # in the shares of a band


def quantised_planes(seg: Segmentation, depth: int) -> Iterator[tuple[int, NDArray[Any]]]:
    """Number and soft mask : (h, w) uint8 or uint16 of each segment; the masks of a pixel sum to full exactly."""
    from gmmseg.outputs.quantising import quantised

    full = 2**depth - 1

    def fill(shares: Floats, first: int, low: int, planes: NDArray[Any]) -> None:
        quantised(shares, full, first, low, planes)

    return _planes(seg, np.dtype(np.uint8 if depth == 8 else np.uint16), fill)


def float_planes(seg: Segmentation) -> Iterator[tuple[int, NDArray[Any]]]:
    """Number and shares : (h, w) float32 of each segment."""

    def fill(shares: Floats, first: int, low: int, planes: NDArray[Any]) -> None:
        planes[:, first : first + len(shares)] = np.moveaxis(shares[..., low : low + len(planes)], 2, 0)

    return _planes(seg, np.dtype(np.float32), fill)


def _planes(
    seg: Segmentation, dtype: np.dtype[Any], fill: Callable[[Floats, int, int, NDArray[Any]], None]
) -> Iterator[tuple[int, NDArray[Any]]]:
    h, w = seg.labels.shape
    at_once = min(seg.k, max(1, _MEMORY // (h * w * dtype.itemsize)))
    rows = max(1, min(_BAND, _NUMBERS // seg.k) // w)
    for low in range(0, seg.k, at_once):
        planes = np.empty((min(at_once, seg.k - low), h, w), dtype)

        def work(begin: int, end: int, low: int = low, planes: NDArray[Any] = planes) -> None:
            for first in range(begin * rows, min(end * rows, h), rows):
                fill(seg.shares.band(first, min(first + rows, h)), first, low, planes)

        with Crew() as crew:
            crew.share(work, -(-h // rows))
        for i, plane in enumerate(planes):
            yield low + i, plane
