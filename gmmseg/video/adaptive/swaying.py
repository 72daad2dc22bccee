"""Backgrounds that sway all over, such as leaves in the wind: a pixel has no colour of its own, the place has many.

The picture is cut into a few hundred cells. In those where pixels find no mode that lasts, however far they reach, a
pixel is judged by how common its colour has been in the cell: p(x) is a histogram of colours whose bins overlap, and
fades. With p̄ the density at which the cell's colours lie on average, the squared distance is −2 log (p / p̄), which
for one Gaussian is Mahalanobis' but for a constant. What glints does so for a moment; so scores are averaged in time.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.video.adaptive.blocks import BLOCK, MOST, NONE, ONE, SURE, WHOLE

BINS = 20  # along each of three axes

_CELLS = 300
_LOOSE, _FIRM = np.float32(0.08), np.float32(0.12)  # mean weights of first modes below and above which a cell sways
_RESTLESS = np.float32(0.8)  # mean reach of its pixels, as a share of the most
_RADIUS = np.float32(1.9)  # Mahalanobis distance at the threshold
_FAINTEST = np.float32(1e-7)
_FINE = 32  # pixels that are judged along a side of a cell; in larger ones each stands for those beside it
_COVERED = np.float32(0.02)  # the worth of a colour that was foreground in the frame before
_NOW = np.float32(0.6)  # the weight of a frame's score against those before


def cells_of(height: int, width: int) -> tuple[int, int, int]:
    """The size of a cell, and how many there are down and across."""
    cell = max(8, round(sqrt(height * width / _CELLS)), -(-max(height, width) // _CELLS))
    return cell, -(-height // cell), -(-width // cell)


@compiled
def look(weights: Any, reach: Any, most: int, height: int, width: int, cell: int, sways: Any) -> None:
    """Make `sways` : (down, across) bool whether a cell sways, by its pixels and its neighbours'."""
    down, across = sways.shape
    means = np.zeros((down, across, 3), np.float32)
    step = max(1, cell // 8)
    for row in range(0, height, step):
        for column in range(0, width, step):
            p = row * width + column
            b, i = p // BLOCK, p % BLOCK
            mean = means[row // cell, column // cell]
            mean[0] += ONE
            mean[1] += np.float32(weights[b, 0, i]) / WHOLE
            mean[2] += np.float32(reach[b, i]) / np.float32(most)
    for k in range(down):
        for n in range(across):
            count, weight, far = NONE, NONE, NONE
            for row in range(max(k - 2, 0), min(k + 3, down)):
                for column in range(max(n - 2, 0), min(n + 3, across)):
                    count += means[row, column, 0]
                    weight += means[row, column, 1]
                    far += means[row, column, 2]
            limit = _FIRM if sways[k, n] else _LOOSE
            sways[k, n] = (weight < limit * count) & (far > _RESTLESS * count)


@compiled
def _places(frame: Any, gain: Any, row: int, column: int, at: Any, part: Any) -> None:
    """Where a colour lies among the bins: the lower one along each axis, and how far it is to the upper."""
    channels = frame.shape[2]
    red = np.float32(frame[row, column, 0]) * gain
    green = np.float32(frame[row, column, channels // 2]) * gain
    blue = np.float32(frame[row, column, channels - 1]) * gain
    scale = np.float32(BINS - 1) / np.float32(255)
    middle = np.float32(127.5)
    for axis in range(3):
        value = (red + green + blue) / np.float32(3)
        if axis == 1:
            value = middle + (red - blue)
        elif axis == 2:
            value = middle + (green - (red + blue) / np.float32(2))
        value = min(max(value * scale, NONE), np.float32(BINS - 1.001))
        at[axis] = int(value)
        part[axis] = value - np.float32(at[axis])


@compiled
def judge(
    frame: Any,
    gain: Any,
    inside: Any,
    learns: Any,
    mask: Any,
    sways: Any,
    cell: int,
    worth: Any,
    colours: Any,
    totals: Any,
    trail: Any,
    score: Any,
    begin: int,
    end: int,
) -> None:
    """Judge the pixels of swaying cells anew, in rows `begin` to `end` of cells, and learn their colours.

    frame : (h, w, c); mask : (h, w) bool, of the frame before; worth : of this frame, growing
    colours : (cells, BINS³) float32 and totals : (cells, 2) float32, their sum and the mean density
    trail, score : (h, w) uint8, the score over time and of this frame
    """
    height, width = frame.shape[0], frame.shape[1]
    across = sways.shape[1]
    step = max(1, cell // _FINE)
    at, part = np.zeros(3, np.int64), np.zeros(3, np.float32)
    for k in range(begin, end):
        for n in range(across):
            if not sways[k, n]:
                continue
            c = k * across + n
            bins = colours[c]
            known = totals[c, 0] > NONE
            for row in range(k * cell, min((k + 1) * cell, height), step):
                for column in range(n * cell, min((n + 1) * cell, width), step):
                    if not inside[row, column]:
                        continue
                    _places(frame, gain, row, column, at, part)
                    density = NONE
                    share = worth * (_COVERED if mask[row, column] else ONE)
                    for corner in range(8):
                        place, much = 0, ONE
                        for axis in range(3):
                            upper = (corner >> axis) & 1
                            place = place * BINS + at[axis] + upper
                            much *= part[axis] if upper else ONE - part[axis]
                        density += bins[place] * much
                        if learns:
                            bins[place] += share * much
                    if learns:
                        totals[c, 0] += share
                    if known:
                        likely = density / totals[c, 0] + _FAINTEST
                        q = np.float32(-2) * np.log(likely / totals[c, 1])
                        fresh = min(SURE * np.sqrt(max(q, NONE)) / _RADIUS, MOST)
                        before = np.float32(trail[row, column])
                        blended = np.uint8(before + _NOW * (fresh - before) + np.float32(0.5))
                        for i in range(row, min(row + step, (k + 1) * cell, height)):
                            for j in range(column, min(column + step, (n + 1) * cell, width)):
                                trail[i, j] = blended
                                if inside[i, j]:
                                    score[i, j] = blended


@compiled
def settle(sways: Any, colours: Any, totals: Any, scale: Any) -> None:
    """Reckon the mean density of each swaying cell; scale all down; forget those that sway no more."""
    across = sways.shape[1]
    for c in range(len(colours)):
        bins = colours[c]
        if not sways[c // across, c % across]:
            if totals[c, 0] > NONE:
                bins[:] = NONE
                totals[c, 0] = NONE
            continue
        square = NONE
        for i in range(len(bins)):
            bins[i] *= scale
            square += bins[i] * bins[i]
        totals[c, 0] *= scale
        total = totals[c, 0]
        totals[c, 1] = max(square / max(total * total, _FAINTEST), _FAINTEST)
