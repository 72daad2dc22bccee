"""Rows of features as small pictures for the eye: a colour, or a patch."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmmseg.features.colour import AXES
from gmmseg.features.inverse import rgb_of
from gmmseg.features.spec import COLOURS, FeatureSpec

_PATCH = re.compile(r"(colour)?patch:(\d+)(/\d+)?")


def swatches_of(rows: ArrayLike, spec: FeatureSpec) -> NDArray[np.uint8] | None:
    """Each row as a picture, if its features have one.

    Parameters
    ----------
    rows : (n, d)
    spec : FeatureSpec

    Returns
    -------
    (n, s, s, 3) uint8, or None
        Of patches with s pixels a side; of colours with one. None where there are no colours among the features.
    """
    values = np.asarray(rows, np.float64)
    patch = _PATCH.fullmatch(str(spec))
    if patch is not None:
        side = int(patch.group(2))
        samples = values.reshape(len(values), side, side, -1)
        levels: NDArray[np.uint8] = np.rint(np.clip(samples, 0, 255)).astype(np.uint8)
        return np.repeat(levels, 3 // levels.shape[3], axis=3)
    column = 0
    for part in spec.parts:
        if part.name in COLOURS:
            width = len(AXES[part.name])
            return rgb_of(values[:, column : column + width], part.name)[:, None, None]
        if part.name != "xy":  # how many columns others have, their pictures decide
            return None
        column += 2
    return None
