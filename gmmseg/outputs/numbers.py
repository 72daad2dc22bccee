"""Pictures whose samples are numbers of segments or regions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.files import write_picture
from gmmseg.files.targets import Target
from gmmseg.outputs.geography import placed
from gmmseg.outputs.labelled import Labelled
from gmmseg.outputs.palettes import region_colors, segment_colors
from gmmseg.outputs.wishes import Wishes
from gmmseg.segmentation import Segmentation

# The last number is for what was left out, whatever k is: that is what readers of such pictures expect ("ignore").
_SMALL, _LARGE = 255, 65535


def write_labels(seg: Labelled, target: Target, wishes: Wishes, suffix: str) -> None:
    """The number of each pixel's segment, in the colours of the palette.

    Up to 255 segments, samples have 8 bits and a palette, and 255 is left out and transparent; beyond, they have 16
    bits and are grey, and 65535 is left out. TIFF says so in its no-data tag.
    """
    _write(seg, seg.labels, seg.k, lambda: segment_colors(seg, wishes.palette), target, suffix)


def write_regions(seg: Segmentation, target: Target, wishes: Wishes, suffix: str) -> None:
    """The number of each pixel's region, from 0 in reading order; like `write_labels`.

    More than 65535 regions are written as float32, which counts to 2²⁴ without a gap, with −1 for what was left out.
    """
    count = int(seg.regions.max()) + 1
    _write(seg, seg.regions, count, lambda: region_colors(seg, count, wishes.palette), target, suffix)


def _write(
    seg: Labelled,
    numbers: NDArray[np.integer[Any]],
    count: int,
    colors: Callable[[], NDArray[np.uint8]],
    target: Target,
    suffix: str,
) -> None:
    image = seg.image
    palette: NDArray[np.uint8] | None = None
    transparent: int | None = None
    samples: NDArray[Any]
    if count <= _SMALL:
        samples, left_out = numbers.astype(np.uint8), _SMALL  # −1 becomes the last number
        palette = colors()
        if not image.valid.all():
            palette = np.concatenate([palette, np.zeros((_SMALL + 1 - count, 3), np.uint8)])
            transparent = _SMALL
    elif count <= _LARGE:
        samples, left_out = numbers.astype(np.uint16), _LARGE
    else:
        samples, left_out = numbers.astype(np.float32), -1
    write_picture(
        target,
        samples,
        format=suffix,
        palette=palette,
        transparent=transparent,
        resolution=image.resolution,
        geo=placed(image.geo, left_out),
    )
