"""The colours of components, and an order that is the same from run to run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gmmseg.features import Features
from gmmseg.features.patches import PatchRows
from gmmseg.mixture import Mixture

_LOOK = 1 << 18  # pixels that are looked at for colours
_NUMBERS = 1 << 24  # in their rows
_LUMA = np.array([0.2126, 0.7152, 0.0722])


def ordered(
    mixture: Mixture, several: Sequence[Features], pictures: Sequence[NDArray[np.uint8]]
) -> tuple[Mixture, NDArray[np.uint8]]:
    """The mixture with its components from the darkest to the brightest, and their mean colours : (k, 3) uint8.

    Shares and fits may change a little from one run or version to the next, and which of two components is the larger
    with them; which is the darker hardly ever does. But clusters of patches are mostly all of one brightness, and come
    from the largest to the smallest.
    """
    totals, sums = np.zeros(mixture.k), np.zeros((mixture.k, 3))
    for features, picture in zip(several, pictures, strict=True):
        if features.colours is not None:
            rows, weights, colours = features.rows[:], features.weights, features.colours
        else:
            pixels = np.flatnonzero(features.index >= 0)
            pixels = pixels[:: -(-len(pixels) // min(_LOOK, _NUMBERS // mixture.d))]
            numbers = features.index.reshape(-1)[pixels]
            rows, weights = features.rows[numbers], features.weights[numbers]
            colours = picture.reshape(-1, 3)[pixels]
        shares = mixture.responsibilities(rows) * weights[:, None].astype(np.float32)
        totals += shares.sum(axis=0, dtype=np.float64)
        sums += shares.T.astype(np.float64) @ colours
    means = sums / np.maximum(totals, 1e-12)[:, None]
    order = np.lexsort((*means.T[::-1], np.round(means @ _LUMA, 6)))
    if any(isinstance(features.rows, PatchRows) for features in several):
        order = np.argsort(-mixture.weights, kind="stable")
    covariances = mixture.covariances if mixture.covariance == "tied" else mixture.covariances[order]
    arranged = Mixture(mixture.weights[order], mixture.means[order], covariances, mixture.covariance)
    return arranged, np.clip(np.rint(means[order]), 0, 255).astype(np.uint8)
