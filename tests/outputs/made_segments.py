"""Small segmentations for the tests of outputs, all made here."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from gmmseg import Image, Model, Segmentation, read, segment
from gmmseg.features import FeatureSpec
from gmmseg.files import GeoTag, image_of
from gmmseg.mixture import Mixture
from gmmseg.segmentation import Space

IMAGES = Path(__file__).resolve().parent.parent.parent / "images"
GEO = (
    GeoTag(33550, 12, 3, (10.0, 10.0, 0.0)),
    GeoTag(33922, 12, 6, (0.0, 0.0, 0.0, 399960.0, 5800020.0, 0.0)),
    GeoTag(34735, 3, 8, (1, 1, 0, 1, 1024, 0, 1, 1)),
    GeoTag(42112, 2, 43, '<GDALMetadata><Item name="a">x</Item></GDALMetadata>'),
    GeoTag(42113, 2, 6, "-9999"),
)


@cache
def crop() -> np.ndarray:
    """A piece of a sample photo : (90, 120, 3) uint8."""
    return read(IMAGES / "coffee.jpg").pixels[100:280:2, 200:440:2].copy()


def cut(*, corner: bool = True, **fields: Any) -> Image:
    """The piece as a picture with a name; a corner of it is left out."""
    image = image_of(crop())
    valid = np.ones(image.valid.shape, np.bool_)
    if corner:
        valid[:20, :30] = False
    return replace(image, **({"name": "coffee.jpg", "valid": valid} | fields))


@cache
def whole() -> Segmentation:
    """Of a picture without a hole."""
    return segment(cut(corner=False), 4)


@cache
def holed() -> Segmentation:
    """Of a picture of which a corner is left out."""
    return segment(cut(resolution=(300.0, 150.0)), 4)


@cache
def placed() -> Segmentation:
    """Of a picture that knows where on earth it lies, with a corner left out."""
    return segment(cut(geo=GEO), 4)


@cache
def chosen() -> Segmentation:
    """With a number of segments that was chosen."""
    return segment(cut(), "auto")


def random_pixels(*shape: int) -> np.ndarray:
    """Blocks of four colours with noise, as 16-bit samples : shape."""
    random = np.random.default_rng(5)
    blocks = np.kron(random.integers(0, 4, (6, 8)), np.ones((5, 5), np.int64))
    base = random.integers(5000, 60000, (4, *shape[2:]))[blocks]
    noisy: np.ndarray = np.clip(base + random.normal(0, 900, base.shape), 0, 65535)
    return noisy.astype(np.uint16)


def tiff_pages(path: Path) -> list[tuple[np.ndarray, dict[int, Any]]]:
    """Samples and tags of each page of a TIFF."""
    import tifffile

    with tifffile.TiffFile(path) as file:
        pages: list[Any] = list(file.pages)
        return [(page.asarray(), {tag.code: tag.value for tag in page.tags}) for page in pages]


KINDS_OF_PICTURE: dict[str, Any] = {
    "grey": random_pixels(30, 40) // 256,
    "grey 16": random_pixels(30, 40),
    "rgb 16": random_pixels(30, 40, 3),
    "rgb float": (random_pixels(30, 40, 3) / 65535).astype(np.float32),
    "bands": random_pixels(30, 40, 5),
    "two bands": random_pixels(30, 40, 2).astype(np.float32),
    "pixel": np.array([[[200, 10, 30]]], np.uint8),
    "one colour": np.full((9, 12, 3), 77, np.uint8),
}


@cache
def of_kind(name: str) -> Segmentation:
    """Of a picture of another kind."""
    samples = KINDS_OF_PICTURE[name]
    if name == "grey":
        samples = samples.astype(np.uint8)
    return segment(samples, 1 if name in {"pixel", "one colour"} else 3)


@cache
def crowded(k: int = 300) -> Segmentation:
    """With so many segments that they need 16 bits: one for each of as many greys of red and green."""
    codes = np.arange(k)
    colors = np.stack([codes % 25 * 10, codes // 25 * 10, np.full(k, 40)], axis=1).astype(np.uint8)
    mixture = Mixture(np.full(k, 1 / k), colors / 2.55, np.full(k, 0.5), "spherical")
    numbers = np.kron(np.append(codes, np.zeros(-k % 20, np.int64)).reshape(20, -1), np.ones((3, 3), np.int64))
    valid = np.ones(numbers.shape, np.bool_)
    valid[0, :2] = False
    image = replace(image_of(colors[numbers]), valid=valid, name="crowd.png")
    return Model(mixture, FeatureSpec.parse("rgb"), colors, Space(0, 0, 0)).apply(image)
