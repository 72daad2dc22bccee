"""A model of a collection: what gives pictures to come the same clusters."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.albums.describing import DESCRIPTORS
from gmmseg.albums.imagery import swatches_of
from gmmseg.albums.kinds import features_named
from gmmseg.albums.projection import Projection
from gmmseg.archives import damaged, encoded, opened
from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.files.targets import Target, writing
from gmmseg.mixture import Mixture

FORMAT = "gmmseg collection model"
_VERSION = 1
_ARRAYS = ("weights", "means", "covariances", "colors", "centre", "axes")


@dataclass(frozen=True, eq=False)
class CollectionModel:
    """A mixture with all that is needed to cluster other pictures by it.

    Attributes
    ----------
    mixture : Mixture
        The largest cluster first.
    features : str
        What describes a picture; see `gmmseg.albums.FEATURES`.
    colors : (k, 3) uint8
        The mean colour of each cluster, sRGB.
    projection : Projection or None
        From the description to the mixture's dimensions; None where they are the same.
    """

    mixture: Mixture
    features: str
    colors: NDArray[np.uint8] = field(repr=False)
    projection: Projection | None = field(default=None, repr=False)

    def rows(self, descriptions: Doubles) -> Doubles:
        """Descriptions of pictures : (n, D), as rows of the mixture : (n, d)."""
        return descriptions if self.projection is None else self.projection(descriptions)

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The names of the mixture's columns; None where they are directions of a longer description."""
        return DESCRIPTORS[self.features].columns

    def swatches(self, rows: Doubles) -> NDArray[np.uint8] | None:
        """Rows of the mixture : (n, d), as small pictures : (n, s, s, 3) uint8; None where colours have no place."""
        return swatches_of(rows if self.projection is None else self.projection.undone(rows), self.features)

    def save(self, target: Target) -> None:
        """Write the model to an npz file (a path or a binary file), whole or not at all: arrays and a JSON header."""
        mixture, projection = self.mixture, self.projection
        header = encoded(
            {"format": FORMAT, "version": _VERSION, "covariance": mixture.covariance, "features": self.features}
        )
        with writing(target) as file:
            np.savez(
                file,
                header=header,
                weights=mixture.weights,
                means=mixture.means,
                covariances=mixture.covariances,
                colors=self.colors,
                centre=np.empty(0) if projection is None else projection.centre,
                axes=np.empty((0, 0)) if projection is None else projection.axes,
            )

    @classmethod
    def load(cls, path: str | PathLike[str]) -> CollectionModel:
        """Read a model that `save` wrote."""
        header, arrays = opened(path, FORMAT, _VERSION, _ARRAYS)
        weights, means, covariances, colors, centre, axes = (arrays[name] for name in _ARRAYS)
        try:
            mixture = Mixture(weights, means, covariances, header["covariance"])
            features = features_named(header["features"])
        except (KeyError, TypeError, InputError, np.linalg.LinAlgError) as error:
            raise damaged(path, FORMAT, f"its contents do not fit together ({error})") from None
        if colors.shape != (mixture.k, 3) or colors.dtype != np.uint8:
            raise damaged(path, FORMAT, f"its colours are {colors.dtype} {colors.shape}")
        projection = _projection(features, centre, axes, mixture.d)
        if isinstance(projection, str):
            raise damaged(path, FORMAT, projection)
        return cls(mixture, features, colors, projection)


def model_of(given: Any) -> CollectionModel:
    """A model, or the one in a file."""
    if isinstance(given, CollectionModel):
        return given
    if isinstance(given, str | PathLike):
        return CollectionModel.load(given)
    raise InputError(f"expected a model as a CollectionModel or a path; got {type(given).__name__}")


def _projection(features: str, centre: NDArray[Any], axes: NDArray[Any], d: int) -> Projection | str | None:
    """The projection of a file, or what is wrong with it."""
    descriptor = DESCRIPTORS[features]
    if descriptor.columns is not None:
        return None if d == len(descriptor.columns) else f"{features} has {len(descriptor.columns)} columns, not {d}"
    fits = centre.shape == (descriptor.length,) and axes.shape == (descriptor.length, d)
    numbers = all(array.dtype == np.float64 and np.isfinite(array).all() for array in (centre, axes))
    return Projection(centre, axes) if fits and numbers else f"its projection is {centre.shape} and {axes.shape}"
