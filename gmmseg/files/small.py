"""Pictures read small, for what thousands of them are looked at: a hundred pixels across, in 8 bits of sRGB."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from gmmseg.arguments import require_count
from gmmseg.arrays import Floats
from gmmseg.errors import FileError
from gmmseg.files.colour import in_srgb
from gmmseg.files.depth import full_scale
from gmmseg.files.image import Image, image_of
from gmmseg.files.listing import Source
from gmmseg.files.orientation import turns
from gmmseg.files.pillow import image_of_pillow, orientation_of, undecoded
from gmmseg.files.reading import MAX_PIXELS, decoding, is_array, read
from gmmseg.files.shrinking import Span, shrunk
from gmmseg.files.sources import opened, shown
from gmmseg.files.wanted import Wanted

SIDE = 128  # pixels of the longer side unless another is asked for
_JPEG = b"\xff\xd8\xff"
_SCALES = (8, 4, 2)  # by which libjpeg shrinks a picture before it undoes the transform
_BLOCKS = 16  # pixels of the shorter side that must be left: the last of them is the mean of a padded block


@dataclass(frozen=True, eq=False)
class Small:
    """A small copy of a picture, upright, in sRGB.

    Attributes
    ----------
    pixels : (h, w, 3) uint8
        The mean of what lies under each pixel; white where there is nothing to see.
    weights : (h, w) float32
        The share of each pixel's area that can be seen: 1, or less where the picture is transparent or has no data.
    name : str
        The file's name, for messages and titles.
    """

    pixels: NDArray[np.uint8] = field(repr=False)
    weights: Floats = field(repr=False)
    name: str = ""

    @property
    def mean(self) -> NDArray[np.float64]:
        """The mean colour of what can be seen : (3,), in levels from 0 to 255."""
        weights = self.weights.astype(np.float64)
        total: NDArray[np.float64] = np.einsum("hw,hwc->c", weights, self.pixels) / weights.sum()
        return total


def read_small(source: Any, side: int = SIDE, *, max_pixels: int | None = MAX_PIXELS) -> Small:
    """A picture with a longer side of at most `side` pixels, by averaging areas.

    Averages are taken of sRGB's own levels rather than of light, so the mean colour is that of the whole picture: the
    mean of its red, green and blue as the file has them. JPEG is shrunk up to eight times while it is decoded, of which
    each block's mean comes out as it is; other formats are decoded whole. Smaller pictures stay as they are.

    Parameters
    ----------
    source : path, "-", bytes, binary file, array, PIL.Image.Image, Source or Image
    side : int
    max_pixels : int or None
        Larger files are refused before they are decoded. None: no limit.

    Returns
    -------
    Small

    Raises
    ------
    FileError
        Nothing can be read there, it is no whole picture, or it is one that the eye cannot see: bands, or nothing but
        transparent pixels.
    InputError
        An argument cannot be worked with.
    """
    side = require_count("side", side)
    if isinstance(source, Source):
        if source.problem:
            raise FileError(source.problem)
        source = source.path
    if is_array(source):
        image = image_of(source)
        return _reduced(image, side, Wanted(image.name or "the given picture"))
    with opened(source) as found:
        wanted = Wanted(found.shown, 1, max_pixels, found.path.suffix)
        name = shown(found.path.name)
        with decoding(wanted):
            head = found.file.read(len(_JPEG))
            found.file.seek(0)
            if head == _JPEG:
                return replace(_of_jpeg(found.file, side, wanted), name=name)
        image = read(found.file, max_pixels=max_pixels)
        return replace(_reduced(image, side, wanted), name=name)


def _of_jpeg(file: BinaryIO, side: int, wanted: Wanted) -> Small:
    """A JPEG file, decoded in no more detail than is needed."""
    opened_file = undecoded(file, wanted)
    width, height = opened_file.size
    wanted.check_size(width, height)
    longer, shorter = max(width, height), min(width, height)
    scale = next((s for s in _SCALES if longer >= s * side and shorter >= s * _BLOCKS), 1)
    if scale > 1:
        opened_file.draft(None, (width // scale, height // scale))
    opened_file.load()
    across, down = opened_file.size
    orientation = orientation_of(opened_file)
    image = image_of_pillow(opened_file, name=wanted.name)
    if (across, down) == (width, height):
        return _reduced(image, side, wanted)
    return _reduced(image, side, wanted, _upright_spans(height / scale, down, width / scale, across, orientation))


def _upright_spans(high: float, down: int, wide: float, across: int, orientation: object) -> tuple[Span, Span]:
    """Where the picture lies in what was decoded, of which the last blocks are padded, after it was turned."""
    swapped, upwards, leftwards = turns(orientation)
    rows, columns = (min(high, down), down), (min(wide, across), across)
    if swapped:
        rows, columns = columns, rows
    return _span(*rows, upwards), _span(*columns, leftwards)


def _span(length: float, whole: int, flipped: bool) -> Span:
    return (whole - length, whole) if flipped else (0, length)


def _reduced(image: Image, side: int, wanted: Wanted, spans: tuple[Span, Span] | None = None) -> Small:
    """A picture that is there, by areas."""
    if image.colour == "bands":
        raise wanted.refusal("a grey or colour picture", f"{image.pixels.shape[2]} bands", "convert it to RGB")
    image = in_srgb(image)
    weights = None
    if not image.valid.all():
        weights = image.valid.astype(np.float32)
        if not weights.any():
            raise wanted.refusal("a picture with something to see", "transparent pixels alone", "leave it out")
    height, width = image.height, image.width
    if max(height, width) > side:
        lengths = (height, width) if spans is None else tuple(end - start for start, end in spans)
        height, width = (max(1, round(length * side / max(lengths))) for length in lengths)
    means, shares = shrunk(image.pixels, height, width, weights, spans)
    levels = np.rint(np.clip(means * (255 / full_scale(image)), 0, 255)).astype(np.uint8)
    levels[shares == 0] = 255
    pixels = np.repeat(levels, 3, axis=2) if levels.shape[2] == 1 else levels
    return Small(pixels, shares.astype(np.float32), image.name)
