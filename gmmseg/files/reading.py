"""Reading a picture from wherever it is, in whatever format it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np

from gmmseg.arrays import Flags
from gmmseg.errors import FileError, GmmsegError, InputError
from gmmseg.files.image import Image, described, image_of, is_pillow
from gmmseg.files.listing import Source
from gmmseg.files.pillow import read_by_pillow
from gmmseg.files.png import SIGNATURE, read_png
from gmmseg.files.quiet import quiet
from gmmseg.files.sources import opened, shown
from gmmseg.files.tiff import MAGIC, read_tiff
from gmmseg.files.wanted import Wanted

MAX_PIXELS = 250_000_000


def read(source: Any, *, page: int = 1, mask: Any = None, max_pixels: int | None = MAX_PIXELS) -> Image:
    """A picture, upright and in full depth.

    Parameters
    ----------
    source : path, "-", bytes, binary file, array, PIL.Image.Image, Source or Image
        "-" is standard input.
    page : int
        Which picture of a TIFF with several pages, or frame of an animation; from 1.
    mask : like source, or array (h, w)
        Pixels where it is 0 (in all channels, or transparent) are left out. It is seen as the picture is: upright.
    max_pixels : int or None
        Larger files are refused before they are decoded. None: no limit.

    Returns
    -------
    Image

    Raises
    ------
    FileError
        Nothing can be read there, or it is no whole picture.
    InputError
        An argument cannot be worked with.
    """
    if isinstance(page, bool) or not isinstance(page, int | np.integer) or page < 1:
        raise InputError(f"expected page as a whole number of at least 1; got {page!r}")
    if max_pixels is not None and (not isinstance(max_pixels, int | np.integer) or max_pixels < 1):
        raise InputError(f"expected max_pixels as a whole number of at least 1, or None; got {max_pixels!r}")
    limit = None if max_pixels is None else int(max_pixels)
    image = _read(source, int(page), limit)
    return image if mask is None else _masked(image, mask, limit)


def _read(source: Any, page: int, max_pixels: int | None) -> Image:
    if isinstance(source, Source):
        if source.problem:
            raise FileError(source.problem)
        source = source.path
    if is_array(source):
        if page != 1:
            raise InputError(f"expected page 1 of an array; got {page}; only files have pages")
        return image_of(source)
    with opened(source) as found:
        wanted = Wanted(found.shown, page, max_pixels, found.path.suffix)
        with decoding(wanted):
            return replace(_decoded(found.file, wanted), name=shown(found.path.name))


@contextmanager
def decoding(wanted: Wanted) -> Iterator[None]:
    """A block in which decoders work: they are silent, and whatever they raise is told as one of our errors."""
    try:
        with quiet():
            yield
    except GmmsegError:
        raise
    except MemoryError:
        raise wanted.refusal(
            "a picture that fits in memory", "one that does not, or a damaged file", "make it smaller"
        ) from None
    except Exception as error:  # noqa: BLE001 - on damaged data, decoders raise whatever comes to them
        raise wanted.damage(error) from None


def is_array(source: Any) -> bool:
    """Whether this is a picture, or numbers that may be one, rather than where to find one."""
    if isinstance(source, Image) or is_pillow(source):
        return True
    return hasattr(source, "__array__") or isinstance(source, list | tuple)


def _decoded(file: BinaryIO, wanted: Wanted) -> Image:
    head = file.read(32)
    if not head:
        raise wanted.refusal("a picture", "an empty file", "get the file again")
    file.seek(0)
    if head[:4] in MAGIC:
        return read_tiff(file, wanted)
    if head.startswith(SIGNATURE) and wanted.page == 1:
        return read_png(file.read(), wanted)
    return read_by_pillow(file, wanted)


def _masked(image: Image, mask: Any, max_pixels: int | None) -> Image:
    """The picture without the pixels where the mask is 0."""
    given = _read(mask, 1, max_pixels)
    if (given.height, given.width) != (image.height, image.width):
        raise InputError(
            f"expected a mask of the picture's shape ({image.height}, {image.width}); "
            f"got {described(given.pixels)}; make it from the upright picture"
        )
    chosen: Flags = given.valid & given.pixels.any(axis=2)
    valid = image.valid & chosen
    return replace(image, valid=valid)
