"""The different colours of an 8-bit picture, with their counts: a photo has far fewer than pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.compiled import compiled
from gmmseg.crew import Crew

_BANDS = 8  # parts of a picture that are gone through side by side; the result does not depend on them
_FEW = 1 << 16  # pixels that a part has at least


def distinct_colours(
    pixels: NDArray[np.uint8], valid: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int32]]:
    """The different colours, in the order in which they first appear, how often, and where.

    Bands of the picture are indexed side by side, each with a hash table of its own, and then named alike: the colours
    of the first band first, then what the second has beyond them, and so on, which is the order of first appearance.

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
    flat, seen = pixels.reshape(-1, 3), np.ascontiguousarray(valid).reshape(-1)
    index = np.empty(valid.shape, np.int32)
    places = index.reshape(-1)
    bands = max(1, min(_BANDS, len(flat) // _FEW))
    edges = [len(flat) * band // bands for band in range(bands + 1)]
    found: list[tuple[NDArray[np.int32], NDArray[np.int64]]] = [_NOTHING] * bands

    def look(begin: int, end: int) -> None:
        for band in range(begin, end):
            part = slice(edges[band], edges[band + 1])
            found[band] = _indexed(flat[part], seen[part], places[part])

    with Crew() as crew:
        crew.share(look, bands)
        codes, counts, names = _united(found)

        def rename(begin: int, end: int) -> None:
            for band in range(max(begin, 1), end):
                _renamed(places[edges[band] : edges[band + 1]], names[band])

        crew.share(rename, bands)
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.uint8)
    return colours, counts, index


_NOTHING = (np.empty(0, np.int32), np.empty(0, np.int64))


def _indexed(
    pixels: NDArray[np.uint8], valid: NDArray[np.bool_], index: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Codes of the colours in the order of appearance, and their counts; index : (n,) is filled in."""
    bits, first, n = 12, 0, 0
    table, codes, counts = np.zeros(1 << bits, np.int64), np.empty(1 << 11, np.int32), np.zeros(1 << 11, np.int64)
    while True:
        first, n = _filled(pixels, valid, index, first, bits, table, codes, counts, n)
        if first == len(pixels):
            return codes[:n].copy(), counts[:n].copy()
        bits += 2
        table = np.zeros(1 << bits, np.int64)
        _placed(codes, bits, table)
        codes, counts = np.resize(codes, 4 * n), np.concatenate([counts, np.zeros(3 * n, np.int64)])


def _united(
    found: list[tuple[NDArray[np.int32], NDArray[np.int64]]],
) -> tuple[NDArray[np.int32], NDArray[np.int64], list[NDArray[np.int32]]]:
    """All colours in order, their counts, and the number that each band's colours have among them."""
    if len(found) == 1:
        return *found[0], []
    every = np.concatenate([codes for codes, _ in found])
    listed = np.stack([every >> 16, every >> 8 & 255, every & 255], axis=1).astype(np.uint8)
    numbers = np.empty(len(every), np.int32)
    codes, _ = _indexed(listed, np.ones(len(every), np.bool_), numbers)
    totals = np.bincount(numbers, np.concatenate([counts for _, counts in found]), minlength=len(codes))
    names = np.split(numbers, np.cumsum([len(own) for own, _ in found])[:-1])
    return codes, totals.astype(np.int64), names


@compiled
def _hashed(code: Any, bits: Any) -> Any:
    """The top bits of a code well mixed: colours of a photo lie close together in all three channels."""
    mixed = code * 0x9E3779B1 & 0xFFFFFFFF
    mixed = (mixed ^ mixed >> 15) * 0x85EBCA77 & 0xFFFFFFFF
    return mixed >> (32 - bits)


@compiled
def _placed(codes: Any, bits: Any, table: Any) -> None:
    """Put all colours into an empty table."""
    mask = (1 << bits) - 1
    for number in range(len(codes)):
        place = _hashed(np.int64(codes[number]), bits)
        while table[place] != 0:
            place = (place + 1) & mask
        table[place] = np.int64(number + 1) << 24 | codes[number]


@compiled
def _filled(
    pixels: Any, valid: Any, index: Any, first: Any, bits: Any, table: Any, codes: Any, counts: Any, n: Any
) -> Any:
    """Go on from pixel `first` with n colours known, until all are done or the table is half full: where, and how many.

    A place of the table (open addressing) has a colour's code and, above it, 1 + its number; 0 is empty.
    """
    mask = (1 << bits) - 1
    for i in range(first, len(pixels)):
        if not valid[i]:
            index[i] = -1
            continue
        code = np.int64(pixels[i, 0]) << 16 | np.int64(pixels[i, 1]) << 8 | np.int64(pixels[i, 2])
        place = _hashed(code, bits)
        entry = table[place]
        while entry != 0 and entry & 0xFFFFFF != code:
            place = (place + 1) & mask
            entry = table[place]
        if entry == 0:
            if n == len(codes):
                return i, n
            codes[n] = code
            n += 1
            entry = np.int64(n) << 24 | code
            table[place] = entry
        number = (entry >> 24) - 1
        counts[number] += 1
        index[i] = number
    return len(pixels), n


@compiled
def _renamed(index: Any, names: Any) -> None:
    for i in range(len(index)):
        if index[i] >= 0:
            index[i] = names[index[i]]
