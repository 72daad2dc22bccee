"""Many small pictures in a grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, Integers

_TILE = 24  # pixels that a tile has at least, by repeating its own
_GAP = 2
_BETWEEN = 10  # between groups
_PAPER = 236  # not white, which tiles may be


def mosaic(tiles: ArrayLike, groups: ArrayLike) -> Bytes:
    """Tiles in rows that begin anew with each group; between groups there is a wider gap.

    Parameters
    ----------
    tiles : (n, s, s, 3) uint8
    groups : (n,) integers
        In ascending order.

    Returns
    -------
    (h, w, 3) uint8
    """
    pictures, numbers = np.asarray(tiles), np.asarray(groups)
    if pictures.ndim != 4 or pictures.shape[3] != 3 or pictures.dtype != np.uint8 or pictures.size == 0:
        raise InputError(f"expected tiles of shape (n, s, s, 3) and type uint8; got {pictures.shape} {pictures.dtype}")
    if numbers.shape != (len(pictures),) or (np.diff(numbers) < 0).any():
        raise InputError(f"expected a group for each of {len(pictures)} tiles, in ascending order")
    times = max(1, -(-_TILE // pictures.shape[1]))
    pictures = pictures.repeat(times, axis=1).repeat(times, axis=2)
    high, wide = pictures.shape[1] + _GAP, pictures.shape[2] + _GAP
    counts = np.unique(numbers, return_counts=True)[1]
    columns = _columns(counts, wide / high)
    lines = -(-counts // columns)
    height = int(lines.sum()) * high + (len(counts) - 1) * _BETWEEN + _GAP
    sheet = np.full((height, min(columns, int(counts.max())) * wide + _GAP, 3), _PAPER, np.uint8)
    first, top = 0, _GAP
    for count, needed in zip(counts, lines, strict=True):
        for place, picture in enumerate(pictures[first : first + count]):
            y, x = top + place // columns * high, _GAP + place % columns * wide
            sheet[y : y + high - _GAP, x : x + wide - _GAP] = picture
        first, top = first + int(count), top + int(needed) * high + _BETWEEN
    return sheet


def _columns(counts: Integers, aspect: float) -> int:
    """As many columns as make the mosaic about half again as wide as it is high."""
    for columns in range(1, int(counts.max()) + 1):
        if columns * aspect >= 1.5 * float((-(-counts // columns)).sum()):
            return columns
    return int(counts.max())
