"""Reading: every format, depth, mode and orientation gives the pixels that were meant."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
import tifffile
from PIL import ImageCms

from gmmseg import FileError, InputError
from gmmseg.files import Image, Source, image_of, read

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


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP", "PPM", "TGA", "JPEG2000", "AVIF"])
def test_lossless_formats_keep_every_pixel(kind: str, tmp_path: Path) -> None:
    """A picture in a lossless format is read as it was, whatever the format."""
    lossless: dict[str, dict[str, Any]] = {
        "WEBP": {"lossless": True},
        "AVIF": {"quality": 100, "subsampling": "4:4:4"},
    }
    path = tmp_path / f"picture.{kind.lower()}"
    path.write_bytes(saved(COLOURS, kind, **lossless.get(kind, {})))
    image = read(path)
    assert image.colour == "rgb"
    assert image.pixels.dtype == np.uint8
    np.testing.assert_allclose(image.pixels, COLOURS.astype(int), atol=3 if kind == "AVIF" else 0)
    assert image.valid.all()
    assert image.alpha is None
    assert image.name == path.name


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_lossy_formats_are_close(kind: str, mode: str) -> None:
    """Lossy formats give the picture within a few levels."""
    image = read(saved(smooth(), kind, mode, quality=95))
    truth = np.asarray(PIL.Image.fromarray(smooth()).convert(mode)).reshape(24, 40, -1)
    assert np.abs(image.pixels.astype(int) - truth).mean() < 3


@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_is_decoded_as_pillow_does(progressive: bool) -> None:
    """The fast way gives the same bits as the slow one."""
    data = saved(smooth(), "JPEG", progressive=progressive, dpi=(72, 100))
    image = read(data)
    np.testing.assert_array_equal(image.pixels, np.asarray(PIL.Image.open(io.BytesIO(data))))
    assert image.resolution == (72, 100)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "P", "1"])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_every_mode(mode: str, kind: str) -> None:
    """Grey, grey with alpha, RGB, RGBA, palette and 1-bit pictures become what they show."""
    alpha = np.where(GREYS > 128, GREYS, 0).astype(np.uint8)
    source = PIL.Image.fromarray(np.dstack([COLOURS, alpha]))
    source = source.convert("RGB").quantize(7) if mode == "P" else source.convert(mode)
    image = read(saved(source, kind))
    if mode in {"L", "LA", "1"}:
        assert image.colour == "grey"
        np.testing.assert_array_equal(image.pixels[..., 0], np.asarray(source.convert("L")))
    else:
        assert image.colour == "rgb"
        np.testing.assert_array_equal(image.pixels, np.asarray(source.convert("RGB")))
    if mode.endswith("A"):
        assert image.alpha is not None
        np.testing.assert_array_equal(image.alpha, alpha)
        np.testing.assert_array_equal(image.valid, alpha > 0)
    else:
        assert image.alpha is None


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_palette_with_transparency(kind: str) -> None:
    """The transparent colour of a palette is left out."""
    labels = PIL.Image.fromarray(GREYS // 64)
    labels.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])
    options: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {}
    image = read(saved(labels, kind, transparency=2, **options))
    np.testing.assert_array_equal(image.valid, GREYS // 64 != 2 if kind != "WEBP" else image.valid)
    assert image.pixels[GREYS // 64 == 1].tolist()[0] == [0, 255, 0]
    assert image.alpha is None


@pytest.mark.parametrize(("kind", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_png_of_16_bits_stays_so(kind: int, channels: int) -> None:
    """Every kind of 16-bit PNG keeps its 16 bits, its alpha, its profile and its resolution."""
    pixels = RANDOM.integers(0, 65536, (5, 6, channels), dtype=np.uint16)
    about = [chunk(b"iCCP", b"x\0\0" + zlib.compress(b"profile")), chunk(b"pHYs", struct.pack(">IIB", 3937, 7874, 1))]
    image = read(png16(pixels, kind, *about))
    colours = 3 if channels > 2 else 1
    assert image.pixels.dtype == np.uint16
    np.testing.assert_array_equal(image.pixels, pixels[..., :colours])
    assert (image.alpha is None) == (channels in {1, 3})
    if image.alpha is not None:
        np.testing.assert_array_equal(image.alpha, pixels[..., -1])
    assert image.profile == b"profile"
    assert image.resolution == pytest.approx((100, 200), rel=1e-4)


def test_png_of_16_bits_with_a_transparent_colour() -> None:
    """The transparent colour of a 16-bit PNG without alpha is left out, and no other."""
    pixels = np.array([[[0, 1, 2], [0, 1, 3]]], np.uint16)
    np.testing.assert_array_equal(
        read(png16(pixels, 2, chunk(b"tRNS", struct.pack(">HHH", 0, 1, 2)))).valid, [[False, True]]
    )
    grey = np.array([[[700], [701]]], np.uint16)
    np.testing.assert_array_equal(read(png16(grey, 0, chunk(b"tRNS", struct.pack(">H", 701)))).valid, [[True, False]])


def stored_as(upright: np.ndarray, orientation: int) -> np.ndarray:
    """What a camera writes so that viewers show `upright`, by Pillow's own table of transpositions."""
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # flips, half and quarter turns, the other way round
    if orientation == 1:
        return upright
    return np.asarray(PIL.Image.fromarray(upright).transpose(PIL.Image.Transpose(back[orientation])))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "PNG16", "WEBP", "AVIF", "TIFF"])
