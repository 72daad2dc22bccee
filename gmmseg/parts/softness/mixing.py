"""How a pixel near a border is shared by the two sides: as light of both may reach it.

A pixel of region i, whose depth is d, is wholly i's, or wholly of a region j about it, or has a share t of
j's colour,

    g ~ N((1 − t) μᵢ + t μⱼ, (1 − t)² Σᵢ + t² Σⱼ + σ² I),

under the Gaussians that the regions have there, and its shares are the means of t under all these answers (as Chuang et
al. 2001 explain mixed colours, but the mean instead of the likeliest). Before its colour is seen, another region has it
with probability p = ½ (1 − d / reach)^1.5, and it is mixed with probability 0.4.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.bands import by_bands
from gmmseg.compiled import compiled
from gmmseg.parts.softness.gaussians import SUMS, Gaussians
from gmmseg.parts.softness.lattice import Lattice

OTHERS = 3  # regions beside its own that a pixel is shared with
_STEPS = 8  # of t from 0 to 1
_MIXED = 0.4  # probability
_NOISE = 9.0  # σ², in levels squared
_POWER = 1.5  # of the probability's fall with depth
_FLOOR = 1e-3  # of what is likeliest is granted to all, as colours are hardly ever quite Gaussian
_SHIFT = np.float32(128)


def mixed(
    lattice: Lattice, depth: NDArray[np.float32], gaussians: Gaussians
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The regions that share a sample with its own, and their shares : (h', w', 3); −1 and 0 for none."""
    h, w = depth.shape
    others = np.full((h, w, OTHERS), -1, np.int32)
    shares = np.zeros((h, w, OTHERS), np.float32)
    grid = (gaussians.owners, gaussians.sums, gaussians.step, gaussians.top, gaussians.left)
    by_bands(
        h,
        w,
        lambda first, last: _posteriors(
            lattice.colours, lattice.labels, depth, lattice.reach, *grid, first, last, others, shares
        ),
    )
    return others, shares


@compiled
def _read(owners: Any, sums: Any, row: Any, column: Any, down: Any, right: Any, name: Any, found: Any) -> None:
    """A region's sums between four nodes : (11,)."""
    for f in range(SUMS):
        found[f] = 0
    for i in range(2):
        for j in range(2):
            part = (down if i else 1 - down) * (right if j else 1 - right)
            for at in range(owners.shape[2]):
                if owners[row + i, column + j, at] == name:
                    for f in range(SUMS):
                        found[f] += part * sums[row + i, column + j, at, f]
                    break


@compiled
def _gaussian(sums: Any, own: Any) -> None:
    """Mean and covariance (xx, xy, xz, yy, yz, zz) from sums, into own : (9,)."""
    v = sums[1]
    a, b, c = sums[2] / v, sums[3] / v, sums[4] / v
    own[0], own[1], own[2] = a, b, c
    own[3], own[4], own[5] = max(sums[5] / v - a * a, 0.0), sums[6] / v - a * b, sums[7] / v - a * c
    own[6], own[7], own[8] = max(sums[8] / v - b * b, 0.0), sums[9] / v - b * c, max(sums[10] / v - c * c, 0.0)


@compiled
def _likelihood(one: Any, two: Any, t: Any, a: Any, b: Any, c: Any) -> Any:
    """The logarithm of the density of a colour of which two has the share t, but for a constant; by cofactors."""
    u = 1 - t
    p, q = u * u, t * t
    a, b, c = a - u * one[0] - t * two[0], b - u * one[1] - t * two[1], c - u * one[2] - t * two[2]
    xx, xy, xz = p * one[3] + q * two[3] + _NOISE, p * one[4] + q * two[4], p * one[5] + q * two[5]
    yy, yz, zz = p * one[6] + q * two[6] + _NOISE, p * one[7] + q * two[7], p * one[8] + q * two[8] + _NOISE
    i, j, l = yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy
    m, o, r = xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy
    determinant = max(xx * i + xy * j + xz * l, 1.0)
    distance = (a * a * i + b * b * m + c * c * r + 2 * (a * b * j + a * c * l + b * c * o)) / determinant
    return -0.5 * (distance + np.log(determinant))


