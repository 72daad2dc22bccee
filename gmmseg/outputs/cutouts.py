"""The picture's own pixels, segment by segment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.files import Image, write_picture
from gmmseg.outputs.geography import placed
from gmmseg.outputs.masks import each_written
from gmmseg.outputs.planes import quantised_planes
from gmmseg.outputs.wishes import Wishes
from gmmseg.segmentation import Segmentation


def write_cutouts(seg: Segmentation, folder: Path, wishes: Wishes, suffix: str) -> list[Path]:
    """Pictures 0.png, 1.png, … with the samples of the file and the segment's soft mask as alpha.

    Depth, colour profile and resolution are those of the file; its own transparency multiplies the mask. Floats are
    written in 16 bits, and pictures of bands as they are shown. Pixels of alpha 0 are black, so that nothing of the
    picture hides in a cut-out, and files are small.
    """
    image = seg.image
    samples = _samples(seg)
    depth = 8 * samples.dtype.itemsize
    profile = None if image.colour == "bands" else image.profile

    def write(path: Path, mask: NDArray[Any]) -> None:
        cut = np.empty((*mask.shape, samples.shape[2] + 1), samples.dtype)
        alpha = _veiled(mask, image)
        np.multiply(samples, (alpha > 0)[..., None], out=cut[..., :-1])
        cut[..., -1] = alpha
        write_picture(path, cut, profile=profile, resolution=image.resolution, geo=placed(image.geo))

    return each_written(quantised_planes(seg, depth), seg.k, folder, suffix, write)


def _samples(seg: Segmentation) -> NDArray[Any]:
    """The picture as it can stand in a PNG : (h, w, 1 or 3) uint8 or uint16."""
    image = seg.image
    if image.colour == "bands":
        return seg.picture
    if image.pixels.dtype == np.float32:
        return np.rint(image.pixels * np.float32(65535)).astype(np.uint16)
    return image.pixels


def _veiled(mask: NDArray[Any], image: Image) -> NDArray[Any]:
    """The mask times the file's own alpha, of whatever depth, rounded."""
    if image.alpha is None:
        return mask
    full = np.uint32(np.iinfo(image.alpha.dtype).max)
    product = mask.astype(np.uint32) * image.alpha  # at most (2¹⁶ − 1)²
    return ((product + full // 2) // full).astype(mask.dtype)
