"""Which pixels of two boundary maps belong together: as many pairs as there can be, one to one, within a distance."""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Flags, Labels
from gmmseg.errors import InputError


def correspondence(first: Flags, second: Flags, distance: float) -> tuple[Flags, Flags]:
    """Match the pixels of two boundary maps.

    Parameters
    ----------
    first, second : (h, w) bool
    distance : float
        How far apart, in pixels, two matched pixels may be.

    Returns
    -------
    first, second : (h, w) bool
        The pixels that are matched; as many in one as in the other.

    Notes
    -----
    The Berkeley benchmark looks for the assignment of least cost, where a pair costs its distance d ≤ D and every pixel
    without a partner goes to an outlier at 100·D. With m pairs among n₁ + n₂ pixels, n₁ + n₂ − m such edges are needed
    (outliers that are not used are paired with each other, at the same price). One more pair therefore saves 100·D,
    and rearranging the others for it costs less than D a pair that is new: as long as fewer than a hundred pairs have
    to move for one more, least cost means most pairs. So the number of pairs is that of a maximum matching, which is
    found much faster (Hopcroft and Karp 1973). Which pixels it leaves over among several maximum ones is not the
    same; near pairs are tried first, so that few differ.
    """
    if first.shape != second.shape or first.ndim != 2:
        raise InputError(f"expected two boundary maps of one shape (h, w); got {first.shape} and {second.shape}")
    if np.count_nonzero(first) > np.count_nonzero(second):  # the loops go over the pixels of the first
        theirs, ours = correspondence(second, first, distance)
        return ours, theirs
    from gmmseg.evaluate.matching import enlarge, nearest_first, neighbours

    reach = int(distance)
    dy, dx = np.mgrid[-reach : reach + 1, -reach : reach + 1].reshape(2, -1)
    squares = dy**2 + dx**2
    order = np.argsort(squares, kind="stable")
    order = order[squares[order] <= distance**2]
    # The second map's pixels, numbered, with a margin that no step leaves.
    height, width = first.shape
    wide = width + 2 * reach
    firsts, seconds = np.flatnonzero(first), np.flatnonzero(second)
    numbers = np.full((height + 2 * reach) * wide, -1, np.int32)
    numbers[_placed(seconds, width, reach)] = np.arange(len(seconds), dtype=np.int32)
    steps = dy[order] * wide + dx[order]
    places = _placed(firsts, width, reach)
    left, right = nearest_first(numbers, places, steps, len(seconds))
    starts, partners = neighbours(numbers, places, steps)
    enlarge(starts, partners, left, right)
    ours, theirs = np.zeros(first.shape, np.bool_), np.zeros(first.shape, np.bool_)
    ours.ravel()[firsts[left >= 0]] = True
    theirs.ravel()[seconds[right >= 0]] = True
    return ours, theirs


def _placed(pixels: Labels, width: int, reach: int) -> Labels:
    """Where pixels of a flat map are in one with a margin."""
    rows, columns = np.divmod(pixels, width)
    return (rows + reach) * (width + 2 * reach) + columns + reach
