"""The file of a tree of regions: an npz archive of plain arrays and a JSON header; never a pickle.

header   UTF-8 JSON as bytes: {"format": "gmmseg region tree", "version": 1, "width": …, "height": …, …}
picture  the picture as it is seen, the bytes of a PNG file
crumbs   their numbers, likewise: 16 bits of grey, 65535 left out; of more, low and high halves as red and green
alpha    the picture's own transparency, likewise; empty if it has none
merges   (n − 1, 2) int32
heights  (n − 1,) float64

All members are stored as they are: what is large is packed already, and a small file does not grow when it is read.
"""

from __future__ import annotations

import io
import zipfile
from os import PathLike, fsdecode
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.archives import BROKEN, damaged, encoded, opened
from gmmseg.arguments import is_number
from gmmseg.bands import by_bands
from gmmseg.errors import FileError, InputError
from gmmseg.files import GeoTag, Image, read, write_picture
from gmmseg.files.sources import shown
from gmmseg.files.targets import Target, writing
from gmmseg.files.wanted import Wanted
from gmmseg.parts.checking import require_tree
from gmmseg.parts.tree import RegionTree

FORMAT = "gmmseg region tree"
_VERSION = 1
_ARRAYS = ("picture", "crumbs", "alpha", "merges", "heights")
_LEFT_OUT = 65535


def write_tree(target: Target, tree: RegionTree) -> None:
    """Write a tree to a path or a binary file, whole or not at all."""
    image = tree.image
    header = {
        "format": FORMAT,
        "version": _VERSION,
        "width": tree.width,
        "height": tree.height,
        "name": image.name,
        "seconds": tree.seconds,
        "resolution": image.resolution,
        "geo": [[tag.code, tag.dtype, tag.count, _written(tag.value)] for tag in image.geo],
    }
    with writing(target) as file:
        np.savez(
            file,
            header=encoded(header),
            picture=_packed(tree.picture),
            crumbs=_packed(_halves(tree.crumbs, len(tree.merges) + 1)),
            alpha=np.empty(0, np.uint8) if image.alpha is None else _packed(image.alpha),
            merges=tree.merges,
            heights=tree.heights,
        )


def load(path: str | PathLike[str], max_pixels: int | None) -> RegionTree:
    """What `write_tree` wrote."""
    header, _ = opened(path, FORMAT, _VERSION, ())
    _require_stored(path)
    _, arrays = opened(path, FORMAT, _VERSION, _ARRAYS)
    try:
        Wanted(shown(fsdecode(path)), max_pixels=max_pixels).check_size(header["width"], header["height"])
        return _tree(header, arrays)
    except FileError:
        raise
    except (*BROKEN, LookupError, InputError) as error:
        told = f" ({error})" if isinstance(error, InputError) else ""
        raise damaged(path, FORMAT, f"its contents do not fit together{told}") from None


def _tree(header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> RegionTree:
    pixels = header["width"] * header["height"]
    picture = _unpacked(arrays["picture"], pixels)
    crumbs = _whole(_unpacked(arrays["crumbs"], pixels))
    alpha = _unpacked(arrays["alpha"], pixels)[..., 0] if arrays["alpha"].size else None
    if picture.shape != (*crumbs.shape, 3) or picture.dtype != np.uint8:
        raise InputError(f"its picture is {picture.dtype} {picture.shape}, its crumbs are {crumbs.shape}")
    require_tree(crumbs, arrays["merges"], arrays["heights"])
    seconds, resolution = header["seconds"], header["resolution"]
    if not is_number(seconds) or seconds < 0:
        raise InputError(f"it took {seconds!r} seconds")
    image = Image(
        picture,
        np.asarray(crumbs >= 0),
        "rgb",
        shown(str(header["name"])),
        alpha,
        None,
        None if resolution is None else (float(resolution[0]), float(resolution[1])),
        tuple(GeoTag(int(code), int(dtype), int(count), _read(value)) for code, dtype, count, value in header["geo"]),
    )
    _require_writable(image)
    return RegionTree(image, picture, crumbs, arrays["merges"], arrays["heights"], float(seconds))


def _require_stored(path: str | PathLike[str]) -> None:
    with zipfile.ZipFile(path) as archive:
        packed = any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist())
    if packed:
        raise damaged(path, FORMAT, "its members are packed")


def _require_writable(image: Image) -> None:
    """Refuse a resolution and tags that no picture can be written with; what writes TIFF is slow to load."""
    if image.resolution is None and not image.geo:
        return
    dot = np.zeros((1, 1), np.uint8)
    try:
        write_picture(
            io.BytesIO(), dot, format="tiff" if image.geo else "png", resolution=image.resolution, geo=image.geo
        )
    except Exception as error:  # noqa: BLE001 - what does not fit its type raises whatever it likes
        raise InputError(f"its resolution or its place on earth makes no sense: {error}") from None


def _packed(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    file = io.BytesIO()
    write_picture(file, pixels, format="png")
    return np.frombuffer(file.getvalue(), np.uint8)


def _unpacked(data: NDArray[Any], most: int) -> NDArray[Any]:
    """So many pixels at most : (h, w, c), of a PNG file as an array of bytes."""
    if data.dtype != np.uint8 or data.ndim != 1:
        raise InputError(f"a picture is {data.dtype} {data.shape}")
    try:
        image = read(data.tobytes(), max_pixels=most)
    except FileError as error:
        raise InputError(str(error)) from None
    return image.pixels


def _halves(crumbs: NDArray[np.int32], count: int) -> NDArray[np.uint16]:
    """Crumbs as samples of 16 bits : (h, w) or (h, w, 3)."""
    low = crumbs.astype(np.uint16)  # −1 becomes the last number
    if count <= _LEFT_OUT:
        return low
    return np.stack([low, (crumbs >> 16).astype(np.uint16), np.zeros_like(low)], axis=2)


def _whole(samples: NDArray[Any]) -> NDArray[np.int32]:
    """The way back."""
    if samples.dtype != np.uint16:
        raise InputError(f"its crumbs are {samples.dtype} {samples.shape}")
    height, width, channels = samples.shape
    crumbs = np.empty((height, width), np.int32)

    def work(top: int, bottom: int) -> None:
        low = samples[top:bottom, :, 0]
        if channels == 1:
            crumbs[top:bottom] = np.where(low == _LEFT_OUT, -1, low.astype(np.int32))
        else:
            crumbs[top:bottom] = low | samples[top:bottom, :, 1].astype(np.int32) << 16

    by_bands(height, width, work)
    return crumbs


def _written(value: Any) -> Any:
    """The value of a tag as JSON has it; bytes as a mapping."""
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin-1")}
    return np.asarray(value).tolist() if not isinstance(value, str) else value


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        return value["bytes"].encode("latin-1")
    return tuple(value) if isinstance(value, list) else value
