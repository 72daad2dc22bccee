"""Clustered patches as pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.dictionary import dictionary_picture
from gmmseg.figures.left_out import STRIPES, hatch
from gmmseg.figures.posterised import posterised
from gmmseg.figures.side_by_side import side_by_side
from gmmseg.outputs.palettes import segment_colors
from gmmseg.patchwork.clusters import Patches

SHOWN = 7  # principal patches of a cluster


def beside(several: Sequence[Patches], palette: str = "distinct") -> Bytes:
    """The photo, and beside it every pixel in the colour of its cluster; for several fits with titles : uint8."""
    titles = ["", *(f"k = {one.k}" for one in several)] if len(several) > 1 else []
    return side_by_side([several[0].segmentation.picture, *(clustered(one, palette) for one in several)], titles)


def clustered(patches: Patches, palette: str = "distinct") -> Bytes:
    """Every pixel in the colour of its cluster : (h, w, 3) uint8; what was left out is hatched."""
    labels = patches.labels
    picture = posterised(labels, segment_colors(patches.segmentation, palette))[..., :3]
    left_out = labels < 0
    if left_out.any():
        stripes = np.where(hatch(0, len(labels), labels.shape), STRIPES[1], STRIPES[0]).astype(np.uint8)
        picture[left_out] = stripes[left_out][:, None]
    return picture


def drawn_dictionary(patches: Patches, palette: str = "distinct") -> Bytes:
    """The dictionary, from the largest cluster to the smallest : uint8."""
    dictionary = patches.dictionary
    order = np.argsort(-dictionary.shares, kind="stable")
    return dictionary_picture(
        segment_colors(patches.segmentation, palette)[order],
        [str(c) for c in order],
        dictionary.shares[order],
        _levels(dictionary.means, patches)[order],
        dictionary.patches[order, :SHOWN],
    )


def _levels(means: Doubles, patches: Patches) -> Doubles:
    """As they are, from 0 to 255; those of measurements stretched together."""
    image = patches.segmentation.image
    if image.colour != "bands" or image.pixels.dtype != np.float32:
        return means
    low, high = means.min(), means.max()
    stretched: Doubles = (means - low) * (255 / (high - low if high > low else 1.0))
    return stretched
