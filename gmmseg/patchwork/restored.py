"""A restored picture as a file, in the depth, colours and transparency of the one that was read."""

from __future__ import annotations

import numpy as np

from gmmseg.files import Image, write_picture
from gmmseg.files.targets import Target


def restored_suffix(image: Image) -> str:
    """PNG, or TIFF for what PNG cannot hold: floats, bands, a place on earth."""
    return ".tif" if image.colour == "bands" or image.pixels.dtype == np.float32 or image.geo else ".png"


def write_restored(target: Target, image: Image) -> None:
    """Write a picture with its own samples; pixels that are left out are transparent where there is room for it."""
    pixels = image.pixels
    if image.colour != "bands" and pixels.dtype != np.float32:
        most = np.iinfo(pixels.dtype).max
        alpha = image.alpha
        if alpha is None and not image.valid.all():
            alpha = np.where(image.valid, most, 0)
        elif alpha is not None and alpha.dtype != pixels.dtype:
            alpha = np.rint(alpha * (most / np.iinfo(alpha.dtype).max))
        if alpha is not None:
            pixels = np.concatenate([pixels, alpha.astype(pixels.dtype)[..., None]], axis=2)
    write_picture(
        target,
        pixels,
        format=restored_suffix(image),
        profile=image.profile,
        resolution=image.resolution,
        geo=image.geo,
    )
