"""A model of what is normal: what any picture can be held against."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

import numpy as np

from gmmseg.anomalies.found import Anomaly, boxed
from gmmseg.anomalies.tail import Tail
from gmmseg.archives import damaged, encoded, opened
from gmmseg.arguments import is_number, require_count
from gmmseg.errors import InputError
from gmmseg.features import FeatureSpec
from gmmseg.files import Image
from gmmseg.files.targets import Target, writing
from gmmseg.mixture import Mixture

K = 10
SMOOTH = 3.0
FALSE_ALARMS = 1e-4
_MOST_SMOOTH = 100.0


@dataclass(frozen=True, eq=False)
class AnomalyModel:
    """The density of what is normal, and how high normal pixels score.

    Attributes
    ----------
    mixture : Mixture
    spec : FeatureSpec
    smooth : float
        Standard deviation in pixels of the neighbourhood over which scores are averaged.
    tail : Tail
    pictures : int
        How many it was fitted to; 0 for the bulk of the very picture in which anomalies are looked for.
    """

    mixture: Mixture
    spec: FeatureSpec
    smooth: float
    tail: Tail = field(repr=False)
    pictures: int = 0

    @classmethod
    def fit(
        cls,
        normal: Any,
        *,
        features: str | FeatureSpec | None = None,
        k: int = K,
        covariance: str = "full",
        smooth: float = SMOOTH,
        seed: int = 0,
    ) -> AnomalyModel:
        """A model of normal pictures; arguments as in `gmmseg.anomaly`.

        normal : list of what `gmmseg.read` takes, or one of them
        """
        from gmmseg.anomalies.fitting import fitted_to_normal

        images = _images(normal)
        spec = spec_of(images[0], features)
        count, width = _checked(k, smooth)
        mixture, tail = fitted_to_normal(images, spec, count, covariance, width, seed)
        return cls(mixture, spec, width, tail, len(images))

    @classmethod
    def of_bulk(
        cls,
        image: Image,
        *,
        features: str | FeatureSpec | None = None,
        k: int = K,
        covariance: str = "full",
        smooth: float = SMOOTH,
        seed: int = 0,
    ) -> AnomalyModel:
        """A model of most of one picture, whose least dense pixels may be odd."""
        from gmmseg.anomalies.fitting import fitted_to_bulk

        spec = spec_of(image, features)
        count, width = _checked(k, smooth)
        mixture, tail = fitted_to_bulk(image, spec, count, covariance, width, seed)
        return cls(mixture, spec, width, tail)

    def apply(
        self, source: Any, *, false_alarms: float = FALSE_ALARMS, min_area: int = 1, page: int = 1, mask: Any = None
    ) -> Anomaly:
        """Hold a picture against the model; sources are those of `gmmseg.read`."""
        from gmmseg.anomalies.scoring import score_of
        from gmmseg.features import displayed
        from gmmseg.files import in_srgb, read

        image = read(source, page=page, mask=mask)
        begun = time.perf_counter()
        least = require_count("min_area", min_area)
        threshold = self.tail.threshold(false_alarms)
        seen = in_srgb(image)
        score = score_of(seen, self.spec, self.mixture, self.smooth)
        odd, boxes = boxed(score, threshold, least, self.tail)
        score.flags.writeable = False
        odd.flags.writeable = False
        seconds = time.perf_counter() - begun
        return Anomaly(image, displayed(seen), score, threshold, float(false_alarms), odd, boxes, self, seconds)

    def save(self, target: Target) -> None:
        """Write the model to an npz file (a path or a binary file), whole or not at all: arrays and a JSON header."""
        mixture, tail = self.mixture, self.tail
        header = encoded(
            {
                "format": FORMAT,
                "version": _VERSION,
                "covariance": mixture.covariance,
                "features": str(self.spec),
                "smooth": self.smooth,
                "scale": tail.scale,
                "shape": tail.shape,
                "pictures": self.pictures,
            }
        )
        with writing(target) as file:
            np.savez(
                file,
                header=header,
                weights=mixture.weights,
                means=mixture.means,
                covariances=mixture.covariances,
                levels=tail.levels,
                shares=tail.shares,
            )

    @classmethod
    def load(cls, path: str | PathLike[str]) -> AnomalyModel:
        """Read a model that `save` wrote."""
        header, arrays = opened(path, FORMAT, _VERSION, _ARRAYS)
        weights, means, covariances, levels, shares = (arrays[name] for name in _ARRAYS)
        try:
            mixture = Mixture(weights, means, covariances, header["covariance"])
            spec = FeatureSpec.parse(header["features"])
            numbers = [float(header[name]) for name in ("smooth", "scale", "shape")]
            pictures = int(header["pictures"])
        except (KeyError, TypeError, ValueError, np.linalg.LinAlgError) as error:
            raise damaged(path, FORMAT, f"its contents do not fit together ({error})") from None
        smooth, scale, shape = numbers
        table = levels.ndim == 1 and levels.size > 1 and levels.shape == shares.shape
        if (
            not table
            or not all(np.isfinite(part).all() for part in (levels, shares, numbers))
            or (np.diff(levels) < 0).any()
            or (np.diff(shares) >= 0).any()
            or not (shares[-1] > 0 and shares[0] <= 1 and scale > 0 and 0 <= smooth <= _MOST_SMOOTH)
        ):
            raise damaged(path, FORMAT, "its calibration makes no sense")
        tail = Tail(levels.astype(np.float64), shares.astype(np.float64), scale, shape)
        return cls(mixture, spec, smooth, tail, pictures)


FORMAT = "gmmseg anomaly model"
_VERSION = 1
_ARRAYS = ("weights", "means", "covariances", "levels", "shares")


def spec_of(image: Image, features: str | FeatureSpec | None) -> FeatureSpec:
    """The features asked for, or what suits a picture: a pixel's colour, that around it, and the grain there."""
    if isinstance(features, FeatureSpec):
        return features
    return FeatureSpec.parse(f"{FeatureSpec.usual(image)},tone,grain" if features is None else features)


def _images(normal: Any) -> Sequence[Image]:
    from gmmseg.files import in_srgb, read

    several = normal if isinstance(normal, list | tuple) else [normal]
    if not several:
        raise InputError("expected at least one normal picture; got none")
    return [in_srgb(read(source)) for source in several]


def _checked(k: int, smooth: float) -> tuple[int, float]:
    if not is_number(smooth) or not 0 <= smooth <= _MOST_SMOOTH:
        raise InputError(f"expected smooth from 0 to {_MOST_SMOOTH:g} pixels; got {smooth!r}")
    return require_count("k", k), float(smooth)
