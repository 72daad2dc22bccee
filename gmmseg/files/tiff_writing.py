"""TIFF, tiled and deflated, with what GIS programs look for; and stacks of planes, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from typing import Any, BinaryIO

import numpy as np

from gmmseg.errors import InputError
from gmmseg.files.image import GeoTag, Samples, described
from gmmseg.files.targets import Target, writing

_TILE = 256
_BIG = 4_000_000_000  # bytes; classic TIFF counts to 2³², headers included
_NO_DATA = 42113
_DIFFERENCE, _FLOAT_DIFFERENCE = 2, 3  # predictors: what deflate sees are differences of neighbours
_ASCII = 2


def tiff_writer(file: BinaryIO, size: int) -> Any:
    """A tifffile.TiffWriter; a BigTIFF if `size` bytes of pixels need one."""
    import tifffile

    return tifffile.TiffWriter(file, bigtiff=size > _BIG)


def tiff_page(
    writer: Any,
    pixels: Samples,
    *,
    palette: Samples | None = None,
    transparent: int | None = None,
    profile: bytes | None = None,
    resolution: tuple[float, float] | None = None,
    geo: Sequence[GeoTag] = (),
    description: str | None = None,
) -> None:
    """Write one page of pixels : (h, w) or (h, w, c), as `write_picture` says."""
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[..., 0]
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    coloured = channels == 3 or (channels == 4 and pixels.dtype != np.float32)
    veiled = channels in {2, 4} and pixels.dtype != np.float32
    options: dict[str, Any] = {"photometric": "rgb" if coloured else "minisblack"}
    if channels > 1:
        options["planarconfig"] = "contig"
        base = 3 if coloured else 1
        options["extrasamples"] = ["unassalpha" if veiled else "unspecified"] * (channels - base)
    if palette is not None:
        colours = np.zeros((3, 256), np.uint16)
        colours[:, : len(palette)] = palette.T * np.uint16(257)
        options |= {"photometric": "palette", "colormap": colours}
    else:
        options["predictor"] = _FLOAT_DIFFERENCE if pixels.dtype == np.float32 else _DIFFERENCE
    tags = [tag for tag in geo if palette is None or tag.code != _NO_DATA]
    if palette is not None and transparent is not None:
        tags.append(GeoTag(_NO_DATA, _ASCII, 0, str(transparent)))
    if resolution is not None:
        options |= {"resolution": resolution, "resolutionunit": "inch"}
    writer.write(
        pixels,
        tile=tuple(min(_TILE, -(-side // 16) * 16) for side in pixels.shape[:2]),
        compression="zlib",
        metadata=None,
        software="gmmseg",
        iccprofile=profile,
        description=description,
        extratags=[_extra(tag) for tag in tags],
        **options,
    )


def write_pages(
    target: Target,
    planes: Iterable[Samples],
    *,
    count: int | None = None,
    names: Sequence[str] = (),
    resolution: tuple[float, float] | None = None,
    geo: Sequence[GeoTag] = (),
) -> None:
    """Write a TIFF with a page for each plane, holding one plane at a time.

    Parameters
    ----------
    target : path or binary file
        A file appears whole or not at all.
    planes : iterable of (h, w) float32, uint8 or uint16
        At least one; soft masks, say.
    count : int or None
        How many there are, if `planes` has no length: without it the file is a BigTIFF, since it may grow large.
    names : sequence of str
        A description for each page.
    resolution, geo
        As in Image, for each page.
    """
    if count is None and isinstance(planes, Sized):
        count = len(planes)
    waiting = iter(planes)
    first = next(waiting, None)
    if first is None:
        raise InputError("expected at least one plane; got none")
    plane = _plane(first)
    with (
        writing(target) as file,
        tiff_writer(file, _BIG + 1 if count is None else plane.nbytes * count) as writer,
    ):
        number = 0
        while True:
            name = names[number] if number < len(names) else None
            tiff_page(writer, plane, resolution=resolution, geo=geo, description=name)
            following = next(waiting, None)
            if following is None:
                break
            plane, number = _plane(following), number + 1


def _plane(given: Samples) -> Samples:
    plane = np.asarray(given)
    if plane.ndim != 2 or plane.size == 0 or plane.dtype not in (np.float32, np.uint8, np.uint16):
        raise InputError(f"expected planes (h, w) of float32, uint8 or uint16; got {described(plane)}")
    return plane


def _extra(tag: GeoTag) -> tuple[int, int, int, Any, bool]:
    value = tag.value.encode() if isinstance(tag.value, str) else tag.value
    return (tag.code, tag.dtype, 0 if tag.dtype == _ASCII else tag.count, value, True)
