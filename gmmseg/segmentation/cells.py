"""Sums over the cells of a grid laid over a picture, and a linear field over the cells read at every pixel."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled

ENOUGH = 16  # pixels along the side of a cell that are looked at, at least
GUIDE = 10  # sums a cell has before those of the shares: pixels, the guide, and its products


@compiled
def gathered(guide: Any, index: Any, table: Any, offset: Any, step: Any, top: Any, bottom: Any, sums: Any) -> None:
    """Add the pixels of cell rows top to bottom to sums : (rows, columns, 10 + 4k) float64.

    guide : (h, w, 3) uint8, taken from −½ to ½; index : (h, w), the row of table : (n, k) float32 plus `offset`, or −1.
    A cell has n, Σg, Σggᵀ (xx, xy, xz, yy, yz, zz), Σp and Σg₀p, Σg₁p, Σg₂p. Of wide cells every second pixel each way
    is looked at, or every third, so that a cell still has hundreds.
    """
    h, w = index.shape
    k = table.shape[1]
    stride = max(1, step // ENOUGH)
    for row in range(top, bottom):
        for y in range(row * step, min(h, (row + 1) * step), stride):
            for x in range(0, w, stride):
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
def summed(planes: Any, down: Any, across: Any, sums: Any) -> None:
    """Sums over the cells up to `down` rows and `across` columns away : (rows, columns, c)."""
    rows, columns, c = planes.shape
    for row in range(rows):
        for column in range(columns):
            own = sums[row, column]
            own[:] = 0
            for y in range(max(0, row - down), min(rows, row + down + 1)):
                for x in range(max(0, column - across), min(columns, column + across + 1)):
                    other = planes[y, x]
                    for i in range(c):
                        own[i] += other[i]


@compiled
def solved(windows: Any, noise: Any, functions: Any) -> None:
    """Least-squares functions of the guide from the sums over each window, by cofactors : (rows, columns, 4, k).

    With means ḡ and p̄, covariance C and C_p: slopes a = (C + ε)⁻¹ C_p, constant p̄ − aᵀḡ.
    """
    rows, columns, _, k = functions.shape
    for row in range(rows):
        for column in range(columns):
            sums, out = windows[row, column], functions[row, column]
            n = sums[0]
            if n == 0:
                continue
            a, b, c = sums[1] / n, sums[2] / n, sums[3] / n
            xx, xy, xz = sums[4] / n - a * a + noise, sums[5] / n - a * b, sums[6] / n - a * c
            yy, yz, zz = sums[7] / n - b * b + noise, sums[8] / n - b * c, sums[9] / n - c * c + noise
            i, j, l = yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy
            m, o, q = xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy
            determinant = xx * i + xy * j + xz * l
            for f in range(k):
                p = sums[10 + f] / n
                u = sums[10 + k + f] / n - a * p
                v = sums[10 + 2 * k + f] / n - b * p
                w = sums[10 + 3 * k + f] / n - c * p
                s = (i * u + j * v + l * w) / determinant
                t = (j * u + m * v + o * w) / determinant
                r = (l * u + o * v + q * w) / determinant
                out[0, f] = p - a * s - b * t - c * r
                out[1, f], out[2, f], out[3, f] = s, t, r


@compiled
def _blended(field: Any, step: Any, y: Any, lines: Any) -> None:
    """The field along picture row y, between the two rows of cells about it : (columns, k, 4)."""
    rows, columns, _, k = field.shape
    place = (y + 0.5) / step - 0.5
    row = min(max(int(np.floor(place)), 0), rows - 1)
    blend = np.float32(min(max(place - row, 0.0), 1.0))
    upper, lower = field[row], field[min(row + 1, rows - 1)]
    for column in range(columns):
        for i in range(4):
            for j in range(k):
                lines[column, j, i] = (np.float32(1) - blend) * upper[column, i, j] + blend * lower[column, i, j]


@compiled
def _row(lines: Any, step: Any, a: Any, b: Any, c: Any, values: Any) -> None:
    """Functions of the guide a, b, c : (w,) between the centres of a line of cells, in values : (k, w), at least 0.

    From centre to centre both functions are fixed, so that the loop over pixels is one stream of products.
    """
    k, w = values.shape
    columns = len(lines)
    half = step // 2
    for span in range(columns + 1):
        # The pixels to the right of the centre of cell span − 1 and to the left of that of cell span.
        begin = max(0, (span - 1) * step + half)
        end = min(w, span * step + half) if span < columns else w
        left, right = lines[max(span - 1, 0)], lines[min(span, columns - 1)]
        for j in range(k):
            p, q = left[j], right[j]
            p0, p1, p2, p3 = p[0], p[1], p[2], p[3]
            d0, d1, d2, d3 = q[0] - p0, q[1] - p1, q[2] - p2, q[3] - p3
            start = (np.float32(begin) + np.float32(0.5)) / np.float32(step) - np.float32(span - 1) - np.float32(0.5)
            for x in range(begin, end):
                t = start + np.float32(x - begin) / np.float32(step)
                value = p0 + t * d0 + a[x] * (p1 + t * d1) + b[x] * (p2 + t * d2) + c[x] * (p3 + t * d3)
                values[j, x] = max(value, np.float32(0))


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
    columns, k = field.shape[1], field.shape[3]
    lines = np.empty((columns, k, 4), np.float32)
    values = np.empty((k, w), np.float32)
    a, b, c = np.empty(w, np.float32), np.empty(w, np.float32), np.empty(w, np.float32)
    total, most, winner = np.empty(w, np.float32), np.empty(w, np.float32), np.empty(w, np.int16)
    for y in range(first, last):
        _blended(field, step, y, lines)
        for x in range(w):
            a[x] = np.float32(guide[y, x, 0]) / np.float32(255) - np.float32(0.5)
            b[x] = np.float32(guide[y, x, 1]) / np.float32(255) - np.float32(0.5)
            c[x] = np.float32(guide[y, x, 2]) / np.float32(255) - np.float32(0.5)
        _row(lines, step, a, b, c, values)
        total[:] = values[0]
        for j in range(1, k):
            for x in range(w):
                total[x] += values[j, x]
        if shares.size > 0:
            for x in range(w):
                for j in range(k):
                    shares[y - first, x, j] = values[j, x] / total[x] if index[y, x] >= 0 else np.float32(0)
            continue
        most[:] = values[0]
        winner[:] = 0
        for j in range(1, k):
            for x in range(w):
                value = values[j, x]
                winner[x] = j if value > most[x] else winner[x]
                most[x] = max(value, most[x])
        for x in range(w):
            labels[y, x] = winner[x] if index[y, x] >= 0 else -1
            certainty[y, x] = most[x] / total[x] if index[y, x] >= 0 else np.float32(0)
