"""Reading: every format, depth, mode and orientation gives the pixels that were meant."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from made_pictures import COLOURS, GREYS, RANDOM, chunk, png16, saved, smooth, stored_as, tiff

from gmmseg import FileError
from gmmseg.files import read


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


def test_portable_greymaps_keep_16_bits() -> None:
    """A PGM of 16 bits is a grey picture of 16 bits."""
    image = read(b"P5 3 2 65535\n" + np.arange(0, 60000, 10000).astype(">u2").tobytes())
    assert image.colour == "grey"
    assert image.pixels.dtype == np.uint16
    assert image.pixels.ravel().tolist() == [0, 10000, 20000, 30000, 40000, 50000]


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
