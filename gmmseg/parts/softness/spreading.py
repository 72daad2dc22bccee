"""Shares of every pixel, from linear functions on a lattice (see `gmmseg.parts.softness.linear`)."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.parts.softness.linear import HELD

_NOTHING = 0.01  # a share that is taken for none
_SHIFT = np.float32(128)
_ABOUT = 4 * (HELD + 1) + 1  # regions that a pixel may be shared by


@compiled
def _shared(
    picture: Any,
    own: Any,
    labels: Any,
    index: Any,
    owners: Any,
    functions: Any,
    tall: Any,
    wide: Any,
    y: Any,
    x: Any,
    names: Any,
    values: Any,
) -> Any:
    """The regions that share a pixel, and their shares, which sum to one; how many, the pixel's own among them."""
    h, w = labels.shape
    down, right = (y + 0.5) / tall - 0.5, (x + 0.5) / wide - 0.5
    row, column = min(max(int(np.floor(down)), 0), h - 1), min(max(int(np.floor(right)), 0), w - 1)
    down, right = min(max(down - row, 0.0), 1.0), min(max(right - column, 0.0), 1.0)
    a, b, c = picture[y, x, 0] - _SHIFT, picture[y, x, 1] - _SHIFT, picture[y, x, 2] - _SHIFT
    names[0], values[0] = own, 0
    n = 1
    known = False
    for i in range(2):
        for j in range(2):
            part = np.float32((down if i else 1 - down) * (right if j else 1 - right))
            v, u = min(row + i, h - 1), min(column + j, w - 1)
            label = labels[v, u]
            if part == 0 or label < 0:
                continue
            rest = part
            place = index[v, u]
            for k in range(HELD + 1):
                if k < HELD:
                    if place < 0 or owners[place, k] < 0:
                        continue
                    name, f = owners[place, k], functions[place, k]
                    share = part * (f[0] + f[1] * a + f[2] * b + f[3] * c)
                    rest -= share
                else:
                    name, share = label, rest
                known = known or name == own
                at = 0
                while at < n and names[at] != name:
                    at += 1
                if at == n:
                    names[n], values[n] = name, 0
                    n += 1
                values[at] += share
    total = np.float32(0)
    for i in range(n):
        values[i] = values[i] if values[i] >= np.float32(_NOTHING) else np.float32(0)
        total += values[i]
    # A region too thin for the lattice keeps its pixels.
    if not known or total == 0:
        values[0] = 1
        return 1
    for i in range(n):
        values[i] /= total
    return n


@compiled
def spread(
    picture: Any, own: Any, labels: Any, index: Any, owners: Any, functions: Any, first: Any, last: Any, shares: Any
) -> None:
    """Add the shares of the pixels of rows first to last to shares : (last − first, w, k) float32, which are 0.

    own : (h, w), the region of each pixel. labels : (h', w'), and the rest as `functions_of` makes it.
    """
    h, w = own.shape
    tall, wide = h / labels.shape[0], w / labels.shape[1]
    names, values = np.empty(_ABOUT, np.int32), np.empty(_ABOUT, np.float32)
    for y in range(first, last):
        for x in range(w):
            if own[y, x] < 0:
                continue
            n = _shared(picture, own[y, x], labels, index, owners, functions, tall, wide, y, x, names, values)
            for i in range(n):
                shares[y - first, x, names[i]] = values[i]


@compiled
def largest(
    picture: Any, own: Any, labels: Any, index: Any, owners: Any, functions: Any, first: Any, last: Any, most: Any
) -> None:
    """The largest share of each pixel of rows first to last, into most : (h, w) float32; 0 where left out."""
    h, w = own.shape
    tall, wide = h / labels.shape[0], w / labels.shape[1]
    names, values = np.empty(_ABOUT, np.int32), np.empty(_ABOUT, np.float32)
    for y in range(first, last):
        for x in range(w):
            most[y, x] = 0
            if own[y, x] < 0:
                continue
            n = _shared(picture, own[y, x], labels, index, owners, functions, tall, wide, y, x, names, values)
            for i in range(n):
                most[y, x] = max(most[y, x], values[i])