def test_orientations_are_applied_once(orientation: int, kind: str) -> None:
    """All eight EXIF orientations come out upright, from every format, with a mask in upright coordinates."""
    truth = np.zeros((32, 48, 3), np.uint8)
    truth[:16, :16] = [200, 0, 0]
    truth[16:, :16] = [0, 200, 0]
    truth[:16, 32:] = [0, 0, 200]
    stored = stored_as(truth, orientation)
    exif = PIL.Image.Exif()
    exif[274] = orientation
    if kind == "TIFF":
        data = tiff(stored, photometric="rgb", extratags=[(274, 3, 1, orientation, True)])
    elif kind == "PNG16":
        data = png16(stored.astype(np.uint16) * 257, 2, chunk(b"eXIf", exif.tobytes()[6:]))
    else:
        options: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {"quality": 95}
        data = saved(stored, kind, exif=exif, **options)
    mask = np.zeros((32, 48), np.uint8)
    mask[:16, :16] = 1
    image = read(data, mask=mask)
    assert (image.height, image.width) == (32, 48)
    pixels = image.pixels // 257 if kind == "PNG16" else image.pixels
    assert np.abs(pixels.astype(int) - truth).mean() < 6
    np.testing.assert_array_equal(image.valid, mask != 0)


def test_geo_tags_do_not_survive_a_turn() -> None:
    """Tags that speak of the stored rows are not kept for a picture that was turned."""
    tags = [(33550, 12, 3, (1.0, 1.0, 0.0), True)]
    assert len(read(tiff(GREYS, photometric="minisblack", extratags=tags)).geo) == 1
    turned = read(tiff(GREYS, photometric="minisblack", extratags=[*tags, (274, 3, 1, 6, True)]))
    assert turned.geo == ()
    assert (turned.height, turned.width) == (10, 7)


def test_damaged_exif_turns_nothing() -> None:
    """A picture whose EXIF is garbage is read as it lies."""
    image = read(saved(smooth(), "JPEG", exif=b"Exif\0\0MM\0*garbage"))
    assert (image.height, image.width) == (24, 40)


def test_cmyk_jpeg() -> None:
    """Inks become colours, also in the inverted form that Photoshop writes (and Pillow, too)."""
    inks = PIL.Image.fromarray(smooth()).convert("CMYK")
    image = read(saved(inks, "JPEG", quality=98))
    assert image.colour == "rgb"
    assert np.abs(image.pixels.astype(int) - smooth()).mean() < 3


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


def test_portable_greymaps_keep_16_bits() -> None:
    """A PGM of 16 bits is a grey picture of 16 bits."""
    image = read(b"P5 3 2 65535\n" + np.arange(0, 60000, 10000).astype(">u2").tobytes())
    assert image.colour == "grey"
    assert image.pixels.dtype == np.uint16
    assert image.pixels.ravel().tolist() == [0, 10000, 20000, 30000, 40000, 50000]


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


@pytest.mark.parametrize("colour", ["grey", "rgb"])
def test_floats_between_0_and_1_are_colours(colour: str) -> None:
    """A float TIFF whose values all lie in 0..1 is a picture."""
    pixels = (COLOURS if colour == "rgb" else GREYS).astype(np.float32) / 255
    image = read(tiff(pixels, photometric="rgb" if colour == "rgb" else "minisblack"))
    assert image.colour == colour
    np.testing.assert_array_equal(image.pixels.squeeze(), pixels)


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


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_frames_of_an_animation(kind: str) -> None:
    """A frame of an animation is chosen by number."""
    frames = [PIL.Image.new("RGB", (16, 16), (shade, 0, 0)) for shade in (40, 120, 200)]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    for page, shade in enumerate((40, 120, 200), start=1):
        image = read(data, page=page)
        assert abs(int(image.pixels[5, 5].astype(int)[0]) - shade) < 8
    with pytest.raises(FileError, match="3 pages"):
        read(data, page=4)
    with pytest.raises(FileError, match="one page"):
        read(saved(GREYS, "BMP"), page=2)


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


