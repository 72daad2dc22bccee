"""How a segmentation comes about: read, describe, fit, assign."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.errors import InputError
from gmmseg.features import Features, FeatureSpec, displayed, features_of
from gmmseg.files import Image, in_srgb, read
from gmmseg.segmentation.crumbs import cleaned
from gmmseg.segmentation.fitting import History, fitted_mixture
from gmmseg.segmentation.model import Model, Space
from gmmseg.segmentation.order import ordered
from gmmseg.segmentation.segmentation import Segmentation
from gmmseg.segmentation.soft import Shares


def segment(
    source: Any,
    k: int | str = "auto",
    *,
    features: str | FeatureSpec | None = None,
    covariance: str = "full",
    start: str = "auto",
    seed: int = 0,
    smooth: float | None = None,
    min_area: float | None = None,
    join: float = Space.join,
    mask: Any = None,
    page: int = 1,
) -> Segmentation:
    """Segment a picture by a Gaussian mixture of its colours.

    Parameters
    ----------
    source : path, array, Image, Pillow image, bytes or binary file
        The picture. Arrays are (h, w) or (h, w, c) of uint8, uint16 or floats; see `gmmseg.files.image_of`.
    k : int or "auto"
        Number of segments; "auto" decides by ICL on as many pixels as a photo is worth, see
        `gmmseg.segmentation.choice`.
    features : str, optional
        Kinds joined by commas: rgb, lab, luv, hsv or grey; bands; xy (position, with a weight as in "xy:0.5");
        texture. By default lab for colour pictures, grey for grey ones, bands for others. Or "patch:8", the patch of
        8 × 8 grey pixels around each, alone; "patch:8/2" takes every second patch each way, and "colourpatch:8" all
        three channels.
    covariance : {"full", "diag", "tied", "spherical"}
    start : str
        Where the fit begins, as in `gmmseg.mixture.fit`; of patches "auto" is "directional".
    seed : int
    smooth : float, optional
        Strength of the smoothing along the picture's edges; 0 for none. By default 1, but none of patches.
    min_area : float, optional
        Pieces of a segment under this share of the picture take the label around them. By default 1e-4, but none of
        patches.
    join : float
        Regions with a border fainter than this become one; 0 joins none. It does not touch labels.
    mask : array (h, w) or path, optional
        Pixels where it is 0 are left out.
    page : int
        Of a file with several pictures, from 1.

    Returns
    -------
    Segmentation
    """
    image = read(source, page=page, mask=mask)
    spec = _spec(features, image)
    space = Space.of(spec, smooth, min_area, join)
    return segmented(image, k, spec, space, covariance=covariance, start=start, seed=seed)


def fit(
    sources: Any,
    k: int | str = "auto",
    *,
    features: str | FeatureSpec | None = None,
    covariance: str = "full",
    start: str = "auto",
    seed: int = 0,
    smooth: float | None = None,
    min_area: float | None = None,
    join: float = Space.join,
) -> Model:
    """A model of the colours of several pictures together; arguments as in `segment`.

    sources : list of what `segment` takes, or one of them
    """
    several = sources if isinstance(sources, list | tuple) else [sources]
    images = [in_srgb(read(source)) for source in several]
    if not images:
        raise InputError("expected at least one picture to fit a model to; got none")
    spec = _spec(features, images[0])
    space = Space.of(spec, smooth, min_area, join)
    return _fitted(images, k, spec, space, covariance=covariance, start=start, seed=seed)[0]


def segmented(image: Image, k: int | str, spec: FeatureSpec, space: Space, **fitting: Any) -> Segmentation:
    """The segmentation of a picture by a mixture of its own; what else is given goes to `fitted_mixture`."""
    begun = time.perf_counter()
    seen = in_srgb(image)
    model, history, described = _fitted([seen], k, spec, space, **fitting)
    return _assigned(image, displayed(seen), model, described[0], history, begun)


def applied(model: Model, image: Image) -> Segmentation:
    """The segmentation of a picture by a model that was fitted before."""
    begun = time.perf_counter()
    seen = in_srgb(image)
    described = features_of(seen, model.spec)
    if described.rows.shape[1] != model.mixture.d:
        raise InputError(
            f"expected a picture with {model.mixture.d} features a pixel, as the model has; "
            f"{image.name or 'this picture'} has {described.rows.shape[1]}"
        )
    return _assigned(image, displayed(seen), model, described, None, begun)


def _spec(features: str | FeatureSpec | None, image: Image) -> FeatureSpec:
    if features is None:
        return FeatureSpec.usual(image)
    return features if isinstance(features, FeatureSpec) else FeatureSpec.parse(features)


def _fitted(
    images: Sequence[Image], k: int | str, spec: FeatureSpec, space: Space, *, start: str, **fitting: Any
) -> tuple[Model, History, list[Features]]:
    described = [features_of(image, spec) for image in images]
    widths = sorted({one.rows.shape[1] for one in described})
    if len(widths) > 1:
        raise InputError(f"expected pictures with the same number of features a pixel; got {widths}; fit them apart")
    if start == "auto" and spec.patches:
        start = "directional"
    mixture, history = fitted_mixture(described, k, start=start, **fitting)
    mixture, colors = ordered(mixture, described, [displayed(image) for image in images])
    return Model(mixture, spec, colors, space), history, described


def _assigned(
    image: Image,
    picture: NDArray[np.uint8],
    model: Model,
    features: Features,
    history: History | None,
    begun: float,
) -> Segmentation:
    shares = Shares(features, model.mixture, picture, model.space.smooth)
    labels, certainty = shares.winners()
    labels = cleaned(labels, model.space.min_area * labels.size)
    return Segmentation(image, model, labels, certainty, shares, picture, time.perf_counter() - begun, history)
