"""What is normal, as a mixture, and how high normal pixels score under one that has not seen them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmmseg.anomalies.between import between, broadened
from gmmseg.anomalies.scoring import evenly, sampled, score_of
from gmmseg.anomalies.tail import Tail
from gmmseg.arrays import Doubles
from gmmseg.features import FeatureSpec
from gmmseg.files import Image
from gmmseg.mixture import Mixture, fit

_ROWS = 1 << 15  # that a mixture is fitted to
_FOLDS = 8  # parts of the normal pictures, each scored by a mixture of the others
_STRIPE_FOLDS = 4  # likewise of the stripes of a single picture
_PIECES = 8  # whose scores are compared; so many stripes at least, where pictures are fewer than …
_FEW = 4  # … these
_STEPS = 100  # of a fit
_AGAIN = 12  # steps from the mixture of all to that of some
_CONTEST = 12  # dimensions beyond which starts do not compete: it would take minutes
_SCORES = 1 << 21  # that a tail is measured on
_ROUNDS = 4
_FINER = 0.05  # of the differences that an eye sees: means over a neighbourhood are known better than a pixel
_TRIM = 0.05  # the share of a picture that may be odd, and is left out when its bulk is fitted again


@dataclass(frozen=True, eq=False)
class _Piece:
    """Rows of pixels of a normal picture, top to bottom, which fold they are in, and a sample of their features."""

    image: int
    window: slice
    fold: int
    rows: NDArray[np.float32]
    resolution: Doubles


def fitted_to_normal(
    images: Sequence[Image], spec: FeatureSpec, k: int, covariance: str, smooth: float, seed: int
) -> tuple[Mixture, Tail]:
    """A mixture of all pictures, and the tail of the scores of their pixels by cross-fitting.

    Each picture is scored by a mixture of the others (of up to eight groups of pictures by that of the other groups; a
    single picture by stripes). So the scores are those of pictures that were not fitted to, and how high the next
    picture may score is seen from how these differ.
    """
    random = np.random.default_rng(seed)
    pieces = _pieces(images, spec, random)
    everything = _fitted(pieces, k, covariance, seed, None)
    scores = []
    for fold in sorted({piece.fold for piece in pieces}):
        held = [piece for piece in pieces if piece.fold == fold]
        others = [piece for piece in pieces if piece.fold != fold]
        mixture = _broad(
            _fitted(others, k, covariance, seed, everything) if others else everything, others, len(images)
        )
        for i in sorted({piece.image for piece in held}):
            score = score_of(images[i], spec, mixture, smooth)
            scores += [score[piece.window] for piece in held if piece.image == i]
    most = max(1, _SCORES // len(pieces))
    finite = [part[np.isfinite(part)] for part in scores]
    return _broad(everything, pieces, len(images)), Tail.of_pieces(
        [_thinned(part, most, random) for part in finite if part.size]
    )


def fitted_to_bulk(
    image: Image, spec: FeatureSpec, k: int, covariance: str, smooth: float, seed: int
) -> tuple[Mixture, Tail]:
    """A mixture of most of one picture, and the tail of its scores, both without what may be odd in it.

    The least dense pixels get weight 0 and the mixture is fitted again (trimmed likelihood, Neykov et al. 2007). What
    is odd may also have won a component of its own: those that hold less than the same share are left out.
    """
    random = np.random.default_rng(seed)
    places = np.flatnonzero(image.valid)
    places = places[evenly(places.size, _ROWS, random)]
    rows, known, resolution = sampled(image, spec, places)
    places = places[known]
    kept = np.ones(places.size, np.bool_)
    mixture: Mixture | None = None
    for _ in range(_ROUNDS):
        mixture = _heavy(_of_rows(rows[kept], resolution, k, covariance, seed, mixture))
        score = score_of(image, spec, mixture, smooth)
        kept = score.ravel()[places] <= np.nanquantile(score, 1 - _TRIM)
    finite = score[np.isfinite(score)]
    return mixture, Tail.of_bulk(_thinned(finite, _SCORES, random))  # type: ignore[return-value]


def _heavy(mixture: Mixture) -> Mixture:
    """The mixture without components that hold less than may be odd; the heaviest stays in any case."""
    kept = mixture.weights >= min(_TRIM, float(mixture.weights.max()))
    if kept.all():
        return mixture
    weights = mixture.weights[kept] / mixture.weights[kept].sum()
    covariances = mixture.covariances if mixture.covariance == "tied" else mixture.covariances[kept]
    return Mixture(weights, mixture.means[kept], covariances, mixture.covariance)


def _pieces(images: Sequence[Image], spec: FeatureSpec, random: np.random.Generator) -> list[_Piece]:
    """Whole pictures, or stripes where there are few; of each as many rows of features."""
    n = len(images)
    stripes = 1 if n >= _FEW else -(-_PIECES // n)
    most = max(1, _ROWS // (n * stripes))
    pieces: list[_Piece] = []
    width: int | None = None
    for i, image in enumerate(images):
        found = []
        for number, part in enumerate(np.array_split(np.arange(image.height), min(stripes, image.height))):
            window = slice(int(part[0]), int(part[-1]) + 1)
            places = np.flatnonzero(image.valid[window]) + window.start * image.width
            fold = i % _FOLDS if n > 1 else number % _STRIPE_FOLDS
            found.append((window, fold, places[evenly(places.size, most, random)]))
        rows, known, resolution = sampled(image, spec, np.concatenate([places for _, _, places in found]), width)
        width = rows.shape[1]
        ends = np.cumsum([places.size for _, _, places in found])
        counted = np.concatenate([[0], np.cumsum(known)])
        for (window, fold, places), end in zip(found, ends, strict=True):
            own = rows[counted[end - places.size] : counted[end]]
            if len(own):
                pieces.append(_Piece(i, window, fold, own, resolution))
    return pieces


def _broad(mixture: Mixture, pieces: Sequence[_Piece], known: int) -> Mixture:
    """The mixture as it is for pictures that were not seen; of a single one nothing tells how these may differ."""
    pictures = [
        np.concatenate([piece.rows for piece in pieces if piece.image == i])
        for i in sorted({piece.image for piece in pieces})
    ]
    return broadened(mixture, between(pictures, known)) if len(pictures) > 1 else mixture


def _fitted(pieces: Sequence[_Piece], k: int, covariance: str, seed: int, start: Mixture | None) -> Mixture:
    rows = np.concatenate([piece.rows for piece in pieces])
    resolution = np.mean([piece.resolution for piece in pieces], axis=0)
    return _of_rows(rows, resolution, k, covariance, seed, start)


def _of_rows(
    rows: NDArray[np.float32], resolution: Doubles, k: int, covariance: str, seed: int, start: Mixture | None
) -> Mixture:
    """A mixture of at most k components: of few different rows there can be no more."""
    few = len(np.unique(rows[:: max(1, len(rows) >> 12)], axis=0))
    again = start is not None and start.k <= few
    usual = "auto" if rows.shape[1] <= _CONTEST else "kmeans"
    return fit(
        rows,
        start.k if start is not None and again else max(1, min(k, few)),
        covariance=covariance,
        resolution=_FINER * resolution,
        start=start if start is not None and again else usual,
        seed=seed,
        tolerance=1e-3,
        max_iterations=_AGAIN if again else _STEPS,
    ).mixture


def _thinned(scores: NDArray[np.float32], most: int, random: np.random.Generator) -> NDArray[np.float32]:
    return scores[evenly(scores.size, most, random)]
