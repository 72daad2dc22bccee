"""Small pictures in many formats, made for the tests of the files room."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import PIL.Image
import tifffile

RANDOM = np.random.default_rng(0)


COLOURS = RANDOM.integers(0, 256, (7, 10, 3), dtype=np.uint8)


GREYS = RANDOM.integers(0, 256, (7, 10), dtype=np.uint8)


DEEP = RANDOM.integers(0, 65536, (7, 10, 3), dtype=np.uint16)


def smooth(height: int = 24, width: int = 40) -> np.ndarray:
    """A picture that lossy formats keep within a few levels."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 200 // width, y * 200 // height, (x + y) * 100 // (height + width)], -1).astype(np.uint8)


def saved(pixels: Any, kind: str, mode: str | None = None, **options: Any) -> bytes:
    file = io.BytesIO()
    image = PIL.Image.fromarray(pixels) if isinstance(pixels, np.ndarray) else pixels
    (image if mode is None else image.convert(mode)).save(file, kind, **options)
    return file.getvalue()


def tiff(pixels: np.ndarray, **options: Any) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, **options)
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png16(pixels: np.ndarray, kind: int, *more: bytes) -> bytes:
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)),
            *more,
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
        ]
    )


def stored_as(upright: np.ndarray, orientation: int) -> np.ndarray:
    """What a camera writes so that viewers show `upright`, by Pillow's own table of transpositions."""
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # flips, half and quarter turns, the other way round
    if orientation == 1:
        return upright
    return np.asarray(PIL.Image.fromarray(upright).transpose(PIL.Image.Transpose(back[orientation])))
