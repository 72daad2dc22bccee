"""Where a graph of regions falls apart: the smallest eigenvectors of its normalised Laplacian.

Normalised cuts (Shi and Malik 2000) as contours use them (Arbeláez, Maire, Fowlkes and Malik 2011): nodes that a random
walk seldom leaves one for the other lie far apart in the first eigenvectors, however strong the single borders are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles
from gmmseg.compiled import compiled

_EXTRA = 4  # vectors carried along, so that the last one wanted converges too
_DEGREE = 40  # of the Chebyshev filter
_ROUNDS = 6  # of filtering; after five, distances of nodes hardly change


def embedded(pairs: NDArray[np.int64], weights: Doubles, places: Doubles, count: int) -> Doubles:
    """Coordinates of each node in the `count` smallest non-trivial eigenvectors : (n, count) float64.

    Parameters
    ----------
    pairs : (e, 2) int64
        Neighbouring nodes.
    weights : (e,) float64
        How closely they belong together, above 0.
    places : (n, 2) float64
        Where nodes are, from −1 to 1, to begin with.
    count : int

    Returns
    -------
    (n, count) float64
        uₖ = D^{-½} vₖ of unit mean square by degree, times √(λ₁ / λₖ): slow eigenvectors count most, as they do in the
        distance of commuting. Fewer columns than `count` where there are not so many nodes.

    Notes
    -----
    Subspace iteration with a Chebyshev filter (Zhou, Saad, Tiago and Chelikowsky 2006), which begins with polynomials
    of the places, so that a mirrored picture begins with the same subspace.
    """
    n = len(places)
    size = min(count + 1 + _EXTRA, n)
    if size < 2:
        return np.zeros((n, 1))
    starts, ends, values, degrees = _rows(n, pairs, weights)
    block = _polynomials(places, size) * np.sqrt(degrees)[:, None]
    bound = 0.9  # eigenvalues of the normalised weights above it are wanted; the Ritz values say it better
    scratch = np.empty((3, n, size))
    for _ in range(_ROUNDS):
        _filtered(starts, ends, values, block, bound, _DEGREE, scratch)
        block, found = _ritz(starts, ends, values, block, scratch[0])
        bound = float(np.clip(found[-1], -0.5, 1 - 1e-9))
    keep = slice(1, min(count + 1, size))
    slow = np.maximum(1 - found[keep], 1e-9)
    vectors = block[:, keep] / np.sqrt(degrees)[:, None]
    vectors /= np.sqrt((degrees[:, None] * vectors**2).sum(axis=0) / degrees.sum())
    coordinates: Doubles = vectors * np.sqrt(slow[0] / slow)
    return coordinates


def _rows(
    n: int, pairs: NDArray[np.int64], weights: Doubles
) -> tuple[NDArray[np.int64], NDArray[np.int64], Doubles, Doubles]:
    """The normalised weights D^{-½} W D^{-½} as compressed rows, and the degrees."""
    ends = np.concatenate([pairs[:, 1], pairs[:, 0]])
    begins = np.concatenate([pairs[:, 0], pairs[:, 1]])
    both = np.concatenate([weights, weights])
    degrees = np.bincount(begins, both, minlength=n) + 1e-12
    order = np.argsort(begins, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(begins, minlength=n))])
    values: Doubles = both / np.sqrt(degrees[begins] * degrees[ends])
    return starts.astype(np.int64), ends[order], values[order], degrees.astype(np.float64)


def _polynomials(places: Doubles, size: int) -> Doubles:
    """The first polynomials of two variables by their degree : (n, size)."""
    y, x = places.T
    columns: list[Doubles] = []
    degree = 0
    while len(columns) < size:
        columns += [y ** (degree - i) * x**i for i in range(degree + 1)]
        degree += 1
    return np.stack(columns[:size], axis=1)


def _ritz(starts: Any, ends: Any, values: Any, block: Doubles, scratch: Doubles) -> tuple[Doubles, Doubles]:
    """The best eigenvectors within a subspace, and their eigenvalues from the largest."""
    basis = block / np.sqrt((block**2).sum(axis=0) + 1e-300)
    for _ in range(2):  # twice is enough (Kahan and Parlett)
        basis = _orthonormal(basis)
    _multiplied(starts, ends, values, basis, scratch)
    small = _inner(basis, scratch)
    found, turn = np.linalg.eigh((small + small.T) / 2)
    order = np.argsort(-found, kind="stable")
    vectors: Doubles = _turned(basis, np.ascontiguousarray(turn[:, order]))
    return vectors, found[order]


def _orthonormal(block: Doubles) -> Doubles:
    """Gram and Schmidt's, through the eigenvectors of the small Gram matrix, which bears columns that are alike."""
    found, turn = np.linalg.eigh(_inner(block, block))
    basis: Doubles = _turned(block, np.ascontiguousarray(turn / np.sqrt(np.maximum(found, 1e-14 * found[-1]))))
    return basis


@compiled
def _multiplied(starts: Any, ends: Any, values: Any, block: Any, out: Any) -> None:
    n, size = block.shape
    for i in range(n):
        for c in range(size):
            out[i, c] = 0.0
        for e in range(starts[i], starts[i + 1]):
            j, w = ends[e], values[e]
            for c in range(size):
                out[i, c] += w * block[j, c]


@compiled
def _filtered(starts: Any, ends: Any, values: Any, block: Any, bound: Any, degree: Any, scratch: Any) -> None:
    """T_degree of the operator, stretched so that [−1, bound] becomes [−1, 1]: what lies above grows alone."""
    n, size = block.shape
    half, middle = (bound + 1) / 2, (bound - 1) / 2
    before, now, product = scratch[0], scratch[1], scratch[2]
    _multiplied(starts, ends, values, block, product)
    for i in range(n):
        for c in range(size):
            before[i, c] = block[i, c]
            now[i, c] = (product[i, c] - middle * block[i, c]) / half
    for _ in range(degree - 1):
        _multiplied(starts, ends, values, now, product)
        for i in range(n):
            for c in range(size):
                after = 2 * (product[i, c] - middle * now[i, c]) / half - before[i, c]
                before[i, c] = now[i, c]
                now[i, c] = after
    for i in range(n):
        for c in range(size):
            block[i, c] = now[i, c]


@compiled
def _inner(a: Any, b: Any) -> Any:
    n, p = a.shape
    q = b.shape[1]
    out = np.zeros((p, q))
    for i in range(n):
        for r in range(p):
            for c in range(q):
                out[r, c] += a[i, r] * b[i, c]
    return out


@compiled
def _turned(block: Any, turn: Any) -> Any:
    n, p = block.shape
    q = turn.shape[1]
    out = np.zeros((n, q))
    for i in range(n):
        for r in range(p):
            for c in range(q):
                out[i, c] += block[i, r] * turn[r, c]
    return out
