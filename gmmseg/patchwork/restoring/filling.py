"""Pixels that are missing, from those that are known around them and from patches that are alike.

In a group with mean μ and covariance Σ, a patch of which pixel i is known up to a variance Dᵢ (of the noise; without
bound where it is missing) has the posterior mean μ + Σ (Σ + D)⁻¹ (y − μ). The groups are those of the estimate so
far, and so some rounds are taken, as EM does with rows that have gaps (Yu, Sapiro and Mallat 2010, section IV).
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from gmmseg.arrays import Flags, Floats
from gmmseg.crew import Crew
from gmmseg.patchwork.restoring.groups import groups_of
from gmmseg.patchwork.restoring.overlapping import cut, put_back
from gmmseg.patchwork.restoring.refining import MOST, Places, points_of
from gmmseg.patchwork.restoring.scatter import scatter
from gmmseg.patchwork.restoring.tiles import by_tiles

_REACHES = (1.0, 2.0, 4.0, 8.0)  # of the means that it begins with, in pixels
_ROUNDS = 10
_STRIDE = 1.5  # of a round's change: the rounds converge slowly, and from one side
# What is filled in varies less than what was there, and so would the groups. At first they vary besides as patches do
# on the whole, by this share, which falls from round to round.
_FREEDOM, _CALMER = 0.2, 0.6
_LEAST = 1.0  # grey levels: known pixels are believed no closer than this, which also keeps Σ + D well conditioned
_OPEN = np.float32(1e5)  # the variance of what is missing
_STEP = 2  # from one patch that is solved alone to the next
_BATCH = 256  # patches that are solved together


def filled(planes: Floats, known: Flags, noise: float, size: int, crew: Crew) -> Floats:
    """Planes (h, w, c) with values where pixels are not `known` : (h, w); those that are stay as they are."""
    if known.all():
        return planes
    estimate = _begun(planes, known, noise, size, crew)
    if size < 2:
        return estimate
    freedom = _FREEDOM
    for _ in range(_ROUNDS):
        after = _round(planes, estimate, known, max(noise, _LEAST), freedom, size, crew)
        estimate[~known] += np.float32(_STRIDE) * (after - estimate)[~known]
        freedom *= _CALMER
    return estimate


def _begun(planes: Floats, known: Flags, noise: float, size: int, crew: Crew) -> Floats:
    """A first guess: from the picture at half its size if there are holes larger than a patch, else `spread`."""
    from skimage.transform import resize

    h, w, c = planes.shape
    holes = bool((~sliding_window_view(known, (size, size)).any(axis=(2, 3))).any())
    if not holes or min(h, w) < 4 * size:
        return spread(planes, known)
    blocks = known[: h // 2 * 2, : w // 2 * 2].reshape(h // 2, 2, w // 2, 2)
    values = np.where(blocks[..., None], planes[: h // 2 * 2, : w // 2 * 2].reshape(h // 2, 2, w // 2, 2, c), 0)
    count = blocks.sum(axis=(1, 3), dtype=np.float32)
    small = values.sum(axis=(1, 3), dtype=np.float32) / np.maximum(count, 1)[..., None]
    coarse = filled(small, count > 0, noise / 2, size, crew)
    guess = resize(coarse, planes.shape, order=1, mode="edge", preserve_range=True, anti_aliasing=False)
    return np.where(known[..., None], planes, guess).astype(np.float32)


def spread(planes: Floats, known: Flags) -> Floats:
    """Each missing pixel as the mean of what is known around it, from as near as possible (normalised convolution).

    Those that are far from everything take the nearest pixel; where nothing is known, all stay as they are.
    """
    from scipy.ndimage import distance_transform_edt, gaussian_filter

    found, missing = planes.copy(), ~known
    if not known.any() or not missing.any():
        return found
    weight = known.astype(np.float32)
    for reach in _REACHES:
        near = gaussian_filter(weight, reach, mode="reflect", truncate=3)
        some = missing & (near > 0.05)
        for plane in range(planes.shape[2]):
            soft = gaussian_filter(np.where(known, planes[..., plane], 0), reach, mode="reflect", truncate=3)
            found[some, plane] = soft[some] / near[some]
        missing &= ~some
    if missing.any():
        y, x = distance_transform_edt(missing, return_distances=False, return_indices=True)
        found[missing] = found[y[missing], x[missing]]
    return found


def _round(planes: Floats, pilot: Floats, known: Flags, noise: float, freedom: float, size: int, crew: Crew) -> Floats:
    h, w, c = planes.shape
    doubt = np.where(known, np.float32(noise**2), _OPEN)

    def work(down: slice, across: slice) -> tuple[Floats, Floats]:
        sums = np.empty((down.stop - down.start, across.stop - across.start, c), np.float32)
        weights = np.empty_like(sums)
        doubts = cut(doubt[down, across], size)
        some = _solved(known[down, across], size)
        if not some.any():
            return np.zeros_like(sums), np.zeros_like(sums)
        groups: Places | None = None
        for plane in range(c):
            before = cut(pilot[down, across, plane], size)
            if groups is None:
                groups = groups_of(points_of(before, across.stop - across.start - size + 1, noise, size), MOST)
            rows, left = _completed(cut(planes[down, across, plane], size), before, doubts, some, groups, freedom)
            sums[..., plane], weights[..., plane] = put_back(rows, left, sums.shape[:2], size)
        return sums, weights

    return by_tiles((h, w, c), size, work, crew)


def _solved(known: Flags, size: int) -> Flags:
    """Which patches are solved, in the order of `cut` : (n,).

    Those with gaps, one of four, and all along the last row and column: so every gap is in some.
    """
    down, across = (length - size + 1 for length in known.shape)
    y, x = np.arange(down)[:, None], np.arange(across)
    chosen = ((y % _STEP == 0) | (y == down - 1)) & ((x % _STEP == 0) | (x == across - 1))
    gaps = ~sliding_window_view(known, (size, size)).all(axis=(2, 3))
    found: Flags = (chosen & gaps).ravel()
    return found


def _completed(
    values: Floats, before: Floats, doubts: Floats, some: Flags, groups: Places, freedom: float
) -> tuple[Floats, Floats]:
    """Posterior means of patches with gaps : (n, d), and the weights of the patches, 0 of those left out : (n,)."""
    found, weights = np.zeros_like(values), np.zeros(len(values), np.float32)
    d = values.shape[1]
    pattern = before - before.mean(axis=1, keepdims=True)
    common = scatter(pattern) * np.float32(freedom / len(before))
    for first in range(0, len(groups), 8):
        own = groups[first : first + 8]
        mean = before[own].mean(axis=1, keepdims=True)
        centred = before[own] - mean
        covariance = scatter(centred) / np.float32(own.shape[1]) + common
        group, member = np.nonzero(some[own])
        for begin in range(0, len(group), _BATCH):
            g, place = group[begin : begin + _BATCH], own[group, member][begin : begin + _BATCH]
            sigma, mu = covariance[g], mean[g, 0]
            doubt = doubts[place]
            whole = sigma.copy()
            whole[:, np.arange(d), np.arange(d)] += doubt
            # What is missing pulls at nothing, whatever the file holds there.
            known = np.where(doubt < _OPEN, values[place] - mu, np.float32(0))
            pull = np.linalg.solve(whole, known[..., None])
            found[place] = mu + np.matmul(sigma, pull)[..., 0]
            weights[place] = 1
    return found, weights
