"""Sums over the cells of a grid laid over a picture, and a linear field over the cells read at every pixel."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled

GUIDE = 10  # sums a cell has before those of the shares: pixels, the guide, and its products


@compiled
def gathered(guide: Any, index: Any, table: Any, offset: Any, step: Any, top: Any, bottom: Any, sums: Any) -> None:
    """Add the pixels of cell rows top to bottom to sums : (rows, columns, 10 + 4k) float64.

    guide : (h, w, 3) uint8, taken from −½ to ½; index : (h, w), the row of table : (n, k) float32 plus `offset`, or −1.
    A cell has n, Σg, Σggᵀ (xx, xy, xz, yy, yz, zz), Σp and Σg₀p, Σg₁p, Σg₂p.
    """
    h, w = index.shape
    k = table.shape[1]
    for row in range(top, bottom):
        for y in range(row * step, min(h, (row + 1) * step)):
            for x in range(w):
                i = index[y, x]
                if i < 0:
                    continue
                cell = sums[row, x // step]
                a = np.float32(guide[y, x, 0]) / np.float32(255) - np.float32(0.5)
                b = np.float32(guide[y, x, 1]) / np.float32(255) - np.float32(0.5)
                c = np.float32(guide[y, x, 2]) / np.float32(255) - np.float32(0.5)
                cell[0] += 1
                cell[1] += a
                cell[2] += b
                cell[3] += c
                cell[4] += a * a
                cell[5] += a * b
                cell[6] += a * c
                cell[7] += b * b
                cell[8] += b * c
                cell[9] += c * c
                shares = table[i - offset]
                for j in range(k):
                    p = shares[j]
                    cell[10 + j] += p
                    cell[10 + k + j] += a * p
                    cell[10 + 2 * k + j] += b * p
                    cell[10 + 3 * k + j] += c * p


@compiled
def _shares(guide: Any, y: Any, x: Any, lines: Any, column: Any, blend: Any, out: Any) -> Any:
    """Shares of one pixel from a line of cells : (columns, 4, k), between `column` and the next; and their winner."""
    k = lines.shape[2]
    a = np.float32(guide[y, x, 0]) / np.float32(255) - np.float32(0.5)
    b = np.float32(guide[y, x, 1]) / np.float32(255) - np.float32(0.5)
    c = np.float32(guide[y, x, 2]) / np.float32(255) - np.float32(0.5)
    left, right = lines[column], lines[min(column + 1, len(lines) - 1)]
    rest = np.float32(1) - blend
    total = np.float32(0)
    for j in range(k):
        near = left[0, j] + a * left[1, j] + b * left[2, j] + c * left[3, j]
        far = right[0, j] + a * right[1, j] + b * right[2, j] + c * right[3, j]
        out[j] = max(rest * near + blend * far, np.float32(0))
        total += out[j]
    best = 0
    for j in range(k):
        out[j] /= total
        if out[j] > out[best]:
            best = j
    return best


@compiled
def evaluated(
    guide: Any, index: Any, field: Any, step: Any, first: Any, last: Any, labels: Any, certainty: Any, shares: Any
) -> None:
    """Read the field at the pixels of rows first to last.

    field : (rows, columns, 4, k) float32, share = f₀ + f₁g₀ + f₂g₁ + f₃g₂ between the centres of the cells, cut off at
    0 and scaled to sum to one. labels : (h, w) int16 and certainty : (h, w) float32 are written, or shares :
    (last − first, w, k) float32, whichever is not empty; left-out pixels get −1, 0 and 0.
    """
    w = index.shape[1]
    rows, columns, _, k = field.shape
    lines = np.empty((columns, 4, k), np.float32)
    scratch = np.empty(k, np.float32)
    whole = shares.size > 0
    for y in range(first, last):
        place = (y + 0.5) / step - 0.5
        row = min(max(int(np.floor(place)), 0), rows - 1)
        blend = np.float32(min(max(place - row, 0.0), 1.0))
        upper, lower = field[row], field[min(row + 1, rows - 1)]
        for column in range(columns):
            for i in range(4):
                for j in range(k):
                    lines[column, i, j] = (np.float32(1) - blend) * upper[column, i, j] + blend * lower[column, i, j]
        for x in range(w):
            if index[y, x] < 0:
                if whole:
                    shares[y - first, x, :] = 0
                else:
                    labels[y, x] = -1
                    certainty[y, x] = 0
                continue
            place = (x + 0.5) / step - 0.5
            column = min(max(int(np.floor(place)), 0), columns - 1)
            across = np.float32(min(max(place - column, 0.0), 1.0))
            if whole:
                _shares(guide, y, x, lines, column, across, shares[y - first, x])
            else:
                best = _shares(guide, y, x, lines, column, across, scratch)
                labels[y, x] = best
                certainty[y, x] = scratch[best]
