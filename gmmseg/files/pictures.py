"""Writing pictures: PNG, JPEG, WebP and TIFF, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

import numpy as np

from gmmseg.errors import InputError
from gmmseg.files.image import GeoTag, Samples, described
from gmmseg.files.png import png
from gmmseg.files.targets import Target, is_stream, path_of, writing
from gmmseg.files.tiff_writing import tiff_page, tiff_writer

_FORMATS = {"png": "png", "jpg": "jpeg", "jpeg": "jpeg", "webp": "webp", "tif": "tiff", "tiff": "tiff"}
_DEPTHS = {"png": (np.uint8, np.uint16), "jpeg": (np.uint8,), "webp": (np.uint8,)}
_CHANNELS = {"png": (1, 2, 3, 4), "jpeg": (1, 3), "webp": (1, 2, 3, 4)}
_SIDES = {"png": 2**31 - 1, "jpeg": 65500, "webp": 16383, "tiff": 2**31 - 1}


def write_picture(
    target: Target,
    pixels: Samples,
    *,
    format: str | None = None,  # noqa: A002 - what everyone calls it
    palette: Samples | None = None,
    transparent: int | None = None,
    profile: bytes | None = None,
    resolution: tuple[float, float] | None = None,
    geo: Sequence[GeoTag] = (),
    quality: int = 92,
) -> None:
    """Write a picture in the format that the target's suffix says.

    Parameters
    ----------
    target : path or binary file
        A file appears whole or not at all.
    pixels : (h, w) or (h, w, c) uint8, uint16 or bool; for TIFF also float32
        1 channel is grey, 2 are grey and alpha, 3 RGB, 4 RGB and alpha; bool becomes 0 and 255. JPEG has no alpha;
        JPEG and WebP have 8 bits. In TIFF, floats of 2 or more than 3 channels and all of more than 4 are bands.
    format : "png", "jpeg", "webp", "tiff" or None
        None: by the target's suffix; needed for an open file.
    palette : (n, 3) uint8 or None
        Colours, of which `pixels` : (h, w) uint8 are the indices. PNG and TIFF have them.
    transparent : int or None
        The index that is fully transparent (PNG) or no-data (TIFF).
    profile, resolution, geo
        As in Image. GeoTIFF tags are written to TIFF only.
    quality : int
        1 to 100, for JPEG and WebP; 100 is lossless in WebP.
    """
    kind = _kind(target, format)
    pixels = _checked(np.asarray(pixels), kind)
    if palette is not None:
        palette = _checked_palette(np.asarray(palette), pixels, transparent, kind)
    elif transparent is not None:
        raise InputError("expected transparent together with a palette; got it alone; give alpha as a channel")
    if isinstance(quality, bool) or not isinstance(quality, int | np.integer) or not 1 <= quality <= 100:
        raise InputError(f"expected quality as a whole number from 1 to 100; got {quality!r}")
    if resolution is not None:
        resolution = _checked_resolution(resolution)
    if profile is not None and not isinstance(profile, bytes):
        raise InputError(f"expected profile as bytes or None; got {type(profile).__name__}")
    with writing(target) as file:
        if kind == "png":
            file.write(png(pixels, palette=palette, transparent=transparent, profile=profile, resolution=resolution))
        elif kind == "tiff":
            with tiff_writer(file, pixels.nbytes) as writer:
                tiff_page(
                    writer,
                    pixels,
                    palette=palette,
                    transparent=transparent,
                    profile=profile,
                    resolution=resolution,
                    geo=geo,
                )
        else:
            _by_pillow(file, pixels, kind, int(quality), profile, resolution)


def _kind(target: Target, given: str | None) -> str:
    if given is None:
        if is_stream(target):
            raise InputError("expected a format for an open file; got none; give format='png', jpeg, webp or tiff")
        given = path_of(target).suffix
    name = str(given).lower().removeprefix(".")
    if name not in _FORMATS:
        raise InputError(
            f"expected a picture's suffix (.png, .jpg, .webp or .tif); got {given!r}; name the output with one of these"
        )
    return _FORMATS[name]


def _checked(pixels: Samples, kind: str) -> Samples:
    """(h, w) or (h, w, c) in a dtype and with the channels that the format has."""
    if pixels.dtype == np.bool_:
        pixels = pixels.astype(np.uint8) * np.uint8(255)
    depths = _DEPTHS.get(kind, (np.uint8, np.uint16, np.float32))
    if pixels.ndim not in {2, 3} or pixels.size == 0 or pixels.dtype not in depths:
        names = " or ".join(np.dtype(depth).name for depth in depths)
        advice = "write a .tif, or convert them" if pixels.dtype in PIXELS_OF_TIFF else "convert them"
        raise InputError(
            f"expected pixels (h, w) or (h, w, c) of {names} for {kind}; got {described(pixels)}; {advice}"
        )
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    if channels not in _CHANNELS.get(kind, (channels,)):
        raise InputError(
            f"expected {' or '.join(map(str, _CHANNELS[kind]))} channels for {kind}; got {channels}; "
            "write a .png or a .tif"
        )
    if max(pixels.shape[:2]) > _SIDES[kind]:
        raise InputError(
            f"expected at most {_SIDES[kind]} pixels a side for {kind}; got {described(pixels)}; write a .png"
        )
    return pixels


PIXELS_OF_TIFF = (np.uint8, np.uint16, np.float32)


def _checked_palette(palette: Samples, pixels: Samples, transparent: int | None, kind: str) -> Samples:
    if kind not in {"png", "tiff"}:
        raise InputError(f"expected a PNG or a TIFF for a palette; got {kind}; give the colours as pixels instead")
    if palette.ndim != 2 or palette.shape[1] != 3 or palette.dtype != np.uint8 or not 1 <= len(palette) <= 256:
        raise InputError(f"expected a palette (n, 3) uint8 of at most 256 colours; got {described(palette)}")
    if pixels.ndim != 2 or pixels.dtype != np.uint8 or pixels.max() >= len(palette):
        highest = f" with index {pixels.max()} and {len(palette)} colours" if pixels.ndim == 2 else ""
        raise InputError(f"expected indices (h, w) uint8 into the palette; got {described(pixels)}{highest}")
    if transparent is not None and not 0 <= transparent < len(palette):
        raise InputError(f"expected transparent as an index into the palette of {len(palette)}; got {transparent}")
    return palette


def _checked_resolution(given: tuple[float, float]) -> tuple[float, float]:
    """Dots per inch that every format can hold."""
    try:
        across, down = (float(dots) for dots in given)
    except (TypeError, ValueError):
        across = down = 0.0
    if not (0 < across <= 65535 and 0 < down <= 65535):
        raise InputError(f"expected resolution as two numbers of dots per inch, up to 65535; got {given!r}")
    return across, down


def _by_pillow(
    file: BinaryIO,
    pixels: Samples,
    kind: str,
    quality: int,
    profile: bytes | None,
    resolution: tuple[float, float] | None,
) -> None:
    from PIL import Image as Pillow

    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[..., 0]
    image = Pillow.fromarray(np.ascontiguousarray(pixels))
    options: dict[str, Any] = {"quality": quality, "icc_profile": profile}
    if kind == "jpeg":
        # Halved colour resolution shows at the sharp edges of masks; who asks for small files does not mind.
        options["subsampling"] = 0 if quality >= 90 else 2
        if resolution is not None:
            options["dpi"] = resolution
    else:
        image = image.convert("RGBA" if image.mode.endswith("A") else "RGB")
        options |= {"lossless": quality == 100, "exact": quality == 100}
    image.save(file, kind, **options)
