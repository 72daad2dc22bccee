"""What is normal, as a mixture, and how high normal pixels score under one that has not seen them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmmseg.anomalies.scoring import described, evenly, score_of
from gmmseg.anomalies.tail import Tail
from gmmseg.arrays import Doubles
from gmmseg.features import FeatureSpec
from gmmseg.files import Image
from gmmseg.mixture import Mixture, fit

_ROWS = 1 << 16  # that a mixture is fitted to
_FOLDS = 4  # parts of the normal pixels, each scored by a mixture of the others
_STEPS = 100  # of a fit
_AGAIN = 30  # steps from the mixture of all to that of some
_CONTEST = 12  # dimensions beyond which starts do not compete: it would take minutes
_SCORES = 1 << 21  # that a tail is measured on
_ROUNDS = 4
_FINER = 0.05  # of the differences that an eye sees: means over a neighbourhood are known better than a pixel
_TRIM = 0.05  # the share of a picture that may be odd, and is left out when its bulk is fitted again


@dataclass(frozen=True, eq=False)
class _Piece:
    """A rectangle of a normal picture: rows top to bottom and columns left to right, and a sample of its features."""

    image: int
    window: tuple[slice, slice]
    rows: NDArray[np.float32]
    weights: Doubles
    resolution: Doubles


def fitted_to_normal(
    images: Sequence[Image], spec: FeatureSpec, k: int, covariance: str, smooth: float, seed: int
) -> tuple[Mixture, Tail]:
    """A mixture of all pictures, and the tail of the scores of their pixels by cross-fitting.

    The pixels fall into four parts, whole pictures where there are four, else stripes of them; each part is scored by
    the mixture of the other parts. So the scores are those of pixels that were not fitted to, and the tail has the
    differences between pictures in it.
    """
    random = np.random.default_rng(seed)
    pieces = _pieces(images, spec, random)
    everything = _fitted(pieces, k, covariance, seed, None)
    folds = min(_FOLDS, len(pieces))
    scores = []
    for fold in range(folds):
        held = [piece for n, piece in enumerate(pieces) if n % folds == fold]
        others = [piece for n, piece in enumerate(pieces) if n % folds != fold]
        mixture = _fitted(others, k, covariance, seed, everything) if others else everything
        for i in sorted({piece.image for piece in held}):
            image = images[i]
            score = score_of(described(image, spec, mixture.d), mixture, image.valid, smooth)
            scores += [score[piece.window] for piece in held if piece.image == i]
    flat = np.concatenate([part[np.isfinite(part)] for part in scores])
    return everything, Tail.of(_thinned(flat, random))


def fitted_to_bulk(
    image: Image, spec: FeatureSpec, k: int, covariance: str, smooth: float, seed: int
) -> tuple[Mixture, Tail]:
    """A mixture of most of one picture, and the tail of its scores, both without what may be odd in it.

    The least dense pixels get weight 0 and the mixture is fitted again (trimmed likelihood, Neykov et al. 2007). What
    is odd may also have won a component of its own: those that hold less than the same share are left out.
    """
    random = np.random.default_rng(seed)
    features = described(image, spec)
    kept = np.arange(len(features.rows))
    mixture: Mixture | None = None
    for _ in range(_ROUNDS):
        chosen = kept[evenly(kept.size, _ROWS, random)]
        mixture = _heavy(
            _of_rows(features.rows[chosen], features.weights[chosen], features.resolution, k, covariance, seed, mixture)
        )
        score = score_of(features, mixture, image.valid, smooth)
        odd = np.zeros(len(features.rows), np.bool_)
        odd[features.index[score > np.nanquantile(score, 1 - _TRIM)]] = True
        kept = np.flatnonzero(~odd)
    return mixture, Tail.of_bulk(_thinned(score[np.isfinite(score)], random))  # type: ignore[return-value]


def _heavy(mixture: Mixture) -> Mixture:
    """The mixture without components that hold less than may be odd; the heaviest stays in any case."""
    kept = mixture.weights >= min(_TRIM, float(mixture.weights.max()))
    if kept.all():
        return mixture
    weights = mixture.weights[kept] / mixture.weights[kept].sum()
    covariances = mixture.covariances if mixture.covariance == "tied" else mixture.covariances[kept]
    return Mixture(weights, mixture.means[kept], covariances, mixture.covariance)


def _pieces(images: Sequence[Image], spec: FeatureSpec, random: np.random.Generator) -> list[_Piece]:
    """At least four, as far as there are rows of pixels; of each as many rows of features."""
    stripes = -(-_FOLDS // len(images))
    each = max(1, _ROWS // len(images))
    pieces: list[_Piece] = []
    width: int | None = None
    for i, image in enumerate(images):
        features = described(image, spec, width)
        width = features.rows.shape[1]
        for part in np.array_split(np.arange(image.height), min(stripes, image.height)):
            window = (slice(int(part[0]), int(part[-1]) + 1), slice(0, image.width))
            numbers = np.unique(features.index[window])
            numbers = numbers[numbers >= 0]
            if numbers.size == 0:
                continue
            most = max(1, each // stripes)
            numbers = numbers[evenly(numbers.size, most, random)]
            pieces.append(_Piece(i, window, features.rows[numbers], features.weights[numbers], features.resolution))
    return pieces


def _fitted(pieces: Sequence[_Piece], k: int, covariance: str, seed: int, start: Mixture | None) -> Mixture:
    rows = np.concatenate([piece.rows for piece in pieces])
    weights = np.concatenate([piece.weights for piece in pieces])
    resolution = np.mean([piece.resolution for piece in pieces], axis=0)
    return _of_rows(rows, weights, resolution, k, covariance, seed, start)


def _of_rows(
    rows: NDArray[np.float32],
    weights: Doubles,
    resolution: Doubles,
    k: int,
    covariance: str,
    seed: int,
    start: Mixture | None,
) -> Mixture:
    """A mixture of at most k components: of few different rows there can be no more."""
    if start is not None:
        return fit(
            rows,
            start.k,
            covariance=covariance,
            weights=weights,
            resolution=_FINER * resolution,
            start=start,
            seed=seed,
            tolerance=1e-3,
            max_iterations=_AGAIN,
        ).mixture
    resolution = _FINER * resolution
    few = len(np.unique(rows[: 1 << 12], axis=0))
    return fit(
        rows,
        max(1, min(k, few)),
        covariance=covariance,
        weights=weights,
        resolution=resolution,
        start="auto" if rows.shape[1] <= _CONTEST else "kmeans",
        seed=seed,
        tolerance=1e-3,
        max_iterations=_STEPS,
    ).mixture


def _thinned(scores: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    if scores.size <= _SCORES:
        return scores
    return scores[random.choice(scores.size, _SCORES, replace=False)]
