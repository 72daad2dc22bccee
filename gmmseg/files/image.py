"""The picture that flows through gmmseg, and how arrays become one."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import FileError, GmmsegError, InputError
from gmmseg.files.quiet import quiet

Samples = NDArray[Any]

COLOURS = {"grey": 1, "rgb": 3, "bands": None}
PIXELS = (np.uint8, np.uint16, np.float32)


@dataclass(frozen=True)
class GeoTag:
    """One GeoTIFF tag as the file has it, to be written again unchanged."""

    code: int
    dtype: int
    count: int
    value: Any


@dataclass(frozen=True, eq=False)
class Image:
    """A picture, upright, in the file's own colour space.

    Attributes
    ----------
    pixels : (h, w, c) uint8, uint16 or float32
        The samples, read-only. A float32 "grey" or "rgb" picture lies in 0..1.
    valid : (h, w) bool
        False where a pixel is fully transparent, no-data, NaN or infinite, or left out by the user.
    colour : str
        "grey" (c = 1), "rgb" (c = 3) or "bands" (any c, with no meaning to the eye).
    name : str
        The file's name, for messages and titles.
    alpha : (h, w) uint8 or uint16, or None
        The file's own transparency where some of it is partial; kept for cut-outs.
    profile : bytes or None
        The ICC profile that says what colours the pixels mean; None is sRGB.
    resolution : (float, float) or None
        Dots per inch along x and y.
    geo : tuple of GeoTag
        Where on earth the picture lies, and GDAL's metadata and no-data value.
    """

    pixels: Samples = field(repr=False)
    valid: Flags = field(repr=False)
    colour: str
    name: str = ""
    alpha: Samples | None = field(default=None, repr=False)
    profile: bytes | None = field(default=None, repr=False)
    resolution: tuple[float, float] | None = None
    geo: tuple[GeoTag, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        pixels, valid, alpha = self.pixels, self.valid, self.alpha
        if not isinstance(pixels, np.ndarray) or pixels.ndim != 3 or pixels.dtype not in PIXELS:
            raise InputError(
                f"expected pixels as an array (h, w, c) of uint8, uint16 or float32; got {described(pixels)}; "
                "image_of makes a picture of any array"
            )
        if pixels.size == 0:
            raise InputError(f"expected a picture of at least one pixel; got {described(pixels)}")
        if self.colour not in COLOURS or COLOURS[self.colour] not in {None, pixels.shape[2]}:
            raise InputError(
                f"expected colour as grey (1 channel), rgb (3 channels) or bands; got {self.colour!r} "
                f"with {pixels.shape[2]} channels"
            )
        shape = pixels.shape[:2]
        if not isinstance(valid, np.ndarray) or valid.shape != shape or valid.dtype != np.bool_:
            raise InputError(f"expected valid as bool {shape}; got {described(valid)}")
        if alpha is not None and (alpha.shape != shape or alpha.dtype not in (np.uint8, np.uint16)):
            raise InputError(f"expected alpha as uint8 or uint16 {shape}; got {described(alpha)}")
        for name in ("pixels", "valid", "alpha"):
            array = getattr(self, name)
            if array is not None:
                view = array.view()
                view.flags.writeable = False
                object.__setattr__(self, name, view)

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Pixels in a row."""
        return int(self.pixels.shape[1])


def described(given: object) -> str:
    """Shape and dtype of an array, or the type of what is none."""
    if isinstance(given, np.ndarray):
        return f"{given.dtype} {given.shape}"
    return type(given).__name__


