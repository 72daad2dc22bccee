"""Ghosts: what something left behind when it went, which differs from the background as if something had come.

The background holds the thing that left, so along the border of a ghost the background has an edge and the frame has
none; along the border of a thing it is the other way round. And where frame and background have the same texture,
nothing has come at all: a lamp was lit. Only what lies still is looked at.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.compiled import compiled
from gmmseg.video.adaptive.blocks import BLOCK, HALF, LEVEL, NONE, ONE, WHOLE
from gmmseg.video.blobs import blobs_of

OFTEN = 5  # frames from one look to the next
_FIRST = 10  # frames before the first

_STILL = np.float32(12)  # levels that a still pixel may change from one look to the next
_SMALLEST = 40  # pixels of a ghost
_GAP = 3  # pixels from the border at which its sides are compared
_CUT = np.float32(60)  # levels above which an edge is no stronger
_FEWEST = 20  # pairs that can tell
_FREE = 0.4  # share of a piece's border that must have background behind it
_RATIO = 1.4  # how much stronger the background's edge must be
_MARGIN = 4.0  # and by how many levels
_TEXTURE = 64.0  # mean square of differences, in levels, by which ground can be known again
_SAME = 0.8  # correlation of differences from which it is the same ground
_AGING = 100  # frames that make one more look in a row necessary: who stood there so long was hardly a person
_MOST_LOOKS = 10
_CLEAR = 5  # looks that one at the same ground in another light counts for
_LEFT = np.float32(0.02)  # the weight of what was there


def absorb(
    frame: NDArray[Any],
    gain: float,
    frames: int,
    mask: NDArray[np.bool_],
    state: tuple[NDArray[Any], ...],
    past: NDArray[np.uint8],
    past_mask: NDArray[np.bool_],
    looks: NDArray[np.uint8],
) -> NDArray[np.bool_] | None:
    """Take ghosts up into the background; where they were, (h, w) bool, or None.

    frame : (h, w, c), where it lies on the background; mask : (h, w) bool, of this frame
    past, past_mask : the same at the last look; looks : (h, w) uint8, in how many looks in a row it seemed a ghost
    """
    if frames % OFTEN:
        return None
    still = np.zeros(mask.shape, np.bool_)
    _still(frame, np.float32(gain), mask, past, past_mask, still)
    if frames <= _FIRST or not still.any():
        looks[...] = 0
        return None
    pieces = blobs_of(_most(still, mask), min_area=_SMALLEST)
    if not len(pieces):
        looks[...] = 0
        return None
    labels = pieces.labels()
    top, bottom = int(pieces.runs[0, 0]), int(pieces.runs[-1, 0]) + 1
    own, others, pairs, border = _edges(frame, np.float32(gain), state[0], labels, mask, top, bottom, len(pieces))
    seems = (pairs >= _FEWEST) & (pairs >= _FREE * border) & (others > _RATIO * own + _MARGIN * pairs)
    lit = _alike(frame, state[0], labels, top, bottom, len(pieces))
    gone = np.zeros(mask.shape, np.bool_)
    enough = min(1 + frames // _AGING, _MOST_LOOKS)
    if not _counted(labels, np.where(lit, _CLEAR, seems), looks, enough, gone):
        return None
    _taken(frame, np.float32(gain), gone, *state)
    return gone


@compiled
def _still(frame: Any, gain: Any, mask: Any, past: Any, past_mask: Any, still: Any) -> None:
    """Where something lies still in front of the background; this look is kept for the next."""
    height, width, channels = frame.shape
    for row in range(height):
        for column in range(width):
            if mask[row, column]:
                most = NONE
                for j in range(channels):
                    value = np.float32(frame[row, column, j]) * gain
                    most = max(most, abs(value - np.float32(past[row, column, j])))
                    past[row, column, j] = np.uint8(min(value + HALF, np.float32(255)))
                still[row, column] = past_mask[row, column] and most < _STILL
            past_mask[row, column] = mask[row, column]


@compiled
def _most(still: Any, mask: Any) -> Any:
    """Where most of 5 × 5 pixels are still."""
    height, width = still.shape
    result = np.zeros(still.shape, np.bool_)
    column_sums = np.zeros(width, np.uint8)
    for row in range(-2, height):
        if row + 2 < height:
            for column in range(width):
                column_sums[column] += still[row + 2, column]
        if row >= 3:
            for column in range(width):
                column_sums[column] -= still[row - 3, column]
        if row < 0:
            continue
        for column in range(width):
            if mask[row, column]:
                total = 0
                for near in range(max(column - 2, 0), min(column + 3, width)):
                    total += column_sums[near]
                result[row, column] = total > 12
    return result


@compiled
def _edge(frame: Any, gain: Any, means: Any, inner: int, outer: int) -> Any:
    """How strongly the frame and the background change between two pixels, in levels."""
    width, channels = frame.shape[1], frame.shape[2]
    own, other = NONE, NONE
    for j in range(channels):
        one = np.float32(frame[inner // width, inner % width, j])
        two = np.float32(frame[outer // width, outer % width, j])
        own += abs(one - two) * gain
        one = np.float32(means[inner // BLOCK, j, inner % BLOCK])
        two = np.float32(means[outer // BLOCK, j, outer % BLOCK])
        other += abs(one - two) / LEVEL
    return min(own / np.float32(channels), _CUT), min(other / np.float32(channels), _CUT)


@compiled
def _edges(frame: Any, gain: Any, means: Any, labels: Any, mask: Any, top: int, bottom: int, count: int) -> Any:
    """For each piece the sums of edges along its border, in the frame and the background, of how many, and all.

    All pieces lie in rows `top` to `bottom`.
    """
    height, width = labels.shape
    own, others = np.zeros(count, np.float64), np.zeros(count, np.float64)
    pairs, border = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for row in range(top, min(bottom + 1, height)):
        for column in range(width):
            here = labels[row, column]
            for down in range(2):
                right = 1 - down
                if row < down or column < right:
                    continue
                there = labels[row - down, column - right]
                if here == there or (here >= 0 and there >= 0):
                    continue
                ahead, behind = _GAP - 1, _GAP
                row_in, column_in = row + down * ahead, column + right * ahead
                row_out, column_out = row - down * behind, column - right * behind
                piece = here
                if here < 0:
                    piece = there
                    row_in, column_in, row_out, column_out = row_out, column_out, row_in, column_in
                border[piece] += 1
                if min(row_in, row_out, column_in, column_out) < 0:
                    continue
                if max(row_in, row_out) >= height or max(column_in, column_out) >= width:
                    continue
                if labels[row_in, column_in] != piece or mask[row_out, column_out]:
                    continue
                inner, outer = row_in * width + column_in, row_out * width + column_out
                one, other = _edge(frame, gain, means, inner, outer)
                own[piece] += one
                others[piece] += other
                pairs[piece] += 1
    return own, others, pairs, border


@compiled
def _alike(frame: Any, means: Any, labels: Any, top: int, bottom: int, count: int) -> Any:
    """Whether the frame has the background's texture inside a piece: then it is the same ground in another light."""
    height, width = labels.shape
    channels = frame.shape[2]
    own, others, both = np.zeros(count, np.float64), np.zeros(count, np.float64), np.zeros(count, np.float64)
    pairs = np.zeros(count, np.int64)
    for row in range(top, min(bottom, height - _GAP)):
        for column in range(width - _GAP):
            piece = labels[row, column]
            if piece < 0:
                continue
            p = row * width + column
            for down in range(2):
                q = p + _GAP * (width if down else 1)
                if labels[q // width, q % width] != piece:
                    continue
                one, other = NONE, NONE
                for j in range(channels):
                    one += np.float32(frame[row, column, j]) - np.float32(frame[q // width, q % width, j])
                    other += np.float32(means[p // BLOCK, j, p % BLOCK]) - np.float32(means[q // BLOCK, j, q % BLOCK])
                one /= np.float32(channels)
                other /= np.float32(channels) * LEVEL
                own[piece] += one * one
                others[piece] += other * other
                both[piece] += one * other
                pairs[piece] += 1
    return (others > _TEXTURE * pairs) & (both > _SAME * np.sqrt(own * others)) & (pairs >= _FEWEST)


@compiled
def _counted(labels: Any, seems: Any, looks: Any, enough: int, gone: Any) -> Any:
    """Count looks in a row, this one as often as `seems` says; tell where they are enough, and if anywhere."""
    found = False
    for row in range(labels.shape[0]):
        for column in range(labels.shape[1]):
            piece = labels[row, column]
            if piece >= 0 and seems[piece] > 0:
                looks[row, column] = min(looks[row, column] + seems[piece], 255)
                if looks[row, column] >= enough:
                    gone[row, column] = True
                    found = True
            else:
                looks[row, column] = 0
    return found


@compiled
def _taken(frame: Any, gain: Any, gone: Any, means: Any, weights: Any, others: Any, reach: Any, raw: Any) -> None:
    """Make the frame the first mode there, and the first mode the last."""
    width = gone.shape[1]
    last = weights.shape[1] - 1
    for row in range(gone.shape[0]):
        for column in range(width):
            if gone[row, column]:
                p = row * width + column
                b, i = p // BLOCK, p % BLOCK
                for j in range(frame.shape[2]):
                    others[p, last - 1, j] = means[b, j, i]
                    value = np.float32(frame[row, column, j]) * gain * LEVEL
                    means[b, j, i] = np.uint16(min(value, WHOLE) + HALF)
                weights[b, last, i] = np.uint16(min(_LEFT * WHOLE, np.float32(weights[b, 0, i])))
                weights[b, 0, i] = max(weights[b, 0, i], np.uint16(ONE))
                reach[b, i] = 0
                raw[b, i] = False
