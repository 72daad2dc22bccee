"""Connected pieces of a label image, and the borders between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles
from gmmseg.bands import by_bands
from gmmseg.compiled import compiled

Pieces = NDArray[np.int32]
Label = TypeVar("Label", np.int16, np.int32)


@dataclass(frozen=True, eq=False)
class Borders:
    """Neighbouring pieces.

    Attributes
    ----------
    pairs : (e, 2) int64
        The two pieces of each border, the smaller number first; sorted.
    lengths : (e,) float64
        In sides of pixels.
    totals : (e,) float64
        Of what was summed along the border.
    """

    pairs: NDArray[np.int64]
    lengths: Doubles
    totals: Doubles

    def renamed(self, names: NDArray[np.integer[Any]]) -> Borders:
        """The borders after piece i became names[i]; those inside of one piece are gone."""
        pairs = names.astype(np.int64)[self.pairs]
        kept = pairs[:, 0] != pairs[:, 1]
        return _summed(np.sort(pairs[kept], axis=1), self.lengths[kept], self.totals[kept])


def pieces_of(labels: NDArray[np.integer[Any]]) -> tuple[Pieces, int]:
    """4-connected pieces of equal labels, numbered from 0 in reading order, −1 where labels are negative; how many."""
    pieces = np.empty(labels.shape, np.int32)
    return pieces, int(_connected(np.ascontiguousarray(labels), pieces))


def borders_of(pieces: Pieces, lab: Any = None, step: int = 1, reach: int = 1) -> Borders:
    """All borders between pieces, and the contrast across them summed up where `lab` is given.

    lab : (h', w', 3) float32, the picture on cells of `step` pixels. The contrast of two neighbouring pixels is
    e / (e + 4) with e the distance of the colours `reach` cells to either side.
    """
    count = _crossings(pieces)
    pairs, values = np.empty((count, 2), np.int64), np.zeros(count)
    if lab is None:
        _collected(pieces, np.empty((0, 0, 3), np.float32), step, reach, pairs, values)
    else:
        _collected(pieces, lab, step, reach, pairs, values)
    return _summed(pairs, np.ones(count), values)


def areas_of(pieces: Pieces, count: int) -> NDArray[np.int64]:
    """Pixels of each piece : (count,)."""
    areas = np.zeros(count, np.int64)
    _counted(pieces, areas)
    return areas


def labels_of(pieces: Pieces, count: int, labels: NDArray[np.int16]) -> NDArray[np.int16]:
    """The label that all pixels of a piece have : (count,)."""
    own = np.empty(count, np.int16)
    _looked_up(pieces, labels, own)
    return own


def labelled(pieces: Pieces, own: NDArray[Label]) -> NDArray[Label]:
    """The label image of pieces with these labels : (count,), in their dtype; −1 stays."""
    labels = np.empty(pieces.shape, own.dtype)
    height, width = pieces.shape
    by_bands(height, width, lambda top, bottom: _labelled(pieces[top:bottom], own, labels[top:bottom]))
    return labels


def united(count: int, pairs: NDArray[np.integer[Any]], areas: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """The name of each of `count` pieces when these pairs : (n, 2) become one: that of the largest among them."""
    names: NDArray[np.int64] = _united(count, pairs.astype(np.int64), areas.astype(np.int64))
    return names


def renumbered(pieces: Pieces, names: NDArray[np.int64]) -> tuple[Pieces, int]:
    """Pieces under new names, which are then numbered without gaps in reading order; and how many there are."""
    fresh = np.empty_like(pieces)
    return fresh, int(_renumbered(pieces, names.astype(np.int64), fresh))


def _summed(pairs: NDArray[np.int64], lengths: Doubles, totals: Doubles) -> Borders:
    if len(pairs) == 0:
        return Borders(pairs.reshape(0, 2), lengths, totals)
    codes = pairs[:, 0] << 32 | pairs[:, 1]
    different, place = np.unique(codes, return_inverse=True)
    return Borders(
        np.stack([different >> 32, different & 0xFFFFFFFF], axis=1),
        np.bincount(place, lengths).astype(np.float64),
        np.bincount(place, totals).astype(np.float64),
    )


@compiled
def _root(parents: Any, i: Any) -> Any:
    while parents[i] != i:
        parents[i] = parents[parents[i]]
        i = parents[i]
    return i


@compiled
def _united(count: Any, pairs: Any, areas: Any) -> Any:
    parents = np.arange(count)
    for i in range(len(pairs)):
        a, b = _root(parents, pairs[i, 0]), _root(parents, pairs[i, 1])
        if a == b:
            continue
        if areas[b] > areas[a] or (areas[b] == areas[a] and b < a):
            a, b = b, a
        parents[b] = a
    for i in range(count):
        parents[i] = _root(parents, i)
    return parents


@compiled
def _renumbered(pieces: Any, names: Any, fresh: Any) -> Any:
    h, w = pieces.shape
    numbers = np.full(len(names), -1, np.int32)
    found = 0
    for y in range(h):
        for x in range(w):
            if pieces[y, x] < 0:
                fresh[y, x] = -1
                continue
            name = names[pieces[y, x]]
            if numbers[name] < 0:
                numbers[name] = found
                found += 1
            fresh[y, x] = numbers[name]
    return found


@compiled
def _connected(labels: Any, pieces: Any) -> Any:
    """Two passes with a union–find forest; the root of a tree is the piece's first pixel in reading order."""
    h, w = labels.shape
    parents = np.empty(1024, np.int32)
    n = 0
    for y in range(h):
        for x in range(w):
            if labels[y, x] < 0:
                pieces[y, x] = -1
                continue
            left = x > 0 and labels[y, x - 1] == labels[y, x]
            up = y > 0 and labels[y - 1, x] == labels[y, x]
            if left and up:
                a, b = pieces[y, x - 1], pieces[y - 1, x]
                if a != b:
                    a, b = _root(parents, a), _root(parents, b)
                    parents[max(a, b)] = min(a, b)
                    a = min(a, b)
                pieces[y, x] = a
            elif left:
                pieces[y, x] = pieces[y, x - 1]
            elif up:
                pieces[y, x] = pieces[y - 1, x]
            else:
                if n == len(parents):
                    more = np.empty(2 * n, np.int32)
                    more[:n] = parents
                    parents = more
                parents[n] = n
                pieces[y, x] = n
                n += 1
    names = np.empty(n, np.int32)
    found = 0
    for i in range(n):
        root = _root(parents, i)
        if root == i:
            names[i] = found
            found += 1
        else:
            names[i] = names[root]
    for y in range(h):
        for x in range(w):
            if pieces[y, x] >= 0:
                pieces[y, x] = names[pieces[y, x]]
    return found


