"""Bad files: whatever is wrong with a file, one line says so, and nothing else escapes."""

from __future__ import annotations

import io
import logging
import os
import struct
import tracemalloc
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
import tifffile
from made_pictures import chunk

from gmmseg import FileError, GmmsegError
from gmmseg.files import Image, read

RANDOM = np.random.default_rng(4)


def empty_png(width: int, height: int, depth: int = 8) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


@cache
def samples() -> dict[str, bytes]:
    """A small file of every format and of many layouts."""
    y, x = np.mgrid[0:24, 0:32]
    pixels = np.stack([x * 8, y * 10, x * y % 256], axis=-1).astype(np.uint8)
    noisy = RANDOM.integers(0, 256, (24, 32, 3), dtype=np.uint8)
    found: dict[str, bytes] = {}
    exif = PIL.Image.Exif()
    exif[274] = 6
    more: dict[str, dict[str, Any]] = {
        "JPEG": {"exif": exif},
        "PNG": {"exif": exif, "dpi": (72, 72), "icc_profile": b"p" * 200},
        "WEBP": {"lossless": True, "exif": exif},
    }
    for kind in (
        "JPEG",
        "PNG",
        "WEBP",
        "GIF",
        "BMP",
        "AVIF",
        "PPM",
        "JPEG2000",
        "ICO",
        "PCX",
        "SGI",
        "QOI",
        "DDS",
    ):
        file = io.BytesIO()
        with suppress(KeyError, OSError):
            PIL.Image.fromarray(pixels).save(file, kind, **more.get(kind, {}))
            found[kind] = file.getvalue()
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        file = io.BytesIO()
        frames = [PIL.Image.fromarray(frame) for frame in (pixels, noisy)]
        frames[0].save(file, kind, save_all=True, append_images=frames[1:])
        found[f"{kind} frames"] = file.getvalue()
    file = io.BytesIO()
    PIL.Image.fromarray(pixels).convert("CMYK").save(file, "JPEG", progressive=True)
    found["JPEG inks"] = file.getvalue()
    file = io.BytesIO()
    PIL.Image.fromarray(pixels).quantize(5).save(file, "PNG", transparency=1)
    found["PNG palette"] = file.getvalue()
    rows = b"".join(b"\0" + row.tobytes() for row in noisy.astype(">u2"))
    found["PNG 16"] = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 24, 16, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    layouts: dict[str, dict[str, Any]] = {
        "plain": {},
        "tiles": {"tile": (16, 16)},
        "zlib": {"compression": "zlib", "predictor": 2, "extratags": [(42113, 2, 0, "0", True)]},
        "lzw": {"compression": "lzw", "rowsperstrip": 5},
        "jpeg": {"compression": "jpeg"},
        "webp": {"compression": "webp"},
        "big": {"bigtiff": True, "planarconfig": "separate"},
    }
    for name, options in layouts.items():
        file = io.BytesIO()
        planes = pixels.transpose(2, 0, 1) if name == "big" else pixels
        tifffile.imwrite(file, planes, photometric="rgb", **options)
        found[f"TIFF {name}"] = file.getvalue()
    file = io.BytesIO()
    tifffile.imwrite(file, pixels.astype(np.float32), photometric="rgb", compression="zlib", predictor=3)
    found["TIFF floats"] = file.getvalue()
    return found


def refused(source: Any, **options: Any) -> str:
    with pytest.raises(FileError) as caught:
        read(source, **options)
    text = str(caught.value)
    assert text.startswith("cannot read ")
    assert "expected" in text
    assert "got" in text
    assert "\n" not in text
    return text


@pytest.mark.parametrize("name", samples())
def test_whole_samples_are_read(name: str) -> None:
    """The files that are damaged below are good ones."""
    image = read(samples()[name])
    assert {image.height, image.width} == {24, 32} or name == "ICO"


