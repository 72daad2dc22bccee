"""EM for one small mixture a pixel, over the frames: starts at the densest samples, climbs, chooses how many modes."""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.mixture.kernels.lanes import exp2, log2

_LOG2E = 1.4426950408889634
_CANDIDATES = 32  # samples that may become a centre; more of them find no better ones
_STEPS = 24  # of EM; most pixels need three or four
_LEAST_WEIGHT = 1e-4
_ENOUGH = 60  # frames, spread evenly, that tell a pixel's modes; all of them tell which go together


@compiled
def gathered(frames: Any, low: Any, scale: Any, y: Any, x: Any, step: Any, samples: Any) -> None:
    """One pixel of every step-th frame, as (sample − low) · scale, into samples : (c, n) float32."""
    c, n = samples.shape
    for t in range(n):
        for i in range(c):
            samples[i, t] = np.float32((np.float64(frames[step * t, y, x, i]) - low) * scale)


@compiled
def _distances(samples: Any, centre: Any, squares: Any) -> None:
    c, n = samples.shape
    squares[:] = 0
    for i in range(c):
        row, middle = samples[i], centre[i]
        for t in range(n):
            difference = row[t] - middle
            squares[t] += difference * difference


@compiled
def expected(
    samples: Any, k: Any, weights: Any, means: Any, variances: Any, shares: Any, squares: Any, most: Any
) -> float:
    """Responsibilities of k modes into shares : (≥k, n) float32; the log-likelihood, in nats, but for a constant.

    A mode's density is spherical: w σ⁻ᶜ exp(−|x − μ|²/2σ²).
    """
    c, n = samples.shape
    half = np.float32(0.5 * _LOG2E)
    for j in range(k):
        _distances(samples, means[j], squares)
        slope = half / variances[j]
        level = np.float32(np.log2(max(weights[j], np.float32(1e-30))) - 0.5 * c * np.log2(variances[j]))
        row = shares[j]
        for t in range(n):
            row[t] = level - slope * squares[t]
    most[:] = shares[0]
    for j in range(1, k):
        row = shares[j]
        for t in range(n):
            most[t] = max(most[t], row[t])
    squares[:] = 0
    for j in range(k):
        row = shares[j]
        for t in range(n):
            row[t] = exp2(row[t] - most[t])
            squares[t] += row[t]
    total = 0.0
    for t in range(n):
        total += np.float64(most[t] + log2(squares[t]))
        squares[t] = np.float32(1) / squares[t]
    for j in range(k):
        row = shares[j]
        for t in range(n):
            row[t] *= squares[t]
    return total / _LOG2E


@compiled
def maximised(
    samples: Any, k: Any, shares: Any, floor: Any, weights: Any, means: Any, variances: Any, squares: Any
) -> None:
    """The mixture that is likeliest under these responsibilities, no variance below `floor`.

    The moments are additive over frames: Σr, Σr(x − m) and Σr|x − m|² about the means m that the mode had.
    """
    c, n = samples.shape
    for j in range(k):
        row = shares[j]
        count = np.float32(0)
        for t in range(n):
            count += row[t]
        weights[j] = count / np.float32(n)
        if weights[j] < np.float32(_LEAST_WEIGHT):
            continue
        _distances(samples, means[j], squares)
        second = np.float32(0)
        for t in range(n):
            second += row[t] * squares[t]
        second /= count
        for i in range(c):
            own, middle = samples[i], means[j, i]
            first = np.float32(0)
            for t in range(n):
                first += row[t] * (own[t] - middle)
            first /= count
            means[j, i] = middle + first
            second -= first * first
        variances[j] = max(second / np.float32(c), floor)


@compiled
def climbed(
    samples: Any, k: Any, floor: Any, weights: Any, means: Any, variances: Any, shares: Any, room: Any, trace: Any
) -> float:
    """EM from the mixture given, in place, until a step gains next to nothing; the log-likelihood.

    room : (2, n) float32, to work in. trace : (steps,) float64, the log-likelihood before each step that was made.
    """
    n = samples.shape[1]
    last = 0.0
    for step in range(len(trace)):
        now = expected(samples, k, weights, means, variances, shares, room[0], room[1])
        trace[step] = now
        if step > 0 and now - last < 0.002 * n:
            return now
        last = now
        maximised(samples, k, shares, floor, weights, means, variances, room[0])
    return expected(samples, k, weights, means, variances, shares, room[0], room[1])


