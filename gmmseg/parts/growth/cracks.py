"""The borders between crumbs, and how strong they are in several channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Floats
from gmmseg.compiled import compiled

_NEAR = 6  # pixels along a border that say which way it runs


@dataclass(frozen=True, eq=False)
class Graph:
    """Neighbouring crumbs.

    Attributes
    ----------
    pairs : (e, 2) int64
        The smaller number first; sorted.
    lengths : (e,) float64
        In cracks, the sides that two pixels share.
    strengths : (e, c) float64
        The mean of each channel along the border.
    """

    pairs: NDArray[np.int64]
    lengths: Doubles
    strengths: Doubles


def graph_of(crumbs: NDArray[np.int32], channels: Sequence[Floats]) -> Graph:
    """All borders, each measured across the direction in which it runs.

    Parameters
    ----------
    crumbs : (h, w) int32
        Negative pixels have no borders.
    channels : sequence of (directions, h, w) float32
        Gradients across tangents i · π / directions; at half the size, ⌈h/2⌉ × ⌈w/2⌉, they are interpolated.

    Notes
    -----
    A crack runs along the principal axis of the same border's cracks around it, and takes the larger value of its two
    pixels, between those of the two nearest directions.
    """
    codes, places = _cracks(crumbs)
    order = np.argsort(codes, kind="stable")
    codes, places = codes[order], places[order]
    firsts = np.flatnonzero(np.diff(codes, prepend=-1))
    ends = np.append(firsts, len(codes)).astype(np.int64)
    angles = np.empty(len(codes))
    _directed(ends, places, angles)
    strengths = np.zeros((len(firsts), len(channels)))
    for c, channel in enumerate(channels):
        halved = channel.shape[1:] != crumbs.shape
        _summed(ends, places, angles, channel, 2 if halved else 1, strengths[:, c])
    lengths = np.diff(ends).astype(np.float64)
    pairs = np.stack([codes[firsts] >> 32, codes[firsts] & 0xFFFFFFFF], axis=1)
    return Graph(pairs, lengths, strengths / lengths[:, None])


@compiled
def _cracks(crumbs: Any) -> Any:
    """Each crack's border, as a code, and its place: the upper left pixel and whether the other is below."""
    h, w = crumbs.shape
    count = 0
    for fill in range(2):
        if fill:
            codes, places = np.empty(count, np.int64), np.empty((count, 3), np.int32)
            count = 0
        for y in range(h):
            for x in range(w):
                a = np.int64(crumbs[y, x])
                if a < 0:
                    continue
                for below in range(2):
                    v, u = y + below, x + 1 - below
                    if v >= h or u >= w:
                        continue
                    b = np.int64(crumbs[v, u])
                    if b < 0 or a == b:
                        continue
                    if fill:
                        codes[count] = min(a, b) << 32 | max(a, b)
                        places[count, 0], places[count, 1], places[count, 2] = y, x, below
                    count += 1
    return codes, places


@compiled
def _directed(ends: Any, places: Any, angles: Any) -> None:
    """The angle of each crack's tangent, from the spread of the middles of its border's cracks nearby."""
    for e in range(len(ends) - 1):
        for i in range(ends[e], ends[e + 1]):
            y0, x0 = 2 * places[i, 0] + places[i, 2], 2 * places[i, 1] + 1 - places[i, 2]
            count, sy, sx, yy, xx, yx = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            for j in range(ends[e], ends[e + 1]):
                y, x = 2 * places[j, 0] + places[j, 2] - y0, 2 * places[j, 1] + 1 - places[j, 2] - x0
                if y * y + x * x <= 4 * _NEAR * _NEAR:
                    count += 1
                    sy += y
                    sx += x
                    yy += y * y
                    xx += x * x
                    yx += y * x
            if count < 2:
                angles[i] = 0.0 if places[i, 2] else np.pi / 2
            else:
                angles[i] = 0.5 * np.arctan2(2 * (yx - sy * sx / count), xx - sx * sx / count - yy + sy * sy / count)


@compiled
def _summed(ends: Any, places: Any, angles: Any, channel: Any, step: Any, sums: Any) -> None:
    directions = channel.shape[0]
    for e in range(len(ends) - 1):
        for i in range(ends[e], ends[e + 1]):
            turn = angles[i] / np.pi * directions
            if turn < 0:
                turn += directions
            near = int(turn)
            part = turn - near
            near %= directions
            far = (near + 1) % directions
            y, x, below = places[i, 0], places[i, 1], places[i, 2]
            sums[e] += max(
                (1 - part) * _at(channel[near], y, x, step) + part * _at(channel[far], y, x, step),
                (1 - part) * _at(channel[near], y + below, x + 1 - below, step)
                + part * _at(channel[far], y + below, x + 1 - below, step),
            )


@compiled
def _at(plane: Any, y: Any, x: Any, step: Any) -> Any:
    """The value at a pixel of the whole picture, interpolated where the plane is of half the size."""
    if step == 1:
        return plane[y, x]
    h, w = plane.shape
    v, u = y // 2, x // 2
    below, beside = min(max(v + 2 * (y % 2) - 1, 0), h - 1), min(max(u + 2 * (x % 2) - 1, 0), w - 1)
    here, there = 0.75 * plane[v, u] + 0.25 * plane[v, beside], 0.75 * plane[below, u] + 0.25 * plane[below, beside]
    return 0.75 * here + 0.25 * there
