"""Which pixels of two boundary maps belong together: as many pairs as there can be, one to one, within a distance."""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Flags
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
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    reach = int(distance)
    steps = np.mgrid[-reach : reach + 1, -reach : reach + 1].reshape(2, -1)
    squares = (steps**2).sum(axis=0)
    order = np.argsort(squares, kind="stable")
    steps = steps[:, order[squares[order] <= distance**2]]
    # Numbers of the second map's pixels in an image with a margin, so that no step leaves it.
    width = second.shape[1] + 2 * reach
    numbers = np.full((second.shape[0] + 2 * reach, width), -1, np.int32)
    inner = numbers[reach : reach + second.shape[0], reach : reach + second.shape[1]]
    inner[second] = np.arange(np.count_nonzero(second), dtype=np.int32)
    y, x = np.nonzero(first)
    at = (y + reach) * width + (x + reach)
    near = numbers.ravel()[at[:, None] + steps[0] * width + steps[1]]
    exists = near >= 0
    ends = np.concatenate([[0], np.cumsum(exists.sum(axis=1))]).astype(np.int32)
    partners = near[exists]
    ours, theirs = np.zeros_like(first), np.zeros_like(second)
    if partners.size:
        graph = csr_array(
            (np.ones(partners.size, np.bool_), partners, ends), shape=(y.size, int(np.count_nonzero(second)))
        )
        partner = maximum_bipartite_matching(graph, perm_type="column")
        ours[first] = partner >= 0
        taken = np.zeros(graph.shape[1], np.bool_)
        taken[partner[partner >= 0]] = True
        theirs[second] = taken
    return ours, theirs
