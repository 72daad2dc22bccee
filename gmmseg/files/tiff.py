"""TIFF of every layout: bands, planes, tiles, palettes, inks, floats, no-data and GeoTIFF tags."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from gmmseg.arrays import Flags
from gmmseg.files.cmyk import rgb_of_inks
from gmmseg.files.image import GeoTag, Image, Samples, picture
from gmmseg.files.orientation import upright
from gmmseg.files.pillow import read_by_pillow
from gmmseg.files.wanted import Wanted

MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
GEO_CODES = (33550, 33922, 34264, 34735, 34736, 34737, 42112, 42113)
NO_DATA = 42113
_REDUCED, _MASK = 1, 4  # bits of NewSubfileType: a smaller copy, and the mask of another page
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _INKS, _YCBCR = 0, 1, 2, 3, 5, 6
_LAB = (8, 9, 10)
_JPEG = 7
_ASSOCIATED, _UNASSOCIATED = 1, 2  # alpha that the colours were multiplied by, and alpha that they were not


@dataclass(frozen=True)
class _Layers:
    """What the samples of a page are, after alpha was taken out of them."""

    samples: Samples
    alpha: Samples | None
    colour: str | None


def read_tiff(file: BinaryIO, wanted: Wanted) -> Image:
    """A page of a TIFF file; smaller copies and masks of pages are no pages."""
    import tifffile

    with tifffile.TiffFile(file, name=wanted.name) as tiff:
        pages: list[tuple[Any, int]] = [(page, _kind(page)) for page in tiff.pages]
        pictures = pictures_of(tiff)
        if not pictures:
            raise wanted.damage("a TIFF file without pages")
        wanted.check_page(len(pictures))
        number = pictures[wanted.page - 1]
        page: Any = tiff.pages[number]
        wanted.check_size(page.imagewidth, page.imagelength, page.samplesperpixel)
        if page.photometric in _LAB or (page.photometric == _YCBCR and page.compression != _JPEG):
            file.seek(0)
            return read_by_pillow(file, wanted)
        _check_whole(page, tiff.filehandle.size, wanted)
        stored = _stored(page, wanted)
        layers = _layers(page, stored)
        valid = _seen(page, stored)
        for masking, kind in pages[number + 1 : number + 2]:
            if kind & _MASK and (masking.imagewidth, masking.imagelength) == (page.imagewidth, page.imagelength):
                shown: Flags = masking.asarray().reshape(valid.shape) != 0
                valid &= shown
        decoded = picture(
            layers.samples,
            alpha=layers.alpha,
            valid=valid,
            colour=layers.colour,
            name=wanted.name,
            profile=_profile(page) if page.photometric != _INKS else None,
            resolution=_resolution(page),
            geo=_geo(page),
        )
        return upright(decoded, page.tags.valueof(274))


def pictures_of(tiff: Any) -> list[int]:
    """The numbers of the pages of a tifffile.TiffFile that are no smaller copies or masks; all, if all are."""
    pictures = [number for number, page in enumerate(tiff.pages) if not _kind(page) & (_REDUCED | _MASK)]
    return pictures or list(range(len(tiff.pages)))


def _kind(page: Any) -> int:
    return int(page.subfiletype or 0)


def _check_whole(page: Any, size: int, wanted: Wanted) -> None:
    """Refuse a page whose data lie beyond the end of the file, before an array is made for them."""
    ends = (start + count for start, count in zip(page.dataoffsets, page.databytecounts, strict=False))
    if max(ends, default=0) > size:
        raise wanted.damage("a TIFF file that is cut short")


def _stored(page: Any, wanted: Wanted) -> Samples:
    """(h, w, c), as the file has them."""
    if page.imagedepth != 1:
        raise wanted.refusal("a flat picture", f"a volume of {page.imagedepth} slices", "write its slices as pages")
    samples: Samples = np.asarray(page.asarray())
    if samples.dtype.kind not in "buif":
        raise wanted.refusal("a picture of numbers", str(samples.dtype), "write its parts as bands")
    height, width, channels = page.imagelength, page.imagewidth, page.samplesperpixel
    if page.planarconfig == 2 and channels > 1:
        return samples.reshape(channels, height, width).transpose(1, 2, 0)
    return samples.reshape(height, width, channels)


def _layers(page: Any, stored: Samples) -> _Layers:
    samples, alpha, premultiplied = _alpha(page, stored)
    photometric, channels = page.photometric, samples.shape[2]
    bits = page.bitspersample if isinstance(page.bitspersample, int) else max(page.bitspersample)
    colour = "bands"
    if photometric == _PALETTE and channels == 1 and page.colormap is not None:
        return _Layers(_palette(page.colormap, samples[..., 0]), alpha, "rgb")
    if photometric in {_WHITE_IS_ZERO, _BLACK_IS_ZERO} and channels == 1:
        samples, colour = _full_range(samples, bits), "grey"
        if photometric == _WHITE_IS_ZERO and samples.dtype.kind in "bu" and samples.dtype.itemsize <= 2:
            samples = ~samples
    elif photometric in {_RGB, _YCBCR} and channels == 3:
        samples, colour = _full_range(samples, bits), "rgb"
    elif photometric == _INKS and channels == 4 and samples.dtype in (np.uint8, np.uint16):
        samples, colour = rgb_of_inks(samples, _profile(page)), "rgb"
    if premultiplied and alpha is not None and alpha.dtype == samples.dtype:
        samples = _unmultiplied(samples, alpha)
    return _Layers(samples, alpha, colour)


def _alpha(page: Any, stored: Samples) -> tuple[Samples, Samples | None, bool]:
    """The samples without alpha, alpha, and whether the samples were multiplied by it."""
    extra = [int(kind) for kind in page.extrasamples or ()]
    channels = stored.shape[2]
    for place, kind in enumerate(extra[-channels:], start=channels - min(len(extra), channels)):
        if kind in {_ASSOCIATED, _UNASSOCIATED} and channels > 1:
            return np.delete(stored, place, axis=2), stored[..., place], kind == _ASSOCIATED
    return stored, None, False


def _unmultiplied(samples: Samples, alpha: Samples) -> Samples:
    if samples.dtype.kind == "f":
        with np.errstate(all="ignore"):
            return np.where(alpha[..., None] > 0, samples / alpha[..., None], 0).astype(samples.dtype)
    if samples.dtype.kind != "u" or samples.dtype.itemsize > 2:
        return samples
    full = np.iinfo(samples.dtype).max
    plain = np.empty_like(samples)
    for row, veil, target in zip(samples, alpha, plain, strict=True):
        divisor = np.maximum(veil, 1).astype(np.uint32)[:, None]
        target[...] = np.minimum((row.astype(np.uint32) * full + divisor // 2) // divisor, full)
    return plain


def _full_range(samples: Samples, bits: int) -> Samples:
    """Greys and colours of 2 to 7 or 9 to 15 bits, stretched to 8 or 16."""
    if samples.dtype.kind != "u" or bits in {8, 16} or bits > 16:
        return samples
    full = np.iinfo(samples.dtype).max
    levels = np.arange(full + 1, dtype=np.uint32)
    table = np.minimum((levels * full + ((1 << bits) - 1) // 2) // ((1 << bits) - 1), full).astype(samples.dtype)
    return np.asarray(table[samples])


def _palette(colormap: Samples, indices: Samples) -> Samples:
    """(h, w, 3) of indices : (h, w) into colormap : (3, n) uint16."""
    if colormap.max() < 256:  # some old writers put 8-bit values there
        table = colormap.astype(np.uint8)
    elif ((colormap & 255 == 0) | (colormap >> 8 == colormap & 255)).all():
        table = (colormap >> 8).astype(np.uint8)
    else:
        table = colormap
    return np.asarray(table.T[np.minimum(indices, colormap.shape[1] - 1)])


def _seen(page: Any, stored: Samples) -> Flags:
    """Where stored : (h, w, c) is not GDAL's no-data.

    8- and 16-bit pixels are out where all channels are no-data, since its value (often 0) is also a proper one; in
    measured bands one hole makes the pixel useless.
    """
    text = page.tags.valueof(NO_DATA)
    try:
        value = float(text)
    except (TypeError, ValueError):
        value = math.nan  # NaN is never valid anyway
    if math.isnan(value):
        return np.ones(stored.shape[:2], np.bool_)
    if stored.dtype.kind == "f":
        with np.errstate(all="ignore"):
            holes = stored == stored.dtype.type(value)
    elif value != int(value) if math.isfinite(value) else True:
        return np.ones(stored.shape[:2], np.bool_)
    else:
        holes = stored == int(value)
    whole = stored.dtype in (np.uint8, np.uint16)
    seen: Flags = ~(holes.all(axis=2) if whole else holes.any(axis=2))
    return seen


def _profile(page: Any) -> bytes | None:
    profile = page.tags.valueof(34675)
    return bytes(profile) if isinstance(profile, bytes | bytearray) and profile else None


def _resolution(page: Any) -> tuple[float, float] | None:
    scale = {2: 1.0, 3: 2.54}.get(page.tags.valueof(296))
    pair = [page.tags.valueof(code) for code in (282, 283)]
    try:
        across, down = (up / down * (scale or 0.0) for up, down in pair)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return (across, down) if across > 0 and down > 0 else None


def _geo(page: Any) -> tuple[GeoTag, ...]:
    return tuple(
        GeoTag(tag.code, int(tag.dtype), int(tag.count), tag.value)
        for tag in page.tags.values()
        if tag.code in GEO_CODES and tag.value is not None
    )
