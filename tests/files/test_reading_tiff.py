"""Reading TIFF: every layout, compression, kind of sample and tag."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import PIL.Image
import pytest
import tifffile
from made_pictures import COLOURS, GREYS, RANDOM, saved, smooth, tiff
from PIL import ImageCms

from gmmseg import FileError
from gmmseg.files import read


def test_geo_tags_do_not_survive_a_turn() -> None:
    """Tags that speak of the stored rows are not kept for a picture that was turned."""
    tags = [(33550, 12, 3, (1.0, 1.0, 0.0), True)]
    assert len(read(tiff(GREYS, photometric="minisblack", extratags=tags)).geo) == 1
    turned = read(tiff(GREYS, photometric="minisblack", extratags=[*tags, (274, 3, 1, 6, True)]))
    assert turned.geo == ()
    assert (turned.height, turned.width) == (10, 7)


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_cmyk_tiff(depth: Any) -> None:
    """Inks in a TIFF of 8 or 16 bits become colours of the same depth."""
    full = np.iinfo(depth).max
    inks = np.zeros((20, 20, 4), depth)
    inks[:10, :, 0] = full
    inks[10:, :, 3] = full
    image = read(tiff(inks, photometric="separated"))
    assert image.pixels.dtype == depth
    assert image.pixels[0, 0].tolist() == [0, full, full]
    assert image.pixels[15, 0].tolist() == [0, 0, 0]


LAYOUTS: dict[str, dict[str, Any]] = {
    "strips": {"rowsperstrip": 3},
    "tiles": {"tile": (16, 16)},
    "planes": {"planarconfig": "separate"},
    "tiled planes": {"planarconfig": "separate", "tile": (16, 16)},
    "big": {"bigtiff": True},
    "big-endian": {"byteorder": ">"},
    "zlib": {"compression": "zlib", "predictor": 2},
    "lzw": {"compression": "lzw"},
    "packbits": {"compression": "packbits"},
    "zstd": {"compression": "zstd"},
    "lzma": {"compression": "lzma", "tile": (16, 16)},
    "webp": {"compression": "webp", "compressionargs": {"lossless": True}},
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_tiff_layouts(layout: str, depth: Any) -> None:
    """Strips, tiles, planes, byte orders and compressions change nothing."""
    if layout == "webp" and depth is np.uint16:
        pytest.skip("WebP has 8 bits")
    pixels = RANDOM.integers(0, np.iinfo(depth).max, (40, 50, 3)).astype(depth)
    planes = "planarconfig" in LAYOUTS[layout]
    image = read(tiff(pixels.transpose(2, 0, 1) if planes else pixels, photometric="rgb", **LAYOUTS[layout]))
    assert image.colour == "rgb"
    np.testing.assert_array_equal(image.pixels, pixels)


def test_tiff_with_jpeg_inside() -> None:
    """YCbCr JPEG in a TIFF becomes RGB."""
    pixels = np.tile(smooth(32, 32), (2, 2, 1))
    for kind in ({"compression": "jpeg"}, {"compression": "jpeg", "quality": 95}):
        image = read(saved(pixels, "TIFF", **kind))
        assert image.colour == "rgb"
        assert np.abs(image.pixels.astype(int) - pixels).mean() < 5


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "jpeg"])
def test_tiff_in_other_colour_spaces(compression: str | None) -> None:
    """Luma and chroma, and CIELAB, become RGB."""
    source = PIL.Image.fromarray(smooth())
    images = [read(saved(source.convert("YCbCr"), "TIFF", compression=compression))]
    if compression is None:
        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        images.append(read(saved(ImageCms.profileToProfile(source, *profiles, outputMode="LAB"), "TIFF")))
    for image in images:
        assert image.colour == "rgb"
        assert np.abs(image.pixels.astype(int) - smooth()).mean() < 3


@pytest.mark.parametrize("bands", [2, 4, 7, 13])
@pytest.mark.parametrize("planes", [False, True])
def test_tiff_bands(bands: int, planes: bool) -> None:
    """Any number of bands is read, whether they lie side by side or one after the other."""
    pixels = RANDOM.integers(0, 65536, (6, 9, bands), dtype=np.uint16)
    stored = pixels.transpose(2, 0, 1) if planes else pixels
    data = tiff(
        stored,
        photometric="minisblack",
        planarconfig="separate" if planes else "contig",
        extrasamples=["unspecified"] * (bands - 1),
    )
    image = read(data)
    assert image.colour == "bands"
    np.testing.assert_array_equal(image.pixels, pixels)


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "uint32", "float16", "float32", "float64"])
def test_measurements_become_float_bands(dtype: str) -> None:
    """Signed, long and floating samples become float32 bands; NaN and infinity are left out."""
    pixels = (
        np.arange(-30, 30).reshape(6, 10).astype(dtype)
        if dtype != "uint32"
        else np.arange(60, dtype="u4").reshape(6, 10)
    )
    truth = pixels.astype(np.float32)
    if dtype.startswith("float"):
        pixels[0, 0], pixels[1, 1] = np.nan, np.inf
        truth[0, 0] = truth[1, 1] = 0
    image = read(tiff(pixels, photometric="minisblack"))
    assert image.pixels.dtype == np.float32
    assert image.colour == "bands"
    np.testing.assert_array_equal(image.pixels[..., 0], truth)
    assert (~image.valid).sum() == (2 if dtype.startswith("float") else 0)


def test_no_data() -> None:
    """GDAL's no-data value is left out: in any band of measurements, in all channels of whole numbers."""
    heights = np.arange(60, dtype=np.float32).reshape(6, 10)
    heights[2, 3] = -9999
    tag = (42113, 2, 0, "-9999", True)
    image = read(tiff(heights, photometric="minisblack", extratags=[tag]))
    assert np.argwhere(~image.valid).tolist() == [[2, 3]]
    colours = np.full((20, 20, 3), 5, np.uint8)
    colours[0, 0] = 0
    colours[1, 1, 0] = 0
    image = read(tiff(colours, photometric="rgb", extratags=[(42113, 2, 0, "0", True)]))
    assert np.argwhere(~image.valid).tolist() == [[0, 0]]


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("kind", ["unassalpha", "assocalpha"])
def test_tiff_alpha(depth: Any, kind: str) -> None:
    """Alpha is taken out of the samples, and colours that were multiplied by it are divided again."""
    full = int(np.iinfo(depth).max)
    plain = np.full((20, 20, 3), full // 3, depth)
    alpha = np.full((20, 20), full // 2, depth)
    alpha[0, 0] = 0
    stored = plain.astype(np.int64) * alpha[..., None] // full if kind == "assocalpha" else plain
    data = tiff(np.dstack([stored, alpha]).astype(depth), photometric="rgb", extrasamples=[kind])
    image = read(data)
    assert image.colour == "rgb"
    np.testing.assert_array_equal(image.alpha, alpha)
    np.testing.assert_array_equal(image.valid, alpha > 0)
    np.testing.assert_allclose(image.pixels[image.valid], plain[image.valid].astype(int), atol=2)


def test_white_is_zero() -> None:
    """A TIFF in which 0 is white is turned round."""
    image = read(tiff(GREYS, photometric="miniswhite"))
    np.testing.assert_array_equal(image.pixels[..., 0], 255 - GREYS)
    bits = GREYS > 100
    image = read(tiff(bits, photometric="miniswhite"))
    np.testing.assert_array_equal(image.pixels[..., 0], np.where(bits, 0, 255))


def test_fax_tiff() -> None:
    """A 1-bit TIFF in fax compression is black and white."""
    bits = np.zeros((16, 32), np.bool_)
    bits[4:9, 5:20] = True
    np.testing.assert_array_equal(read(saved(bits, "TIFF", compression="group4")).pixels[..., 0] > 0, bits)


@pytest.mark.parametrize("scale", [1, 257])
def test_palette_tiff(scale: int) -> None:
    """Indices become their colours, whether the palette has 16 bits or, as in old files, 8."""
    colours = RANDOM.integers(0, 256, (3, 256), dtype=np.uint16)
    image = read(tiff(GREYS, photometric="palette", colormap=colours * np.uint16(scale)))
    np.testing.assert_array_equal(image.pixels, colours.T.astype(np.uint8)[GREYS])


def test_few_bits_fill_the_range() -> None:
    """Greys of 4 bits, and colours of 12, reach white."""
    data = b"\0\x0f" + b"\xf0\x0f"  # two rows of four greys
    file = io.BytesIO()
    tifffile.imwrite(file, np.frombuffer(data, np.uint8).reshape(2, 2), photometric="minisblack", metadata=None)
    narrowed = bytearray(file.getvalue())
    with tifffile.TiffFile(io.BytesIO(narrowed)) as opened:
        tags = opened.pages[0].tags  # type: ignore[union-attr]
        struct.pack_into("<H", narrowed, tags[258].valueoffset, 4)
        struct.pack_into("<H", narrowed, tags[256].valueoffset, 4)
    assert read(bytes(narrowed)).pixels[..., 0].tolist() == [[0, 0, 0, 255], [255, 0, 0, 255]]


def test_pages_of_a_tiff() -> None:
    """A page is chosen by number; smaller copies of a page do not count; too large numbers say how many there are."""
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        for shade in (10, 20, 30):
            writer.write(np.full((20, 20), shade, np.uint8), photometric="minisblack", metadata=None)
            writer.write(np.zeros((10, 10), np.uint8), subfiletype=1, photometric="minisblack", metadata=None)
    for page in (1, 2, 3):
        assert read(file.getvalue(), page=page).pixels[0, 0, 0] == page * 10
    with pytest.raises(FileError, match="3 pages"):
        read(file.getvalue(), page=4)


def test_mask_of_a_gdal_tiff() -> None:
    """A page that is the mask of the page before it says what is valid."""
    file = io.BytesIO()
    mask = GREYS > 100
    with tifffile.TiffWriter(file) as writer:
        writer.write(COLOURS, photometric="rgb", metadata=None)
        writer.write(mask, subfiletype=4, photometric="mask", metadata=None)
    image = read(file.getvalue())
    np.testing.assert_array_equal(image.valid, mask)
    with pytest.raises(FileError, match="one page"):
        read(file.getvalue(), page=2)
