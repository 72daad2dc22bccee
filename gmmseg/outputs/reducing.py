"""Shares and uncertainty of a large picture, made small while they are made."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.arrays import Floats
from gmmseg.compiled import compiled
from gmmseg.crew import Crew
from gmmseg.segmentation import Segmentation

_BAND = 1 << 17  # pixels
_NUMBERS = 1 << 23  # in the shares of a band


def reduced_shares(seg: Segmentation, height: int, width: int) -> tuple[Floats, Floats]:
    """Mean shares : (k, height, width) and mean uncertainty : (height, width) float32, in boxes of the picture.

    Left-out pixels do not count; where there are no others, shares are 0 and the uncertainty is NaN.
    """
    h, w = seg.labels.shape
    rows = -(-np.arange(height + 1) * h // height)
    columns = (np.arange(w) * width // w).astype(np.int32)
    shares = np.zeros((seg.k, height, width), np.float32)
    unsure = np.zeros((height, width), np.float32)
    lines = max(1, min(_BAND, _NUMBERS // seg.k) // (w * max(1, h // height)))

    def work(begin: int, end: int) -> None:
        for first in range(begin * lines, min(end * lines, height), lines):
            last = min(first + lines, height)
            band = seg.shares.band(int(rows[first]), int(rows[last]))
            valid = seg.image.valid[rows[first] : rows[last]]
            _averaged(band, valid, rows[first : last + 1] - rows[first], columns, shares, unsure, first)

    with Crew() as crew:
        crew.share(work, -(-height // lines))
    return shares, unsure


@compiled
def _averaged(band: Any, valid: Any, rows: Any, columns: Any, shares: Any, unsure: Any, first: Any) -> None:
    k, _, width = shares.shape
    scale = np.float32(1 / np.log(max(2, k)))
    counts = np.empty(width, np.int64)
    for row in range(len(rows) - 1):
        counts[:] = 0
        out = first + row
        for y in range(rows[row], rows[row + 1]):
            for x in range(len(columns)):
                if not valid[y, x]:
                    continue
                place = columns[x]
                counts[place] += 1
                entropy = np.float32(0)
                for j in range(k):
                    p = band[y, x, j]
                    shares[j, out, place] += p
                    if p > np.float32(1e-6):
                        entropy -= p * np.log(p)
                unsure[out, place] += entropy * scale
        for place in range(width):
            if counts[place] == 0:
                unsure[out, place] = np.nan
                continue
            unsure[out, place] /= counts[place]
            for j in range(k):
                shares[j, out, place] /= counts[place]
