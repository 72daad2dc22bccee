"""The first estimate: each patch by its posterior mean under a mixture of all.

A patch y = x + n with noise n of variance σ² and x of component c, N(μ, Σ), has the posterior mean

    μ + Σ (Σ + σ²I)⁻¹ (y − μ),

and the mixture weighs those of its components by their responsibilities (Yu, Sapiro and Mallat 2010). Patches are
taken less their own mean level, so that an edge is the same in the light and in the dark.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles, Floats
from gmmseg.crew import Crew
from gmmseg.mixture import Mixture, fit
from gmmseg.mixture.distinct import distinct_up_to
from gmmseg.mixture.rows import checked
from gmmseg.patchwork.restoring.overlapping import cut, put_back
from gmmseg.patchwork.restoring.tiles import by_tiles

_K = 19
_SAMPLE = 60_000  # patches that the mixture is fitted to
_STEPS = 8  # of EM: later ones better the likelihood, and no longer the picture
_SEEN = np.float32(0.01)  # responsibilities under this are not followed
FLOOR = np.float32(0.02)  # of the noise's variance, that is left in the surest patch


@dataclass(frozen=True, eq=False)
class Wiener:
    """What estimates the patches of each component.

    Attributes
    ----------
    means : (k, d), gains : (k, d, d) float32
    left : (k,) float32
        The share of the noise's variance that is left.
    """

    means: Floats
    gains: Floats
    left: Floats


def first_estimate(planes: Floats, noise: float, size: int, seed: int, crew: Crew) -> Floats:
    """Planes (h, w, c) with noise of this deviation, restored once; the first plane says which patches are alike."""
    h, w, c = planes.shape
    sample = _sampled(planes, size, seed)
    mixture = _mixture(sample[0], noise, seed, crew)
    shares = mixture.responsibilities(sample[0], threads=crew.threads)
    filters = [_wiener(rows, shares, noise) for rows in sample]

    def work(down: slice, across: slice) -> tuple[Floats, Floats]:
        sums = np.empty((down.stop - down.start, across.stop - across.start, c), np.float32)
        weights = np.empty_like(sums)
        own: Floats | None = None
        for plane in range(c):
            rows, level = _levelled(cut(planes[down, across, plane], size))
            own = mixture.responsibilities(rows, threads=1) if own is None else own
            rows, left = _estimated(rows, own, filters[plane])
            rows += level
            sums[..., plane], weights[..., plane] = put_back(rows, 1 / (left + FLOOR), sums.shape[:2], size)
        return sums, weights

    return by_tiles((h, w, c), size, work, crew)


def _mixture(rows: Floats, noise: float, seed: int, crew: Crew) -> Mixture:
    """The mixture of noisy patches : (n, d), of fewer components where there are few different ones."""
    different = distinct_up_to(checked(rows), _K)
    k = min(_K, different, max(1, len(rows) // rows.shape[1]))
    return fit(
        rows,
        k,
        start="directional" if k > 1 else "auto",
        resolution=noise,
        max_iterations=_STEPS,
        seed=seed,
        threads=crew.threads,
    ).mixture


def _sampled(planes: Floats, size: int, seed: int) -> list[Floats]:
    """The same patches of all planes, each less its level : c × (n, d)."""
    h, w, c = planes.shape
    count = (h - size + 1) * (w - size + 1)
    few = min(count, _SAMPLE)
    places = ((np.arange(few) + np.random.default_rng(seed).random(few)) * (count / few)).astype(np.intp)
    down, across = np.divmod(np.minimum(places, count - 1), w - size + 1)
    windows = np.lib.stride_tricks.sliding_window_view(planes, (size, size), axis=(0, 1))
    return [_levelled(windows[down, across, plane].reshape(few, -1))[0] for plane in range(c)]


def _levelled(rows: Floats) -> tuple[Floats, Floats]:
    """Rows less their means, and these : (n, d) and (n, 1)."""
    level = rows.mean(axis=1, keepdims=True)
    return rows - level, level


def _wiener(rows: Floats, shares: Floats, noise: float) -> Wiener:
    """The filters of components that have these shares of the rows : (n, d), (n, k)."""
    k, d = shares.shape[1], rows.shape[1]
    means, gains, left = np.empty((k, d)), np.empty((k, d, d)), np.empty(k)
    for c in range(k):
        some = np.flatnonzero(shares[:, c] > _SEEN)
        weights = shares[some, c]
        count = max(float(weights.sum()), 1.0)
        means[c] = weights @ rows[some] / count
        centred = rows[some] - means[c].astype(np.float32)
        gains[c], left[c] = _gain((centred * weights[:, None]).T @ centred / np.float32(count), count, noise)
    return Wiener(means.astype(np.float32), gains.astype(np.float32), left.astype(np.float32))


def _gain(covariance: Floats, count: float, noise: float) -> tuple[Doubles, float]:
    """Σ (Σ + σ²I)⁻¹ of noisy patches of this covariance, and the share of the noise that it leaves.

    Of noise alone, sampled `count` times, the largest variance is about σ² (1 + √(d/n))² (Marchenko and Pastur 1967):
    up to there nothing is taken for signal.
    """
    values, axes = np.linalg.eigh(covariance.astype(np.float64))
    d = len(values)
    most = noise**2 * (1 + np.sqrt(d / max(count, d))) ** 2
    gains = np.where(values > most, 1 - noise**2 / np.maximum(values, most), 0)
    return (axes * gains) @ axes.T, float(gains.mean())


def _estimated(rows: Floats, shares: Floats, wiener: Wiener) -> tuple[Floats, Floats]:
    """Posterior means : (n, d), and the shares of noise left in them : (n,)."""
    found, left, total = np.zeros_like(rows), np.zeros(len(rows), np.float32), np.zeros(len(rows), np.float32)
    for c in range(shares.shape[1]):
        some = np.flatnonzero(shares[:, c] > _SEEN)
        if some.size == 0:
            continue
        share = shares[some, c]
        own = (rows[some] - wiener.means[c]) @ wiener.gains[c]
        own += wiener.means[c]
        found[some] += own * share[:, None]
        left[some] += share * wiener.left[c]
        total[some] += share
    found /= total[:, None]
    return found, left / total
