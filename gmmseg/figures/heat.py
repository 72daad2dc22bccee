"""How odd each pixel is, as a picture with a legend; and the photo with what is odd standing out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, pixels_of
from gmmseg.figures.left_out import STRIPES, hatch
from gmmseg.figures.lettering import spaced
from gmmseg.figures.uncertainty import ramp

if TYPE_CHECKING:
    from PIL import ImageFont

_INK, _PAPER = (38, 38, 42), (250, 250, 250)
_GLOW = np.array((255, 140, 30), np.float32)
_LINE = np.array((255, 226, 92))
_RIM = np.array((24, 18, 8))
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_DIM = 0.55  # the light that normal ground keeps
_NUMBERED = 99  # boxes that have their number beside them


def heat_picture(score: ArrayLike, low: float, threshold: float) -> Bytes:
    """Dark at `low` and below, bright far above the threshold, with a bar beside it that says so.

    The ramp runs from `low` to as far above the threshold, which so has its middle, and the bar a mark there. Pixels of
    NaN are hatched.

    Parameters
    ----------
    score : (h, w) floating
    low, threshold : float

    Returns
    -------
    (h', w', 3) uint8
        The map in its own size at the left, and the legend; small maps have more paper below.
    """
    values = np.asarray(score)
    if values.dtype.kind != "f" or values.ndim != 2 or values.size == 0:
        raise InputError(f"expected scores of shape (h, w) and a floating type; got {values.shape} and {values.dtype}")
    top = max(2 * threshold - low, threshold + 1e-6)
    low = min(low, threshold - 1e-6)
    level = np.clip((np.nan_to_num(values, nan=low) - low) / (top - low), 0, 1)
    picture = ramp()[np.rint(255 * level).astype(np.intp)]
    out = np.isnan(values)
    if out.any():
        dark = hatch(0, len(values), values.shape)[out]
        picture[out] = np.where(dark, np.uint8(STRIPES[1]), np.uint8(STRIPES[0]))[:, None]
    return _beside(picture, low, threshold, top)


def odd_overlay(pixels: ArrayLike, mask: ArrayLike, boxes: Sequence[tuple[int, int, int, int, int]] = ()) -> Bytes:
    """The photo dark and grey where it is normal, in its own colours and with a glow about it where it is odd.

    Parameters
    ----------
    pixels : (h, w, 3) uint8
    mask : (h, w) bool
    boxes : sequence of (number, x, y, width, height)

    Returns
    -------
    (h, w, 3) uint8
    """
    from scipy.ndimage import binary_dilation, gaussian_filter

    photo = pixels_of(pixels)
    odd: Flags = np.asarray(mask)
    if odd.dtype != np.bool_ or odd.shape != photo.shape[:2]:
        raise InputError(f"expected a mask of shape {photo.shape[:2]} and type bool; got {odd.shape} and {odd.dtype}")
    reach = _thickness(odd.shape)
    grey = (photo @ _LUMA)[..., None]
    drawn = np.float32(_DIM) * (np.float32(0.8) * grey + np.float32(0.2) * photo)
    if odd.any():
        near = gaussian_filter(odd.astype(np.float32), 5.0 * reach, truncate=3)
        drawn += (np.float32(0.9) * np.minimum(near, 1))[..., None] * (_GLOW - drawn)
        drawn = np.where(odd[..., None], photo, drawn)
    picture = np.rint(np.clip(drawn, 0, 255)).astype(np.uint8)
    edge = binary_dilation(odd, np.ones((3, 3)), iterations=reach) & ~odd if odd.any() else odd
    picture[edge] = _GLOW.astype(np.uint8)
    return _numbered(picture, boxes, reach)


def _thickness(shape: tuple[int, ...]) -> int:
    return max(1, round(math.sqrt(shape[0] * shape[1]) / 700))


def _beside(picture: Bytes, low: float, threshold: float, top: float) -> Bytes:
    """The map on paper with its legend at the right."""
    from PIL import Image, ImageDraw

    height, width = picture.shape[:2]
    size = int(np.clip(round((height * width) ** 0.5 / 36), 11, 80))
    font = _font(size)
    said = [(top, f"{top:.1f} or more"), (threshold, f"{threshold:.1f} threshold"), (low, f"{low:.1f} or less")]
    words = [(value, spaced(word, size)) for value, word in said]
    gap, bar = size, round(1.4 * size)
    room = max(int(np.ceil(font.getlength(word))) for _, word in words)
    tall = max(height, 9 * size)
    sheet = Image.new("RGB", (width + 3 * gap + bar + room, tall), _PAPER)
    sheet.paste(Image.fromarray(picture), (0, 0))
    draw = ImageDraw.Draw(sheet)
    left, first = width + gap, 2 * size
    last = max(first + 5 * size, min(tall - size, first + 18 * size))
    steps = np.linspace(255, 0, last - first).round().astype(np.intp)
    sheet.paste(Image.fromarray(np.repeat(ramp()[steps][:, None], bar, axis=1)), (left, first))
    draw.text((left, first - round(0.5 * size)), "nats", font=font, fill=_INK, anchor="ls")
    for value, word in words:
        y = first + round((last - 1 - first) * (top - value) / (top - low))
        if value == threshold:
            draw.rectangle((left - size // 4, y - 1, left + bar + size // 4, y), fill=_INK)
        place = min(max(y, first + size // 2), last - size // 2)
        draw.text((left + bar + round(0.5 * size), place), word, font=font, fill=_INK, anchor="lm")
    return np.asarray(sheet)


def _numbered(picture: Bytes, boxes: Sequence[tuple[int, int, int, int, int]], reach: int) -> Bytes:
    """Frames about the boxes, with their numbers at a corner that lies inside of the picture."""
    from PIL import Image, ImageDraw

    from gmmseg.figures.tinting import framed

    if not boxes:
        return picture
    height, width = picture.shape[:2]
    margin = 3 * reach
    grown = _grown(np.array([box[1:] for box in boxes], np.int64), margin, picture.shape)
    framed(picture, grown, _LINE, _RIM, reach)
    size = int(np.clip(round((height * width) ** 0.5 / 36), 10, 80))
    font = _font(size)
    sheet = Image.fromarray(picture)
    draw = ImageDraw.Draw(sheet)
    for (number, *_), (x, y, _, down) in zip(boxes[:_NUMBERED], grown.tolist(), strict=False):
        word = str(number)
        room, tall = int(np.ceil(font.getlength(word))) + size // 2, size + size // 6
        left = min(x, width - room)
        top = y - tall if y >= tall else min(y + down, height - tall)
        draw.rectangle((left, top, left + room - 1, top + tall - 1), fill=tuple(_LINE.tolist()))
        draw.text((left + room / 2, top + tall / 2), word, font=font, fill=tuple(_RIM.tolist()), anchor="mm")
    return np.asarray(sheet)


def _grown(boxes: NDArray[np.int64], margin: int, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Boxes with some room about what they hold, inside of the picture."""
    left, top = np.maximum(boxes[:, :2] - margin, 0).T
    right = np.minimum(boxes[:, 0] + boxes[:, 2] + margin, shape[1])
    bottom = np.minimum(boxes[:, 1] + boxes[:, 3] + margin, shape[0])
    return np.stack([left, top, right - left, bottom - top], axis=1)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)