@compiled
def _counted(pieces: Any, areas: Any) -> None:
    for y in range(pieces.shape[0]):
        for x in range(pieces.shape[1]):
            if pieces[y, x] >= 0:
                areas[pieces[y, x]] += 1


@compiled
def _labelled(pieces: Any, own: Any, labels: Any) -> None:
    for y in range(pieces.shape[0]):
        for x in range(pieces.shape[1]):
            labels[y, x] = own[pieces[y, x]] if pieces[y, x] >= 0 else -1


@compiled
def _looked_up(pieces: Any, labels: Any, own: Any) -> None:
    for y in range(pieces.shape[0]):
        for x in range(pieces.shape[1]):
            if pieces[y, x] >= 0:
                own[pieces[y, x]] = labels[y, x]


@compiled
def _crossings(pieces: Any) -> Any:
    h, w = pieces.shape
    count = 0
    for y in range(h):
        for x in range(w):
            here = pieces[y, x]
            if here < 0:
                continue
            if x + 1 < w and pieces[y, x + 1] >= 0 and pieces[y, x + 1] != here:
                count += 1
            if y + 1 < h and pieces[y + 1, x] >= 0 and pieces[y + 1, x] != here:
                count += 1
    return count


@compiled
def _contrast(lab: Any, ay: Any, ax: Any, by: Any, bx: Any) -> Any:
    rows, columns = lab.shape[0] - 1, lab.shape[1] - 1
    a = lab[min(max(ay, 0), rows), min(max(ax, 0), columns)]
    b = lab[min(max(by, 0), rows), min(max(bx, 0), columns)]
    e = np.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)
    return e / (e + 4)


@compiled
def _collected(pieces: Any, lab: Any, step: Any, reach: Any, pairs: Any, values: Any) -> None:
    h, w = pieces.shape
    n = 0
    for y in range(h):
        for x in range(w):
            here = pieces[y, x]
            if here < 0:
                continue
            for across in (True, False):
                down, right = (y, x + 1) if across else (y + 1, x)
                if down >= h or right >= w:
                    continue
                there = pieces[down, right]
                if there < 0 or there == here:
                    continue
                pairs[n, 0], pairs[n, 1] = min(here, there), max(here, there)
                if lab.size > 0:
                    # The pixel's own cell and the next one count as the first to either side.
                    if across:
                        values[n] = _contrast(lab, y // step, x // step - reach + 1, y // step, x // step + reach)
                    else:
                        values[n] = _contrast(lab, y // step - reach + 1, x // step, y // step + reach, x // step)
                n += 1
