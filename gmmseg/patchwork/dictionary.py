"""The patches of which those of a cluster are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.mixture import Mixture
from gmmseg.mixture.blas import one_thread


@dataclass(frozen=True, eq=False)
class Dictionary:
    """The clusters of a mixture of patches, each by its mean and its principal patches.

    A patch of cluster i is its mean and a sum of its principal patches, each times a number drawn with that patch's
    deviation.

    Attributes
    ----------
    shares : (k,) float64
        Of all patches.
    means : (k, s, s, c) float64
    patches : (k, d, s, s, c) float64
        Of unit length and at right angles to each other, from the one along which the cluster varies most.
    deviations : (k, d) float64
        The standard deviation along each; of that the noise has no part.
    """

    shares: Doubles
    means: Doubles
    patches: Doubles
    deviations: Doubles


def dictionary_of(mixture: Mixture, size: int, noise: float = 0.0) -> Dictionary:
    """The dictionary of a mixture of patches of size × size pixels, with noise of this standard deviation."""
    shape = (size, size, mixture.d // size**2)
    with one_thread(mixture.d):
        values, vectors = np.linalg.eigh(mixture.family.matrices(mixture.covariances, mixture.k, mixture.d))
    patches = np.swapaxes(vectors[..., ::-1], 1, 2)
    # A patch and its negative are the same axis; what is largest is shown bright.
    peaks = np.take_along_axis(patches, np.abs(patches).argmax(axis=2)[..., None], axis=2)
    patches = patches * np.where(peaks < 0, -1.0, 1.0)
    return Dictionary(
        mixture.weights,
        mixture.means.reshape(-1, *shape),
        patches.reshape(mixture.k, mixture.d, *shape),
        np.sqrt(np.maximum(values[:, ::-1] - noise**2, 0)),
    )
