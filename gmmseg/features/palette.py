"""The different colours of an 8-bit picture, with their counts: a photo has far fewer than pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.compiled import compiled

_DIRECT = 1 << 22  # pixels from which a table of all 2²⁴ colours is quicker than hashing
_BITS = 24


def distinct_colours(
    pixels: NDArray[np.uint8], valid: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int32]]:
    """The different colours, in the order in which they first appear, how often, and where.

    Parameters
    ----------
    pixels : (h, w, 3) uint8
    valid : (h, w) bool
        Pixels to look at.

    Returns
    -------
    colours : (n, 3) uint8
    counts : (n,) int64
    index : (h, w) int32
        Each pixel's colour, or −1 where it is not valid.
    """
    flat = pixels.reshape(-1, 3)
    size = _BITS if len(flat) >= _DIRECT else max(8, int(2 * len(flat) - 1).bit_length())
    size = min(size, _BITS)
    index = np.empty(valid.shape, np.int32)
    found, counts, n = _indexed(flat, np.ascontiguousarray(valid).reshape(-1), size, index.reshape(-1))
    codes = found[:n]
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.uint8)
    return colours, counts[:n].copy(), index


@compiled
def _indexed(pixels: Any, valid: Any, size: Any, index: Any) -> Any:
    """One pass with a hash table of 2**size places (open addressing); with 24 bits every colour has its own."""
    mask = (1 << size) - 1
    places = np.zeros(mask + 1, np.int32)  # 1 + the number of the colour there
    found = np.empty(1 << 12, np.int32)
    counts = np.zeros(1 << 12, np.int64)
    n = 0
    for i in range(len(pixels)):
        if not valid[i]:
            index[i] = -1
            continue
        code = np.int32(pixels[i, 0]) << 16 | np.int32(pixels[i, 1]) << 8 | np.int32(pixels[i, 2])
        # Multiplication by an odd number permutes the 24-bit codes; the top bits are the best mixed.
        place = code if size == 24 else (code * 0x9E3779 & 0xFFFFFF) >> (24 - size)
        while places[place] != 0 and found[places[place] - 1] != code:
            place = (place + 1) & mask
        number = places[place] - 1
        if number < 0:
            if n == len(found):
                more = np.empty(2 * n, np.int32)
                more[:n] = found
                found = more
                totals = np.zeros(2 * n, np.int64)
                totals[:n] = counts
                counts = totals
            number = n
            found[n] = code
            n += 1
            places[place] = n
        counts[number] += 1
        index[i] = number
    return found, counts, n
