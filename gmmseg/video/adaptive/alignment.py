"""How a frame lies on the background: the shift of a shaking camera, and its gain.

Few points do: in each cell of a grid the one where the background changes most from pixel to pixel. The cost of a
shift d is the mean over them of min(|I(p + d) − B(p)|, CUT), which objects that cover some of them do not sway.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.compiled import compiled
from gmmseg.video.adaptive.blocks import BLOCK, LEVEL

OFTEN = 10  # frames from one choice of points to the next
UNUSUAL = 1e9  # a usual cost that no frame has: none has been seen

_CELL = 8  # pixels, in a small picture; larger ones have as many cells
_SMALL = 320 * 240
_STRONG = np.float32(20)  # levels by which a point must differ from its neighbours
_FEWEST = 30  # points that can tell a shift
_CUT = np.float32(40)
_FAR = 20  # pixels of shift that are looked for
_SAMPLE = 300  # points of the first search
_QUIET = np.float32(8)  # levels of cost below which nothing is looked for
_WORSE = np.float32(1.25)  # times the usual cost, as well
_BETTER = np.float32(0.7)  # times the cost of no shift, to be believed
_DARK = np.float32(20)  # levels below which a ratio tells nothing
_GAINS = (np.float32(0.66), np.float32(1.5))
_BRIGHTER = np.float32(0.8)  # times the error of no gain, to be believed


@dataclass(frozen=True)
class Lie:
    """A frame is background where gain · I(p + shift) ≈ B(p).

    Attributes
    ----------
    down, right : int
        The shift, in pixels.
    gain : float
        What the frame is multiplied with.
    """

    down: int
    right: int
    gain: float


def grid(height: int, width: int) -> tuple[int, int]:
    """The size of a cell and how many there are, for pictures of this size."""
    cell = max(_CELL, round(_CELL * sqrt(height * width / _SMALL)))
    return cell, (height // cell) * (width // cell)


def lie(
    frame: NDArray[Any],
    channel: int,
    means: NDArray[np.uint16],
    points: NDArray[np.int32],
    usual: NDArray[np.float32],
    cell: int,
    *,
    align: bool,
    gain: bool,
) -> Lie:
    """How a frame (h, w, c) lies on the background.

    `points` are what `mark` found; `usual` () is the least cost of late, which is kept up; `cell` is that of `grid`.
    """
    down, right = _shift(frame, channel, means, points, usual, cell, gain) if align else (0, 0)
    return Lie(down, right, float(_gain(frame, channel, means, down, right, cell)) if gain else 1.0)


@compiled
def _background(means: Any, channel: int, p: int) -> Any:
    return np.float32(means[p // BLOCK, channel, p % BLOCK]) / LEVEL


@compiled
def _known(weights: Any, p: int) -> Any:
    return weights[p // BLOCK, 0, p % BLOCK] > 0


@compiled
def mark(means: Any, weights: Any, channel: int, height: int, width: int, cell: int, points: Any) -> None:
    """Make `points` : (cells,) int32 the place of the strongest change in each cell, −1 where there is none."""
    step = max(1, cell // 8)
    across = width // cell
    for k in range(len(points)):
        best, at = _STRONG, -1
        top, left = k // across * cell, k % across * cell
        for row in range(top, min(top + cell, height - step), step):
            for column in range(left, min(left + cell, width - step), step):
                p = row * width + column
                here = _background(means, channel, p)
                change = abs(_background(means, channel, p + step) - here) + abs(
                    _background(means, channel, p + step * width) - here
                )
                if (
                    change > best
                    and _known(weights, p)
                    and _known(weights, p + step)
                    and _known(weights, p + step * width)
                ):
                    best, at = change, p
        points[k] = at


@compiled
def _cost(
    frame: Any, channel: int, gain: Any, rows: Any, columns: Any, looks: Any, every: int, down: int, right: int
) -> Any:
    """The cost of a shift by every so many of the points."""
    height, width = frame.shape[0], frame.shape[1]
    total, count = np.float32(0), 0
    for k in range(0, len(rows), every):
        row, column = rows[k] + down, columns[k] + right
        if 0 <= row < height and 0 <= column < width:
            total += min(abs(np.float32(frame[row, column, channel]) * gain - looks[k]), _CUT)
            count += 1
    return total / np.float32(max(count, 1))


@compiled
def _shift(frame: Any, channel: int, means: Any, points: Any, usual: Any, cell: int, brighter: Any) -> Any:
    """The shift, none unless the frame lies badly without and much better with it."""
    count = 0
    width = frame.shape[1]
    rows, columns = np.empty(len(points), np.int64), np.empty(len(points), np.int64)
    looks = np.empty(len(points), np.float32)
    for p in points:
        if p >= 0:
            rows[count] = p // width
            columns[count] = p - rows[count] * width
            looks[count] = _background(means, channel, p)
            count += 1
    if count < _FEWEST:
        return 0, 0
    rows, columns, looks = rows[:count], columns[:count], looks[:count]
    gain = np.float32(1)
    still = _cost(frame, channel, gain, rows, columns, looks, 1, 0, 0)
    accepted, down, right = still, 0, 0
    if still >= max(_QUIET, _WORSE * usual[()] + np.float32(1)) and brighter:
        # Where all is darker or brighter, dark points would lie better on any dark place.
        gain = _gain(frame, channel, means, 0, 0, cell)
        still = _cost(frame, channel, gain, rows, columns, looks, 1, 0, 0)
        accepted = still
    if still >= max(_QUIET, _WORSE * usual[()] + np.float32(1)):
        best, rough_down, rough_right = np.float32(1e9), 0, 0
        for i in range(-_FAR, _FAR + 1, 2):
            for j in range(-_FAR, _FAR + 1, 2):
                cost = _cost(frame, channel, gain, rows, columns, looks, max(1, count // _SAMPLE), i, j)
                if cost < best:
                    best, rough_down, rough_right = cost, i, j
        best, fine_down, fine_right = np.float32(1e9), 0, 0
        for i in range(rough_down - 2, rough_down + 3):
            for j in range(rough_right - 2, rough_right + 3):
                cost = _cost(frame, channel, gain, rows, columns, looks, 1, i, j)
                if cost < best:
                    best, fine_down, fine_right = cost, i, j
        if best < _BETTER * still:
            accepted, down, right = best, fine_down, fine_right
    usual[()] = min(np.float32(1.01) * usual[()], accepted)
    return down, right


@compiled
def _gain(frame: Any, channel: int, means: Any, down: int, right: int, cell: int) -> Any:
    """What the frame's brightness must be multiplied with: the median ratio on a grid, if that helps much."""
    height, width = frame.shape[0], frame.shape[1]
    room = ((height + cell - 1) // cell) * ((width + cell - 1) // cell)
    ratios, looks, seen = np.empty(room, np.float32), np.empty(room, np.float32), np.empty(room, np.float32)
    count = 0
    for row in range(cell // 2, height, cell):
        for column in range(cell // 2, width, cell):
            if 0 <= row + down < height and 0 <= column + right < width:
                look = _background(means, channel, row * width + column)
                if look > _DARK:
                    looks[count] = look
                    seen[count] = np.float32(frame[row + down, column + right, channel])
                    ratios[count] = seen[count] / look
                    count += 1
    if count < _FEWEST:
        return np.float32(1)
    middle = np.float32(np.median(ratios[:count]))
    if not _GAINS[0] <= np.float32(1) / max(middle, np.float32(0.01)) <= _GAINS[1]:
        return np.float32(1)
    gain = np.float32(1) / middle
    without, with_it = np.float32(0), np.float32(0)
    for k in range(count):
        without += min(abs(seen[k] - looks[k]), _CUT)
        with_it += min(abs(gain * seen[k] - looks[k]), _CUT)
    return gain if with_it < _BRIGHTER * without else np.float32(1)
