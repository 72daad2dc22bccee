"""Shares as linear functions of colour about every sample of a lattice: smooth where colours are, sharp at their edges.

About each sample the shares p of a region are explained by colours, p ≈ aᵀg + b, by least squares with ε|a|² against
noise under a binomial window 7 samples wide; as by the guided filter (He, Sun and Tang 2010), but without its second
mean. Between samples functions are mixed, and read at every pixel's own colour: so shares on a coarse lattice find the
hairs of the picture.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.bands import by_bands
from gmmseg.compiled import compiled
from gmmseg.parts.softness.lattice import Lattice

HELD = 4  # regions beside its own that a function is kept of
_WINDOW = np.array([1, 6, 15, 20, 15, 6, 1], np.float64) / 64
_NOISE = 1e-4 * 255**2  # ε, in levels squared
_SEEN = 64  # regions that a window has at most; more are passed over
_FAINT = 1e-3  # a mean share that is not worth a function
_RIM = 0.25  # of the reach, over which shares fall to nothing
_SHIFT = np.float32(128)


def functions_of(
    lattice: Lattice, depth: NDArray[np.float32], others: NDArray[np.int32], shares: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Functions of the samples that are shared.

    others, shares : (h', w', 3), as `mixed` makes them.

    Returns
    -------
    index : (h', w') int32
        The sample's place in what follows, or −1: it is its own region's alone.
    owners : (n, 4) int32
        Regions that share a sample with its own, −1 for none.
    functions : (n, 4, 4) float32
        Of each: the constant, and the factors of the colours less 128.
    """
    near = (depth - np.float32(0.5) < lattice.reach) & (lattice.labels >= 0)
    index = np.full(depth.shape, -1, np.int32)
    index[near] = np.arange(np.count_nonzero(near), dtype=np.int32)
    n = int(index.max()) + 1
    owners, functions = np.full((n, HELD), -1, np.int32), np.zeros((n, HELD, 4), np.float32)
    height, width = depth.shape
    by_bands(
        height,
        width,
        lambda first, last: _fitted(
            lattice.colours,
            lattice.labels,
            depth,
            lattice.reach,
            others,
            shares,
            index,
            _WINDOW,
            first,
            last,
            owners,
            functions,
        ),
    )
    return index, owners, functions


@compiled
def _gathered(
    colours: Any, labels: Any, others: Any, shares: Any, window: Any, y: Any, x: Any, names: Any, sums: Any, whole: Any
) -> Any:
    """Sums over the window about a sample; how many other regions it has."""
    h, w = labels.shape
    half = len(window) // 2
    label = labels[y, x]
    for f in range(10):
        whole[f] = 0
    n = 0
    for v in range(max(0, y - half), min(h, y + half + 1)):
        for u in range(max(0, x - half), min(w, x + half + 1)):
            there = labels[v, u]
            if there < 0:
                continue
            part = window[v - y + half] * window[u - x + half]
            a, b, c = colours[v, u, 0] - _SHIFT, colours[v, u, 1] - _SHIFT, colours[v, u, 2] - _SHIFT
            whole[0] += part
            whole[1] += part * a
            whole[2] += part * b
            whole[3] += part * c
            whole[4] += part * a * a
            whole[5] += part * a * b
            whole[6] += part * a * c
            whole[7] += part * b * b
            whole[8] += part * b * c
            whole[9] += part * c * c
            rest = np.float32(1)
            for k in range(others.shape[2] + 1):
                if k < others.shape[2]:
                    name, p = others[v, u, k], shares[v, u, k]
                    rest -= p
                else:
                    name, p = there, rest
                if name < 0 or name == label or p <= 0:
                    continue
                i = 0
                while i < n and names[i] != name:
                    i += 1
                if i == n:
                    if n == len(names):
                        continue
                    names[n] = name
                    for f in range(4):
                        sums[n, f] = 0
                    n += 1
                sums[i, 0] += part * p
                sums[i, 1] += part * p * a
                sums[i, 2] += part * p * b
                sums[i, 3] += part * p * c
    return n


@compiled
def _fitted(
    colours: Any,
    labels: Any,
    depth: Any,
    reach: Any,
    others: Any,
    shares: Any,
    index: Any,
    window: Any,
    first: Any,
    last: Any,
    owners: Any,
    functions: Any,
) -> None:
    names, sums, s = np.empty(_SEEN, np.int32), np.empty((_SEEN, 4)), np.empty(10)
    for y in range(first, last):
        for x in range(labels.shape[1]):
            row = index[y, x]
            if row < 0:
                continue
            n = _gathered(colours, labels, others, shares, window, y, x, names, sums, s)
            total = s[0]
            a, b, c = s[1] / total, s[2] / total, s[3] / total
            xx, xy, xz = s[4] / total - a * a + _NOISE, s[5] / total - a * b, s[6] / total - a * c
            yy, yz, zz = s[7] / total - b * b + _NOISE, s[8] / total - b * c, s[9] / total - c * c + _NOISE
            i, j, l = yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy
            m, o, q = xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy
            determinant = xx * i + xy * j + xz * l
            # Towards the reach shares fall to nothing, so that there is no line where they end.
            rim = min(max((reach - (depth[y, x] - 0.5)) / (_RIM * reach), 0.0), 1.0)
            for place in range(min(n, HELD)):
                best = -1
                for k in range(n):
                    if names[k] >= 0 and (best < 0 or sums[k, 0] > sums[best, 0]):
                        best = k
                p = sums[best, 0] / total
                if p < _FAINT:
                    break
                u, v, w = sums[best, 1] / total - a * p, sums[best, 2] / total - b * p, sums[best, 3] / total - c * p
                f1 = (i * u + j * v + l * w) / determinant
                f2 = (j * u + m * v + o * w) / determinant
                f3 = (l * u + o * v + q * w) / determinant
                owners[row, place] = names[best]
                functions[row, place, 0] = rim * (p - a * f1 - b * f2 - c * f3)
                functions[row, place, 1] = rim * f1
                functions[row, place, 2] = rim * f2
                functions[row, place, 3] = rim * f3
                names[best] = -1
