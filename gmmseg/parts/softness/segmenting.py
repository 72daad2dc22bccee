"""The regions of a cut as a segmentation like any other: soft masks, colours, a model."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.errors import InputError
from gmmseg.features import FeatureSpec, features_of
from gmmseg.files import in_srgb
from gmmseg.parts.softness.mixture import mixture_of
from gmmseg.parts.softness.shares import RegionShares
from gmmseg.parts.tree import RegionTree
from gmmseg.segmentation import Model, Origin, Segmentation, Space
from gmmseg.segmentation.measures import measured

_MOST = np.iinfo(np.int16).max
_WORDS = (
    "These regions are one cut through a tree that joins the most alike first: a detail keeps the borders stronger "
    "than 1 less that detail, and a count keeps as many regions. No mixture was fitted to find them; the Gaussian of "
    "each is that of its own colours. A pixel near a border may be shared by the regions about it."
)


def segmentation_of(
    tree: RegionTree, labels: NDArray[np.integer[Any]], settings: Mapping[str, object] | None = None
) -> Segmentation:
    """The segmentation whose segments are the regions of a cut.

    Every pixel belongs to its region wholly, but near borders, where it may be shared with the regions about it: see
    `gmmseg.parts.softness.mixing`. The model has one Gaussian a region in the usual colour space, and so can be applied
    to other pictures by colour alone.

    Parameters
    ----------
    tree : RegionTree
    labels : (h, w) integers
        The region of each pixel, numbered from 0 without a gap; −1 where left out.
    settings : mapping, optional
        What made the cut, for the report and the JSON.

    Returns
    -------
    Segmentation
    """
    begun = time.perf_counter()
    own, k = _checked(tree, labels)
    seen = in_srgb(tree.image)
    spec = FeatureSpec.usual(seen)
    features = features_of(seen, spec)
    mixture = mixture_of(features, own, k)
    shares = RegionShares.of(tree.picture, own, k, features.axes)
    certainty = shares.largest()
    measures = measured(own, tree.picture, certainty, k)
    if measures.area.min() == 0:
        raise InputError(
            f"expected regions numbered without a gap; number {int(measures.area.argmin())} has no pixel; cut this tree"
        )
    model = Model(mixture, spec, np.rint(measures.colour).astype(np.uint8), Space(0.0, 0.0, 0.0))
    seconds = tree.seconds + time.perf_counter() - begun
    origin = Origin(_WORDS, dict(settings or {}), "region")
    return Segmentation(tree.image, model, own, certainty, shares, tree.picture, seconds, None, origin)


def _checked(tree: RegionTree, labels: NDArray[np.integer[Any]]) -> tuple[NDArray[np.int16], int]:
    """Labels as int16, and how many regions there are."""
    labels = np.asarray(labels)
    if labels.shape != tree.crumbs.shape or labels.dtype.kind not in "iu":
        raise InputError(
            f"expected labels as integers {tree.crumbs.shape}; got {labels.dtype} {labels.shape}; cut this tree"
        )
    k = int(labels.max()) + 1
    if k > _MOST:
        raise InputError(f"expected at most {_MOST} regions; got {k}; ask for less detail")
    if ((labels >= 0) != tree.image.valid).any():
        raise InputError("expected labels of at least 0 wherever the picture is valid, and −1 elsewhere; cut this tree")
    return np.ascontiguousarray(labels, np.int16), k