@compiled
def seeded(samples: Any, j: Any, reach: Any, centre: Any, left: Any, squares: Any) -> bool:
    """The centre : (c,) of the densest heap of samples without those that j centres before took; False if none is left.

    Density is Epanechnikov's, Σ max(0, 1 − d²/reach²), at samples spread evenly over time. `left` : (> j + 1, n)
    float32 tells which samples no centre before has taken; its row j is read, and j + 1 written.
    """
    c, n = samples.shape
    if j == 0:
        left[0] = 1
    inverse = np.float32(1) / reach
    tries = min(n, _CANDIDATES)
    best, chosen = np.float32(0), -1
    for s in range(tries):
        t = ((2 * s + 1) * n) // (2 * tries)
        if left[j, t] == 0:
            continue
        for i in range(c):
            centre[i] = samples[i, t]
        _distances(samples, centre, squares)
        density = np.float32(0)
        for u in range(n):
            density += left[j, u] * max(np.float32(0), np.float32(1) - squares[u] * inverse)
        if density > best * np.float32(1.0001):
            best, chosen = density, t
    if chosen < 0:
        return False
    for i in range(c):
        centre[i] = samples[i, chosen]
    for _ in range(2):  # mean shift, to the middle of the heap
        _distances(samples, centre, squares)
        total = np.float32(0)
        for u in range(n):
            squares[u] = left[j, u] if squares[u] < reach else np.float32(0)
            total += squares[u]
        if total > 0:
            for i in range(c):
                mean = np.float32(0)
                for u in range(n):
                    mean += squares[u] * samples[i, u]
                centre[i] = mean / total
    _distances(samples, centre, squares)
    for u in range(n):
        left[j + 1, u] = left[j, u] if squares[u] >= reach else np.float32(0)
    left[j + 1, chosen] = 0
    return True


@compiled
def _begun(
    samples: Any, k: Any, floor: Any, centres: Any, left: Any, weights: Any, means: Any, variances: Any, squares: Any
) -> bool:
    """A start with k − 1 tight modes at the densest heaps and one over all that these leave; False if nothing is."""
    c, n = samples.shape
    remaining = np.float32(0)
    for t in range(n):
        remaining += left[k - 1, t]
    if remaining < 1:
        return False
    for j in range(k - 1):
        taken = np.float32(0)
        for t in range(n):
            taken += left[j, t] - left[j + 1, t]
        weights[j] = max(taken, np.float32(1)) / np.float32(n)
        variances[j] = 2 * floor
        for i in range(c):
            means[j, i] = centres[j, i]
    weights[k - 1] = remaining / np.float32(n)
    for i in range(c):
        mean = np.float32(0)
        for t in range(n):
            mean += left[k - 1, t] * samples[i, t]
        means[k - 1, i] = mean / remaining
    _distances(samples, means[k - 1], squares)
    second = np.float32(0)
    for t in range(n):
        second += left[k - 1, t] * squares[t]
    variances[k - 1] = max(second / (remaining * np.float32(c)), 2 * floor)
    return True


@compiled
def fitted_rows(
    frames: Any,
    low: Any,
    scale: Any,
    floor: Any,
    top: Any,
    bottom: Any,
    weights: Any,
    means: Any,
    variances: Any,
) -> None:
    """Mixtures for the pixels of rows top to bottom, modes from heavy to light; the least BIC says how many.

    frames : (n, h, w, c); weights : (h, w, k), means : (h, w, k, c) and variances : (h, w, k) float32, written. Modes
    that a pixel does not need have weight 0 and the first mode's mean.
    """
    count, _, w, c = frames.shape
    most = weights.shape[2]
    step = (count + _ENOUGH - 1) // _ENOUGH
    n = (count + step - 1) // step
    samples = np.empty((c, n), np.float32)
    shares, room = np.empty((most, n), np.float32), np.empty((2, n), np.float32)
    left = np.empty((most + 1, n), np.float32)
    centres = np.empty((most, c), np.float32)
    own_weights, own_means = np.empty(most, np.float32), np.empty((most, c), np.float32)
    own_variances = np.empty(most, np.float32)
    trace = np.empty(_STEPS, np.float64)
    order = np.empty(most, np.int64)
    for y in range(top, bottom):
        for x in range(w):
            gathered(frames, low, scale, y, x, step, samples)
            best = 0.0
            found = 0
            for k in range(1, min(most, n) + 1):
                if k == 1:
                    own_weights[0], own_variances[0] = 1, floor
                    for i in range(c):
                        own_means[0, i] = samples[i, 0]
                    shares[0] = 1
                    maximised(samples, 1, shares, floor, own_weights, own_means, own_variances, room[0])
                    value = expected(samples, 1, own_weights, own_means, own_variances, shares, room[0], room[1])
                elif not seeded(samples, k - 2, 16 * c * floor, centres[k - 2], left, room[0]) or not _begun(
                    samples, k, floor, centres, left, own_weights, own_means, own_variances, room[0]
                ):
                    break
                else:
                    value = climbed(samples, k, floor, own_weights, own_means, own_variances, shares, room, trace)
                criterion = -2 * value + (k * (c + 2) - 1) * np.log(n)
                if k == 1 or criterion < best:
                    best, found = criterion, k
                    for j in range(k):
                        order[j] = j
                    for j in range(1, k):
                        i = j
                        while i > 0 and own_weights[order[i]] > own_weights[order[i - 1]]:
                            order[i], order[i - 1] = order[i - 1], order[i]
                            i -= 1
                    for j in range(k):
                        weights[y, x, j] = own_weights[order[j]]
                        variances[y, x, j] = own_variances[order[j]]
                        means[y, x, j] = own_means[order[j]]
                if k == 1 and own_variances[0] < 2 * floor:
                    break
            for j in range(found, most):
                weights[y, x, j] = 0
                variances[y, x, j] = variances[y, x, 0]
                means[y, x, j] = means[y, x, 0]