def image_of(given: object, *, name: str = "") -> Image:
    """A picture of an array, a masked array, a Pillow image or a picture.

    Parameters
    ----------
    given : Image, PIL.Image.Image or array (h, w) or (h, w, c)
        uint8 and uint16: 1 channel is grey, 2 are grey and alpha, 3 are RGB, 4 are RGB and alpha, others are bands.
        bool: as uint8 0 and 255. Floats become float32: 1 channel is grey and 3 are RGB where all values lie in
        0..1, else they are measurements: bands. Other integers become float32 bands. A masked array's masked pixels
        and pixels with NaN or infinity in any channel are not valid.
    name : str
        What messages call it.

    Returns
    -------
    Image
        It shares the array's memory where nothing had to be converted.
    """
    if isinstance(given, Image):
        return given
    if is_pillow(given):
        from gmmseg.files.pillow import image_of_pillow

        try:
            with quiet():
                return image_of_pillow(given, name=name)
        except GmmsegError:
            raise
        except Exception as error:  # noqa: BLE001 - Pillow decodes only now, and damaged data raise whatever they like
            raise FileError(
                f"cannot read the given image: expected a whole picture; got {error}; open another"
            ) from None
    if isinstance(given, str | bytes) or not (hasattr(given, "__array__") or isinstance(given, list | tuple)):
        raise InputError(f"expected a picture as an array (h, w) or (h, w, c); got {described(given)}")
    try:
        samples = np.ma.getdata(given) if isinstance(given, np.ma.MaskedArray) else np.asarray(given)
    except (ValueError, TypeError, RuntimeError) as error:
        raise InputError(f"expected a picture as an array (h, w) or (h, w, c); got {error}") from None
    masked: Flags | None = np.ma.getmaskarray(given) if isinstance(given, np.ma.MaskedArray) else None
    if samples.ndim == 2:
        samples = samples[..., None]
        masked = None if masked is None else masked[..., None]
    if samples.ndim != 3 or samples.size == 0 or samples.dtype.kind not in "buif":
        raise InputError(f"expected a picture as numbers (h, w) or (h, w, c); got {described(np.asarray(given))}")
    samples = _native(samples)
    valid: Flags | None = None if masked is None else np.asarray(~masked.any(axis=2))
    alpha = None
    if samples.dtype in (np.uint8, np.uint16) and samples.shape[2] in {2, 4}:
        samples, alpha = samples[..., :-1], samples[..., -1]
    return picture(samples, alpha=alpha, valid=valid, name=name)


def is_pillow(given: object) -> bool:
    """Whether this is a Pillow image; without loading Pillow, which is not there if nobody made one with it."""
    library = sys.modules.get("PIL.Image")
    # Another thread may be in the midst of loading it, with the class still to come.
    kind = getattr(library, "Image", None)
    return kind is not None and isinstance(given, kind)


def picture(
    samples: Samples,
    *,
    alpha: Samples | None = None,
    valid: Flags | None = None,
    colour: str | None = None,
    **record: Any,
) -> Image:
    """An Image of samples : (h, w, c) of any dtype, as `image_of` says; `colour` where it is known.

    alpha : (h, w) of any dtype, whose full is opaque. valid : (h, w) bool. record: the other fields of Image.
    """
    samples = _native(samples)
    kind = samples.dtype.kind
    measured = kind != "b" and samples.dtype not in (np.uint8, np.uint16)
    if kind == "b":
        samples = samples.astype(np.uint8) * np.uint8(255)
    elif measured:
        samples, finite = _floats(samples)
        valid = finite if valid is None else valid & finite
    samples = np.ascontiguousarray(samples)
    valid = np.ones(samples.shape[:2], np.bool_) if valid is None else valid
    if colour is None:
        colour = {1: "grey", 3: "rgb"}.get(samples.shape[2], "bands")
    if measured and not (kind == "f" and samples.min() >= 0 and samples.max() <= 1):
        colour = "bands"
    if alpha is not None:
        alpha = _whole(alpha)
        seen = alpha > 0
        valid = valid & seen
        partial = bool((seen & (alpha < np.iinfo(alpha.dtype).max)).any())
        alpha = np.ascontiguousarray(alpha) if partial else None
    return Image(samples, valid, colour, alpha=alpha, **record)


def _native(samples: Samples) -> Samples:
    """In the machine's own byte order."""
    return samples.astype(samples.dtype.newbyteorder("="), copy=False)


def _floats(samples: Samples) -> tuple[Samples, Flags]:
    """float32, and where all channels are finite; the others become 0."""
    with np.errstate(all="ignore"):  # what float32 cannot hold becomes infinite, and so invalid
        floats = samples.astype(np.float32)
    finite: Flags = np.asarray(np.isfinite(floats).all(axis=2))
    if not finite.all():
        floats[~finite] = 0
    return floats, finite


def _whole(alpha: Samples) -> Samples:
    """Alpha as uint8 or uint16."""
    if alpha.dtype.kind == "b":
        return np.where(alpha, np.uint8(255), np.uint8(0))
    if alpha.dtype.kind == "f":
        return np.asarray(np.rint(np.clip(np.nan_to_num(alpha, nan=0.0), 0, 1) * 65535), np.uint16)
    if alpha.dtype.itemsize == 1:
        return alpha.astype(np.uint8, copy=False)
    return np.asarray(np.clip(alpha, 0, 65535), np.uint16)