@compiled
def _about(owners: Any, sums: Any, row: Any, column: Any, label: Any, names: Any, masses: Any) -> Any:
    """The other regions about four nodes, the largest first; how many, at most OTHERS."""
    n = 0
    for i in range(2):
        for j in range(2):
            for at in range(owners.shape[2]):
                name = owners[row + i, column + j, at]
                if name < 0:
                    break
                if name == label:
                    continue
                k = 0
                while k < n and names[k] != name:
                    k += 1
                if k == n:
                    names[n], masses[n] = name, 0
                    n += 1
                masses[k] += sums[row + i, column + j, at, 0]
    kept = min(n, OTHERS)
    for place in range(kept):
        best = place
        for k in range(place + 1, n):
            if masses[k] > masses[best]:
                best = k
        names[place], names[best] = names[best], names[place]
        masses[place], masses[best] = masses[best], masses[place]
    return kept


@compiled
def _weigh(values: Any, p: Any, parts: Any, shares: Any) -> None:
    """Mean shares of other regions, from the logarithms of all answers' likelihoods : (8 n + 1,), into shares : (3,).

    p is the probability of another region, and `parts` : (n,) how it falls to each of them.
    """
    best = values[0]
    for k in range(len(parts)):
        for s in range(1, _STEPS + 1):
            if parts[k] > 0:
                best = max(best, values[k * _STEPS + s])
    total = (1 - p) * (1 - _MIXED) * (np.exp(values[0] - best) + _FLOOR)
    for k in range(len(parts)):
        mean = 0.0
        for s in range(1, _STEPS + 1):
            if parts[k] > 0:
                t = s / _STEPS
                between = 2 * _MIXED / (_STEPS - 1) * ((1 - p) * (1 - t) + p * t)
                prior = parts[k] * (p * (1 - _MIXED) if s == _STEPS else between)
                likely = prior * (np.exp(values[k * _STEPS + s] - best) + _FLOOR)
                total += likely
                mean += likely * t
        shares[k] = mean
    for k in range(len(parts)):
        shares[k] /= total


@compiled
def _posteriors(
    colours: Any,
    labels: Any,
    depth: Any,
    reach: Any,
    owners: Any,
    sums: Any,
    step: Any,
    top: Any,
    left: Any,
    first: Any,
    last: Any,
    others: Any,
    shares: Any,
) -> None:
    rows, columns, held = owners.shape
    found, own, other = np.empty(SUMS), np.empty(9), np.empty(9)
    names, masses = np.empty(4 * held, np.int32), np.empty(4 * held)
    values, weights = np.empty(OTHERS * _STEPS + 1), np.empty(OTHERS)
    for y in range(first, last):
        row = min(int((y - top) / step), rows - 2)
        down = (y - top) / step - row
        for x in range(labels.shape[1]):
            label = labels[y, x]
            d = depth[y, x] - 0.5
            if label < 0 or d >= reach:
                continue
            column = min(int((x - left) / step), columns - 2)
            right = (x - left) / step - column
            n = _about(owners, sums, row, column, label, names, masses)
            _read(owners, sums, row, column, down, right, label, found)
            if n == 0 or not found[1] > 0:
                continue
            _gaussian(found, own)
            a, b, c = colours[y, x, 0] - _SHIFT, colours[y, x, 1] - _SHIFT, colours[y, x, 2] - _SHIFT
            p = 0.5 * (1 - d / reach) ** _POWER
            total = 0.0
            for k in range(n):
                _read(owners, sums, row, column, down, right, names[k], found)
                weights[k] = found[0] if found[1] > 0 else 0.0
                total += weights[k]
                if weights[k] == 0:
                    continue
                _gaussian(found, other)
                for s in range(1, _STEPS + 1):
                    values[k * _STEPS + s] = _likelihood(own, other, s / _STEPS, a, b, c)
            if total == 0:
                continue
            values[0] = _likelihood(own, own, 0.0, a, b, c)
            _weigh(values, p, weights[:n] / total, shares[y, x])
            for k in range(n):
                others[y, x, k] = names[k]