@pytest.mark.parametrize("name", [name for name in samples() if not name.endswith("frames")])
def test_truncated_files_are_refused(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A file that ends in the midst of its pixels is refused, not filled with grey, and nothing is printed."""
    whole = samples()[name]
    for size in (1, 5, 30, len(whole) // 4, len(whole) // 2, len(whole) * 3 // 4):
        if name == "DDS" and size > 100:
            continue  # blocks of one size each, of which the last may be padding
        refused(whole[:size])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", samples())
def test_damaged_files_are_refused_or_read(name: str) -> None:
    """Cut short, with bytes flipped, cut out or doubled, a file is a picture or gives one of our errors."""
    whole = samples()[name]
    random = np.random.default_rng(zlib.crc32(name.encode()))
    for trial in range(150):
        damaged = bytearray(whole)
        for _ in range(int(random.integers(1, 4))):
            # Headers are where lies do most harm.
            place = int(random.integers(min(len(damaged), 200 if trial % 2 else len(damaged))))
            match trial % 5:
                case 0:
                    del damaged[place:]
                case 1 | 2:
                    damaged[place] ^= int(random.integers(1, 256))
                case 3:
                    damaged[place : place + 4] = random.bytes(4)
                case 4:
                    del damaged[place : place + 3]
            if not damaged:
                break
        for page in (1, 2):
            try:
                image = read(bytes(damaged), page=page, max_pixels=4_000_000)
            except GmmsegError as error:
                assert "\n" not in str(error)  # noqa: PT017 - it may also be read
            else:
                assert isinstance(image, Image)
                assert image.pixels.size > 0


def test_damage_in_png_with_right_checksums() -> None:
    """Damage that checksums do not show raises nothing of libpng's or zlib's."""
    whole = samples()["PNG 16"]
    start, end = whole.index(b"IDAT") + 4, whole.index(b"IEND") - 8
    for _ in range(100):
        data = bytearray(whole[start:end])
        data[RANDOM.integers(len(data))] ^= int(RANDOM.integers(1, 256))
        damaged = whole[: start - 8] + chunk(b"IDAT", bytes(data)) + chunk(b"IEND", b"")
        with suppress(FileError):
            read(damaged)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "PPM"])
def test_large_pictures_are_refused_by_their_header(kind: str) -> None:
    """More pixels than allowed are refused with the limit and the way round it, in every format."""
    file = io.BytesIO()
    PIL.Image.new("RGB", (100, 100)).save(file, kind)
    text = refused(file.getvalue(), max_pixels=9999)
    assert "9,999 pixels" in text
    assert "100 × 100" in text
    assert "--max-pixels" in text
    assert read(file.getvalue(), max_pixels=10_000).width == 100


@pytest.mark.parametrize("depth", [8, 16])
def test_bombs_take_no_memory(depth: int) -> None:
    """A file that claims a huge picture is refused without making room for it, whatever Pillow's own limit."""
    limit = PIL.Image.MAX_IMAGE_PIXELS
    filters = list(warnings.filters)
    tracemalloc.start()
    assert "250,000,000" in refused(empty_png(60_000, 60_000, depth))
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()
    refused(empty_png(14_000, 10_000, depth))  # below our limit and beyond Pillow's; its data are missing
    refused(empty_png(0, 10))
    assert limit == PIL.Image.MAX_IMAGE_PIXELS
    assert warnings.filters == filters


def test_bombs_in_tiff() -> None:
    """A TIFF that claims more pixels, or more channels, than allowed is refused."""
    file = io.BytesIO()
    tifffile.imwrite(file, np.zeros((8, 8), np.uint8), photometric="minisblack", metadata=None)
    claiming = bytearray(file.getvalue())
    with tifffile.TiffFile(io.BytesIO(claiming)) as tiff:
        tags = tiff.pages[0].tags  # type: ignore[union-attr]
        for code, value in ((256, 50_000), (257, 60_000)):
            struct.pack_into("<H" if tags[code].dtype == 3 else "<I", claiming, tags[code].valueoffset, value)
    assert "50,000 × 60,000" in refused(bytes(claiming))
    refused(bytes(claiming), max_pixels=None)
    struct.pack_into("<H", claiming, tags[256].valueoffset, 8)
    struct.pack_into("<H", claiming, tags[257].valueoffset, 8)
    struct.pack_into("<H", claiming, tags[277].valueoffset, 60_000)
    assert "60000 channels" in refused(bytes(claiming), max_pixels=100_000)


def test_files_that_are_no_pictures(tmp_path: Path) -> None:
    """Empty files, text, folders and names of nothing each get one line that says so."""
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "text.jpg").write_text("a picture of a cat")
    (tmp_path / "zeros.png").write_bytes(bytes(1000))
    (tmp_path / "text.tga").write_text("a picture of a cat, painted by hand and much longer than any header")
    assert "empty.jpg: expected a picture; got an empty file" in refused(tmp_path / "empty.jpg")
    assert str(tmp_path) in refused(tmp_path / "text.jpg")
    assert "another kind" in refused(tmp_path / "text.jpg")
    assert "another kind" in refused(tmp_path / "zeros.png")
    refused(tmp_path / "text.tga")
    assert "a folder" in refused(tmp_path)
    assert "nothing by this name" in refused(tmp_path / "missing.jpg")
    assert "nothing by this name" in refused(tmp_path / "text.jpg" / "below.jpg")
    refused("a\0b.jpg")
    refused("a\nb.jpg")
    refused(b"")
    refused(os.fsencode(tmp_path) + b"/\xff.png")
    refused("x" * 5000)


def test_scripts_are_not_run() -> None:
    """PostScript, which Pillow hands to another program, is no picture here."""
    refused(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n")


def test_truncated_pillow_image() -> None:
    """An image of Pillow's whose pixels turn out to be missing is refused as a file is."""
    opened = PIL.Image.open(io.BytesIO(samples()["PNG"][:-200]))
    refused(opened)


def test_jpeg_without_end_marker() -> None:
    """A JPEG that lacks nothing but its last marker is as good or bad as Pillow finds it, and never grey."""
    whole = samples()["JPEG"]
    with suppress(FileError):
        np.testing.assert_array_equal(read(whole[:-2]).pixels, read(whole).pixels)


def test_threads_leave_warnings_as_they_were() -> None:
    """Reading from many threads leaves the process's filters of warnings and logs untouched."""
    filters, logging_filters = list(warnings.filters), list(logging.getLogger("tifffile").filters)
    with ThreadPoolExecutor(8) as pool:
        images = list(pool.map(read, list(samples().values()) * 4))
    assert len(images) == 4 * len(samples())
    assert list(warnings.filters) == filters
    assert logging.getLogger("tifffile").filters == logging_filters


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is forbidden to this user")
def test_forbidden_files(tmp_path: Path) -> None:
    """A file that may not be read says so."""
    path = tmp_path / "a.png"
    path.write_bytes(samples()["PNG"])
    path.chmod(0)
    assert "permission" in refused(path)
