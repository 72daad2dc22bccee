"""What can be said of each segment in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Floats
from gmmseg.compiled import compiled
from gmmseg.crew import Crew

_ROWS = 64  # picture rows that are summed at a time


@dataclass(frozen=True, eq=False)
class Measures:
    """Sums over the pixels of each of k segments, as figures.

    Attributes
    ----------
    area : (k,) int64
        Pixels.
    colour : (k, 3) float64
        Mean of sRGB, 0 to 255; NaN where a segment has no pixel, as in the rest.
    covariance : (k, 3, 3) float64
        Of sRGB.
    centroid : (k, 2) float64
        Mean x and y.
    box : (k, 4) int64
        x, y, width and height of the least upright rectangle.
    certainty : (k,) float64
        Mean of the largest share at its pixels, which is the segment's own but in crumbs.
    """

    area: NDArray[np.int64]
    colour: Doubles
    covariance: Doubles
    centroid: Doubles
    box: NDArray[np.int64]
    certainty: Doubles


def measured(labels: NDArray[np.integer[Any]], picture: NDArray[np.uint8], certainty: Floats, k: int) -> Measures:
    """Measures of the segments 0 to k − 1 of a label image : (h, w), over picture : (h, w, 3) uint8 sRGB."""
    h, w = labels.shape
    parts = -(-h // _ROWS)
    sums = np.zeros((parts, k, 13))
    boxes = np.empty((parts, k, 4), np.int64)
    boxes[:] = [w, h, -1, -1]

    def work(begin: int, end: int) -> None:
        for part in range(begin, end):
            first = part * _ROWS
            _summed(labels, picture, certainty, first, min(h, first + _ROWS), sums[part], boxes[part])

    with Crew() as crew:
        crew.share(work, parts)
    total = sums.sum(axis=0)
    area = total[:, 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        means = total / area[:, None]
    colour = means[:, 1:4]
    second = means[:, [4, 5, 6, 5, 7, 8, 6, 8, 9]].reshape(k, 3, 3)
    low, high = boxes[..., :2].min(axis=0), boxes[..., 2:].max(axis=0)
    box = np.concatenate([low, high - low + 1], axis=1)
    box[area == 0] = 0
    return Measures(
        area.astype(np.int64),
        colour,
        second - colour[:, :, None] * colour[:, None, :],
        means[:, 10:12],
        box,
        means[:, 12],
    )


@compiled
def _summed(labels: Any, picture: Any, certainty: Any, first: Any, last: Any, sums: Any, boxes: Any) -> None:
    for y in range(first, last):
        for x in range(labels.shape[1]):
            c = labels[y, x]
            if c < 0:
                continue
            r, g, b = np.int64(picture[y, x, 0]), np.int64(picture[y, x, 1]), np.int64(picture[y, x, 2])
            own = sums[c]
            own[0] += 1
            own[1] += r
            own[2] += g
            own[3] += b
            own[4] += r * r
            own[5] += r * g
            own[6] += r * b
            own[7] += g * g
            own[8] += g * b
            own[9] += b * b
            own[10] += x
            own[11] += y
            own[12] += certainty[y, x]
            box = boxes[c]
            box[0], box[1] = min(box[0], x), min(box[1], y)
            box[2], box[3] = max(box[2], x), max(box[3], y)
