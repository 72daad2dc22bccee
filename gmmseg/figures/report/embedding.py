"""Pictures made small and turned into text that stands in a page."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.report.page import Page
from gmmseg.figures.report.sizes import MASK, PHOTO, fitted, reduced_shape

if TYPE_CHECKING:
    from PIL import Image

_MASKS = 8  # of that size; more masks are smaller, so that all together stay as large
_SMALL = 256  # up to here a photo is embedded without loss


def photo_uri(pixels: Bytes) -> str:
    """The photo, at most 1400 pixels on its long side, as a data URI."""
    from PIL import Image

    small = Image.fromarray(pixels).resize(fitted(pixels.shape, PHOTO), Image.Resampling.BOX)
    if max(pixels.shape) <= _SMALL:
        return _encoded(small, "png")
    return _encoded(small, "jpeg", quality=86, optimize=True, subsampling=0)


def grey_uri(pixels: Bytes) -> str:
    """A grey picture : (h, w), as it is, as a data URI."""
    from PIL import Image

    return _encoded(Image.fromarray(pixels), "png")


def labels_uri(page: Page) -> str:
    """The labels at the photo's size, one pixel out of each block, as a grey PNG: round(255 (label + 1) / k).

    The levels are as far from each other as can be: browsers that add faint noise to what a page reads back from
    a canvas, against fingerprinting, then change no label.
    """
    from PIL import Image

    width, height = fitted(page.labels.shape, PHOTO)
    rows, columns = (
        ((np.arange(new) + 0.5) * old / new).astype(np.intp)
        for new, old in zip((height, width), page.labels.shape, strict=True)
    )
    levels = np.rint(np.arange(page.k + 1) * 255 / page.k).astype(np.uint8)
    return _encoded(Image.fromarray(levels[page.labels[np.ix_(rows, columns)].astype(np.intp) + 1]), "png")


def mask_uris(page: Page) -> list[str]:
    """The soft masks, at most 700 pixels on their long sides, as data URIs; none if the page has none."""
    longest = round(MASK * min(1.0, (_MASKS / page.k) ** 0.5))
    uris = [plane_uri(plane, page.labels.shape, longest) for plane in _planes(page)]
    if len(uris) not in {0, page.k}:
        raise InputError(f"expected {page.k} soft masks, one a segment, or none; got {len(uris)}")
    return uris


def _planes(page: Page) -> Iterator[Floats]:
    if not isinstance(page.soft, np.ndarray):
        yield from page.soft
        return
    if page.soft.shape != (*page.labels.shape, page.k):
        raise InputError(f"expected soft of shape {(*page.labels.shape, page.k)}; got {page.soft.shape}")
    for c in range(page.k):
        yield page.soft[..., c]


def plane_uri(plane: Floats, shape: tuple[int, ...], longest: int = MASK) -> str:
    """A plane of numbers from 0 to 1 as a grey picture of at most this long side; NaN is 0."""
    from PIL import Image, features

    values = np.ascontiguousarray(plane, np.float32)
    if values.shape not in {tuple(shape), reduced_shape(shape)}:
        raise InputError(
            f"expected planes of shape {shape}, as the labels have, or {reduced_shape(shape)}; got {values.shape}"
        )
    small = _reduced(values, longest)
    if not np.isfinite(small).all():
        small = _reduced(np.nan_to_num(values, nan=0.0, posinf=1.0, neginf=0.0), longest)
    picture = Image.fromarray((np.clip(small, 0, 1) * 255 + 0.5).astype(np.uint8))
    if features.check("webp") and max(shape) > _SMALL:
        return _encoded(picture, "webp", quality=82)
    return _encoded(picture, "png")


def _reduced(values: NDArray[np.float32], longest: int) -> NDArray[np.float32]:
    from PIL import Image

    size = fitted(values.shape, longest)
    if size == values.shape[::-1]:
        return values
    return np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BOX), np.float32)


def _encoded(picture: Image.Image, kind: str, **options: int) -> str:
    file = BytesIO()
    picture.save(file, kind, **options)
    return f"data:image/{kind};base64,{b64encode(file.getvalue()).decode()}"


def bytes_text(array: Bytes) -> str:
    """Bytes as base64, for a script to unpack."""
    return b64encode(np.ascontiguousarray(array).tobytes()).decode()


def script_data(data: object) -> str:
    """Data as JSON that can stand in a script element: no `<` that could end it; numbers that are none are null."""
    text = json.dumps(_finite(data), ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _finite(data: object) -> object:
    if isinstance(data, float):
        return data if isfinite(data) else None
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return data
