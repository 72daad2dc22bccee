"""Every format that Pillow reads, in every mode, as a picture."""

from __future__ import annotations

import math
import struct
from typing import Any, BinaryIO

import numpy as np

from gmmseg.files.cmyk import rgb_of_inks
from gmmseg.files.image import Image, Samples, picture
from gmmseg.files.jpeg import decoded, is_whole
from gmmseg.files.orientation import upright
from gmmseg.files.wanted import Wanted

# EPS starts Ghostscript; MPEG, the scientific containers and Windows metafiles are recognised but not decoded.
_LEFT_OUT = {"EPS", "MPEG", "BUFR", "GRIB", "HDF5", "WMF"}
_PREFIX = 16  # bytes by which Pillow's plugins recognise their formats
_SIXTEEN = {"I;16", "I;16L", "I;16B", "I;16N"}


def read_by_pillow(file: BinaryIO, wanted: Wanted) -> Image:
    """A page of a picture in whatever format Pillow recognises."""
    opened = undecoded(file, wanted)
    wanted.check_size(*opened.size)
    if wanted.page > 1:
        wanted.check_page(getattr(opened, "n_frames", 1))
        opened.seek(wanted.page - 1)
        wanted.check_size(*opened.size)
    if wanted.page == 1 and opened.format in {"JPEG", "MPO"} and opened.mode in {"L", "RGB"} and opened.bits == 8:
        file.seek(0)
        data = file.read()
        if is_whole(data):  # if not, Pillow decides whether anything is missing but the end marker
            return upright(_with_record(decoded(data), opened, wanted.name), orientation_of(opened))
    opened.load()
    return image_of_pillow(opened, name=wanted.name)


def image_of_pillow(opened: Any, *, name: str = "") -> Image:
    """A picture of a Pillow image : PIL.Image.Image, upright."""
    orientation = orientation_of(opened)
    mode = opened.mode
    if mode == "CMYK":
        inks = rgb_of_inks(np.asarray(opened), opened.info.get("icc_profile"))
        return upright(_with_record(inks, opened, name, profile=None), orientation)
    if mode in {"YCbCr", "HSV"}:
        opened = _kept(opened, opened.convert("RGB"))
    elif mode == "LAB":
        return upright(_with_record(_rgb_of_lab(opened), opened, name, profile=None), orientation)
    elif mode == "1":
        opened = _kept(opened, opened.convert("L"))
    elif mode in {"La", "RGBa"}:
        opened = _kept(opened, opened.convert(mode.upper()))
    elif mode in {"P", "PA"} or (opened.has_transparency_data and mode == "RGB"):
        opened = _kept(opened, opened.convert("RGBA" if opened.has_transparency_data else "RGB"))
    samples = np.asarray(opened)
    if opened.mode == "RGBX":
        samples = samples[..., :3]
    elif opened.mode == "I" and opened.format == "PPM":
        samples = samples.astype(np.uint16)  # Pillow scales greys of more than 8 bits to 16 in a 32-bit image
    return upright(_with_record(samples, opened, name), orientation)


def undecoded(file: BinaryIO, wanted: Wanted) -> Any:
    """The image without its pixels.

    `PIL.Image.open` refuses or warns by a limit of its own that belongs to the whole process; asking its plugins
    directly leaves that limit alone, and leaves out those that do more than decode.
    """
    from PIL import Image as Pillow

    Pillow.init()
    prefix = file.read(_PREFIX)
    suffixed = Pillow.EXTENSION.get(wanted.suffix.lower())
    recognised = ""
    for kind in Pillow.ID:
        factory, accept = Pillow.OPEN[kind]
        # Formats without a signature would take any garbage for a picture: they are believed by suffix alone.
        accepted = accept(prefix) if accept is not None else kind == suffixed
        if kind in _LEFT_OUT or not accepted or isinstance(accepted, str):
            continue
        file.seek(0)
        try:
            return factory(file, "")
        except (SyntaxError, IndexError, TypeError, struct.error):  # what the plugins say no with
            recognised = kind
    if recognised:
        raise wanted.damage(f"a damaged {recognised} file")
    raise wanted.refusal(
        "a picture (JPEG, PNG, TIFF, WebP, GIF, BMP, AVIF, …)", "a file of another kind", "convert it to one of these"
    )


def _kept(before: Any, after: Any) -> Any:
    """A converted image that still knows what the file said."""
    after.info = before.info
    after.format = before.format
    return after


def orientation_of(opened: Any) -> object:
    """The EXIF orientation of a Pillow image, whatever it says; None where it says nothing."""
    try:
        return opened.getexif().get(274)
    except Exception:  # noqa: BLE001 - damaged EXIF raises whatever it likes, and turns nothing
        return None


def _with_record(samples: Samples, opened: Any, name: str, **other: Any) -> Image:
    """The picture of samples : (h, w) or (h, w, c), with the profile and the resolution of the opened image."""
    valid = alpha = None
    if samples.ndim == 2:
        transparent = opened.info.get("transparency")
        if isinstance(transparent, int) and opened.mode in {"L", *_SIXTEEN}:
            valid = samples != transparent
        samples = samples[..., None]
    elif samples.shape[2] in {2, 4}:
        samples, alpha = samples[..., :-1], samples[..., -1]
    profile = opened.info.get("icc_profile")
    record = {"profile": profile if isinstance(profile, bytes) and profile else None, **other}
    return picture(samples, alpha=alpha, valid=valid, name=name, resolution=_resolution(opened), **record)


def _resolution(opened: Any) -> tuple[float, float] | None:
    try:
        across, down = (float(dots) for dots in opened.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    plausible = all(math.isfinite(dots) and dots > 0 for dots in (across, down))
    return (across, down) if plausible else None


def _rgb_of_lab(opened: Any) -> Samples:
    from PIL import ImageCms

    converted = ImageCms.profileToProfile(
        opened, ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    return np.asarray(converted)
