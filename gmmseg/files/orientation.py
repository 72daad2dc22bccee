"""The eight EXIF orientations: how the stored picture is turned so that it stands upright."""

from __future__ import annotations

from dataclasses import replace

from gmmseg.files.image import Image, Samples


def turned(array: Samples, orientation: int) -> Samples:
    """A view of array : (h, w, ...) that is upright, for an orientation of 1 to 8 (EXIF 2.3, tag 274)."""
    swapped, rows, columns = turns(orientation)
    if swapped:
        array = array.swapaxes(0, 1)
    if rows:
        array = array[::-1]
    if columns:
        array = array[:, ::-1]
    return array


def turns(orientation: object) -> tuple[bool, bool, bool]:
    """Whether rows and columns change places, and then which of the two run the other way."""
    if not isinstance(orientation, int):
        return False, False, False
    return orientation in {5, 6, 7, 8}, orientation in {3, 4, 7, 8}, orientation in {2, 3, 6, 7}


def upright(image: Image, orientation: object) -> Image:
    """The picture turned upright; orientations that do not exist turn nothing."""
    if not isinstance(orientation, int) or not 2 <= orientation <= 8:
        return image
    import numpy as np

    resolution = image.resolution
    if resolution is not None and orientation >= 5:
        resolution = resolution[::-1]
    return replace(
        image,
        pixels=np.ascontiguousarray(turned(image.pixels, orientation)),
        valid=np.ascontiguousarray(turned(image.valid, orientation)),
        alpha=None if image.alpha is None else np.ascontiguousarray(turned(image.alpha, orientation)),
        resolution=resolution,
        geo=(),  # the tags speak of the stored rows and columns
    )
