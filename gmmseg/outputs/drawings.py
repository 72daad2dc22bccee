"""Pictures for the eye."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmmseg import figures
from gmmseg.files import write_picture
from gmmseg.files.targets import Target
from gmmseg.outputs.labelled import Labelled
from gmmseg.outputs.palettes import segment_colors
from gmmseg.outputs.wishes import Wishes
from gmmseg.segmentation import Segmentation


def write_overlay(seg: Labelled, target: Target, wishes: Wishes, suffix: str) -> None:
    """The photo under a tint of its segments."""
    colors = segment_colors(seg, wishes.palette)
    _write(seg, figures.overlay(seg.picture, seg.labels, colors), target, suffix)


def write_contours(seg: Labelled, target: Target, wishes: Wishes, suffix: str) -> None:
    """The photo with the borders of its regions: of segments there would be more, where light fades slowly."""
    _write(seg, figures.contours(seg.picture, seg.regions), target, suffix)


def write_posterised(seg: Labelled, target: Target, wishes: Wishes, suffix: str) -> None:
    """Every segment in its mean colour."""
    _write(seg, figures.posterised(seg.labels, seg.colors), target, suffix)


def write_uncertainty(seg: Segmentation, target: Target, wishes: Wishes, suffix: str) -> None:
    """How unsure each pixel is."""
    _write(seg, figures.uncertainty_picture(seg.uncertainty, seg.labels), target, suffix)


def _write(seg: Labelled, pixels: NDArray[np.uint8], target: Target, suffix: str) -> None:
    if suffix in {".jpg", ".jpeg"}:
        pixels = pixels[..., :3]
    write_picture(target, pixels, format=suffix, resolution=seg.image.resolution)