def test_mask_from_a_file(tmp_path: Path) -> None:
    """A mask can be a file; a mask of another shape is refused with both shapes."""
    path = tmp_path / "mask.png"
    path.write_bytes(saved((GREYS > 99), "PNG"))
    np.testing.assert_array_equal(read(COLOURS, mask=path).valid, GREYS > 99)
    with pytest.raises(InputError, match=r"\(7, 10\).*\(7, 9, 1\)"):
        read(COLOURS, mask=GREYS[:, 1:])


def test_sources_of_every_kind(tmp_path: Path) -> None:
    """A path, text, bytes, an open file, a Source, an array, a Pillow image and an Image give the same picture."""
    data = saved(COLOURS, "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(data)
    image = PIL.Image.open(path)
    sources = [path, str(path), data, bytearray(data), io.BytesIO(data), Source(path, Path("a.png")), COLOURS, image]
    for source in [*sources, read(path)]:
        np.testing.assert_array_equal(read(source).pixels, COLOURS)
    image.close()
    with pytest.raises(FileError, match="no such luck"):
        read(Source(path, Path("a.png"), "no such luck"))


def test_standard_input() -> None:
    """A picture can be piped in."""
    code = "from gmmseg.files import read; image = read('-'); print(image.name, image.pixels.sum())"
    run = subprocess.run([sys.executable, "-c", code], input=saved(COLOURS, "PNG"), check=True, capture_output=True)
    assert run.stdout.decode().strip() == f"standard input {COLOURS.sum()}"


def test_terminal_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading from a terminal is refused at once rather than waited for."""

    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO()))
    with pytest.raises(InputError, match="terminal"):
        read("-")


def test_arrays() -> None:
    """Shape and dtype of an array say what it shows."""
    expected: list[tuple[Any, str, Any]] = [
        (GREYS, "grey", np.uint8),
        (GREYS[..., None], "grey", np.uint8),
        (COLOURS, "rgb", np.uint8),
        (DEEP, "rgb", np.uint16),
        (DEEP.astype(">u2"), "rgb", np.uint16),
        (GREYS > 9, "grey", np.uint8),
        (GREYS / 255, "grey", np.float32),
        (COLOURS / 255, "rgb", np.float32),
        (COLOURS / 25, "bands", np.float32),
        (COLOURS.astype(np.int64), "bands", np.float32),
        (np.zeros((2, 3, 4)), "bands", np.float32),
        (np.zeros((2, 3, 5), np.uint8), "bands", np.uint8),
        ([[0, 1], [2, 3]], "bands", np.float32),
    ]
    for array, colour, dtype in expected:
        image = image_of(array)
        assert (image.colour, image.pixels.dtype) == (colour, dtype)
        assert image.valid.all()
        assert not image.pixels.flags.writeable
    veiled = image_of(np.dstack([COLOURS, GREYS]))
    assert veiled.alpha is not None
    np.testing.assert_array_equal(veiled.valid, GREYS > 0)
    masked = image_of(np.ma.array(COLOURS, mask=COLOURS < 20))
    np.testing.assert_array_equal(masked.valid, (COLOURS >= 20).all(axis=2))
    holed = GREYS / 255
    holed[3, 4] = np.nan
    image = image_of(holed)
    assert image.colour == "grey"
    assert image.pixels[3, 4, 0] == 0
    assert np.argwhere(~image.valid).tolist() == [[3, 4]]


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(3),
        np.zeros((0, 4)),
        np.zeros((2, 2, 2, 2)),
        np.zeros((2, 2), complex),
        np.array([["a"]]),
        7,
        None,
        [[1], [1, 2]],
    ],
)
def test_arrays_that_are_no_pictures(array: Any) -> None:
    """Arrays of other shapes and types are refused with what they are."""
    with pytest.raises(InputError, match="expected a picture"):
        read(array)


def test_images_are_checked() -> None:
    """An Image of wrong parts cannot be made."""
    good = image_of(COLOURS)
    for wrong in (
        {"pixels": GREYS},
        {"pixels": COLOURS.astype(float)},
        {"colour": "grey"},
        {"colour": "pink"},
        {"valid": np.ones((7, 9), np.bool_)},
        {"valid": GREYS},
        {"alpha": GREYS[1:]},
    ):
        with pytest.raises(InputError):
            replace(good, **wrong)
    assert isinstance(good, Image)
    assert (good.height, good.width) == (7, 10)


@pytest.mark.parametrize("options", [{"page": 0}, {"page": 1.5}, {"page": True}, {"max_pixels": 0}])
def test_options_are_checked(options: dict[str, Any]) -> None:
    """Pages and limits that cannot be are refused."""
    with pytest.raises(InputError):
        read(saved(COLOURS, "PNG"), **options)
    with pytest.raises(InputError, match="page"):
        read(COLOURS, page=2)


def test_import_is_light() -> None:
    """Importing the room brings in no decoder."""
    code = "import sys, gmmseg.files; print(*sorted({'PIL', 'tifffile', 'imagecodecs', 'scipy'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == ""
