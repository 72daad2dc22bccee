"""What a file says of its pictures, beside the pixels."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from gmmseg.files.image import Image
from gmmseg.files.pillow import orientation_of, undecoded
from gmmseg.files.quiet import quiet
from gmmseg.files.reading import MAX_PIXELS, read
from gmmseg.files.sources import opened
from gmmseg.files.tiff import MAGIC, pictures_of
from gmmseg.files.wanted import Wanted


@dataclass(frozen=True, eq=False)
class Inspection:
    """A picture and what its file is.

    Attributes
    ----------
    image : Image
    format : str
        As Pillow calls it: JPEG, PNG, TIFF, …
    pages : int
        Pages or frames, of which `read` can be asked for each.
    turned : bool
        Whether the picture had to be turned to stand upright.
    transparency : bool
        Whether the file says that pixels may be transparent.
    profile : str
        The name of the colour profile; empty without one.
    colours : int or None
        How many different ones the valid pixels have; None where a pixel has too many bits to count them at ease.
    """

    image: Image
    format: str
    pages: int
    turned: bool
    transparency: bool
    profile: str
    colours: int | None

    def record(self) -> dict[str, Any]:
        """Numbers and text alone, ready for JSON."""
        image = self.image
        bits = image.pixels.dtype.itemsize * 8
        return {
            "format": self.format,
            "width": image.width,
            "height": image.height,
            "depth": f"{bits} bit float" if image.pixels.dtype.kind == "f" else f"{bits} bit",
            "colour": image.colour,
            "bands": int(image.pixels.shape[2]),
            "pages": self.pages,
            "transparency": self.transparency,
            "turned": self.turned,
            "profile": self.profile or None,
            "resolution": image.resolution and [round(dots, 2) for dots in image.resolution],
            "geo": bool(image.geo),
            "valid": float(image.valid.mean()),
            "colours": self.colours,
        }


def inspected(source: Any, *, page: int = 1, max_pixels: int | None = MAX_PIXELS) -> Inspection:
    """Read a picture and what its file says; arguments as for `read`, but files alone."""
    with opened(source) as found:
        data = found.file.read()
    image = read(data if str(source) == "-" else source, page=page, max_pixels=max_pixels)
    with quiet():
        known = _of_tiff(data, page) if data[:4] in MAGIC else _of_others(data, page, found.path.suffix)
    return Inspection(image, *known, _profile_name(image.profile), _colours(image))


def _of_tiff(data: bytes, page: int) -> tuple[str, int, bool, bool]:
    import tifffile

    with tifffile.TiffFile(io.BytesIO(data)) as tiff:
        pictures = pictures_of(tiff)
        shown: Any = tiff.pages[pictures[page - 1]]
        return (
            "TIFF",
            len(pictures),
            _turns(shown.tags.valueof(274)),
            any(kind in {1, 2} for kind in shown.extrasamples),
        )


def _of_others(data: bytes, page: int, suffix: str) -> tuple[str, int, bool, bool]:
    with undecoded(io.BytesIO(data), Wanted("", suffix=suffix)) as picture:
        pages = getattr(picture, "n_frames", 1)
        if page > 1:
            picture.seek(page - 1)
        return str(picture.format), pages, _turns(orientation_of(picture)), bool(picture.has_transparency_data)


def _turns(orientation: object) -> bool:
    return isinstance(orientation, int) and 2 <= orientation <= 8


def _profile_name(profile: bytes | None) -> str:
    if profile is None:
        return ""
    from PIL import ImageCms

    try:
        name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return "one that cannot be read"
    return " ".join(str(name).split()) or "one without a name"


def _colours(image: Image) -> int | None:
    """Pixels as whole numbers, counted."""
    samples = np.ascontiguousarray(image.pixels[image.valid])
    size = samples.itemsize * samples.shape[1]
    if size > 8 or samples.dtype.kind == "f":
        return None
    codes = np.zeros((len(samples), 8), np.uint8)
    codes[:, :size] = samples.view(np.uint8).reshape(len(samples), size)
    return int(np.unique(codes.view(np.uint64)).size)
