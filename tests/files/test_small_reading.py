"""Pictures read small: the colours stay, whatever the format, the size and the way the camera was held."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pictures import png16, saved, stored_as, tiff

from gmmseg.errors import FileError, InputError
from gmmseg.files import in_srgb, listed, read, read_small
from gmmseg.files.shrinking import shrunk


@cache
def scene(height: int = 333, width: int = 517) -> np.ndarray:
    """A picture with soft parts, sharp edges and some noise."""
    random = np.random.default_rng(0)
    y, x = np.mgrid[0:height, 0:width]
    soft = np.stack([x * 230 // width, y * 200 // height + 30, 90 + 80 * np.sin(x / 31) * np.cos(y / 17)], -1)
    soft[height // 3 : height // 2, width // 4 : width // 2] = (250, 240, 30)
    soft[: height // 5, : width // 7] = (5, 10, 60)
    noisy = soft + random.integers(-10, 11, soft.shape)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def mean_of(data: Any) -> np.ndarray:
    """The mean colour of the whole picture in 8 bits of sRGB, over what can be seen."""
    image = in_srgb(read(data))
    levels = image.pixels[image.valid].astype(float)
    full = 255 if image.pixels.dtype == np.uint8 else 65535
    return np.broadcast_to(levels.mean(axis=0) * 255 / full, 3)


FORMATS = {
    "jpeg": lambda p: saved(p, "JPEG", quality=90),
    "progressive": lambda p: saved(p, "JPEG", quality=80, progressive=True),
    "full colour": lambda p: saved(p, "JPEG", quality=95, subsampling=0),
    "grey jpeg": lambda p: saved(p, "JPEG", "L", quality=90),
    "inks": lambda p: saved(p, "JPEG", "CMYK", quality=95),
    "mpo": lambda p: saved(p, "MPO", save_all=True, append_images=[PIL.Image.fromarray(p[:40, :60])]),
    "png": lambda p: saved(p, "PNG"),
    "grey png": lambda p: saved(p, "PNG", "L"),
    "palette": lambda p: saved(p, "PNG", "P"),
    "deep png": lambda p: png16(p.astype(np.uint16) * 257, 2),
    "webp": lambda p: saved(p, "WEBP", quality=90),
    "gif": lambda p: saved(p, "GIF"),
    "bmp": lambda p: saved(p, "BMP"),
    "tiff": lambda p: tiff(p, photometric="rgb"),
    "deep tiff": lambda p: tiff(p.astype(np.uint16) * 257, photometric="rgb"),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("shape", [(333, 517), (1281, 130), (96, 64)], ids=str)
def test_the_mean_colour_stays(name: str, shape: tuple[int, int]) -> None:
    """The mean colour of the small picture is that of the whole one within a level, in every format."""
    data = FORMATS[name](scene(*shape))
    small = read_small(data, 64)
    assert max(small.pixels.shape[:2]) == 64
    assert np.abs(small.mean - mean_of(data)).max() <= 1


@pytest.mark.parametrize("side", [20, 40, 79, 128])
def test_the_mean_colour_stays_at_every_scale(side: int) -> None:
    """However much is left to the JPEG decoder, the mean colour is the whole picture's."""
    data = saved(scene(1001, 1307), "JPEG", quality=90)
    small = read_small(data, side)
    assert small.pixels.shape[:2] == (round(1001 * side / 1307), side)
    assert np.abs(small.mean - mean_of(data)).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("shape", [(641, 967), (20, 1613), (1613, 20)], ids=str)
def test_small_pictures_are_upright(orientation: int, shape: tuple[int, int]) -> None:
    """However the camera was held, the small picture is that of the upright one."""
    upright = scene(*shape)
    exif = PIL.Image.Exif()
    exif[274] = orientation
    turned = read_small(saved(stored_as(upright, orientation), "JPEG", quality=95, subsampling=0, exif=exif), 100)
    plain = read_small(saved(upright, "PNG"), 100)
    assert turned.pixels.shape == plain.pixels.shape
    assert np.abs(turned.mean - plain.mean).max() <= 1
    assert np.abs(turned.pixels.astype(int) - plain.pixels).mean() < 6


def test_sizes_of_one_scene_look_alike() -> None:
    """A scene in twice the size gives the same small picture."""
    once = scene(300, 400)
    twice = once.repeat(2, 0).repeat(2, 1)
    first, second = (read_small(saved(p, "PNG"), 100) for p in (once, twice))
    assert np.abs(first.pixels.astype(int) - second.pixels).max() <= 1


def test_a_profile_is_followed() -> None:
    """Colours of another space come out as sRGB's."""
    profile = bytes(imagecodecs.cms_profile("adobergb"))
    data = saved(scene(801, 999), "JPEG", quality=95, icc_profile=profile)
    plain = read_small(saved(scene(801, 999), "JPEG", quality=95), 90)
    small = read_small(data, 90)
    assert np.abs(small.mean - mean_of(data)).max() <= 2
    assert np.abs(small.mean - plain.mean).max() > 4


def test_what_cannot_be_seen_does_not_count() -> None:
    """Transparent pixels are white, weigh nothing, and leave the mean alone."""
    pixels = np.dstack([scene(200, 300), np.full((200, 300), 255, np.uint8)])
    pixels[:, :101, 3] = 0
    data = saved(pixels, "PNG")
    small = read_small(data, 60)
    assert np.abs(small.mean - mean_of(data)).max() <= 1
    assert (small.pixels[:, :20] == 255).all()
    assert (small.weights[:, :20] == 0).all()
    assert np.isclose(small.weights[0, 20], 0.8)
    assert (small.weights[:, 21:] == 1).all()


def test_small_pictures_stay_as_they_are() -> None:
    """A picture no larger than asked for is not touched, be it a single pixel."""
    for shape in ((1, 1), (3, 50), (64, 64)):
        pixels = scene(*shape)
        assert np.array_equal(read_small(saved(pixels, "PNG"), 64).pixels, pixels)
        assert np.array_equal(read_small(pixels, 64).pixels, pixels)


def test_thin_pictures_keep_a_row() -> None:
    """A line of pixels becomes a shorter line."""
    assert read_small(np.full((1, 5000, 3), 7, np.uint8), 64).pixels.shape == (1, 64, 3)
    assert read_small(saved(np.full((2, 5000, 3), 7, np.uint8), "JPEG"), 64).pixels.shape == (1, 64, 3)


def test_one_colour_stays_one_colour() -> None:
    """A picture of one colour is that colour in every cell."""
    small = read_small(np.full((501, 777, 3), (12, 200, 255), np.uint8), 50)
    assert (small.pixels == (12, 200, 255)).all()


def test_all_kinds_of_sources(tmp_path: Path) -> None:
    """Paths, listed sources, bytes, open files, arrays and Pillow images are read alike."""
    path = tmp_path / "a.png"
    data = saved(scene(), "PNG")
    path.write_bytes(data)
    (source,) = listed(path)
    expected = read_small(data, 50)
    for given_source in (path, str(path), source, io.BytesIO(data), scene(), PIL.Image.open(path)):
        assert np.array_equal(read_small(given_source, 50).pixels, expected.pixels)
    assert read_small(path).name == "a.png"
    grey = read_small(np.linspace(0, 1, 600, dtype=np.float32).reshape(20, 30), 10)
    assert grey.pixels.shape == (7, 10, 3)
    assert np.abs(grey.mean - 127.5).max() <= 1


def test_bad_files_are_refused(tmp_path: Path) -> None:
    """What is no whole picture, too large, or nothing that the eye can see, is one error that names the file."""
    whole = saved(scene(600, 800), "JPEG")
    cases = {
        "cut.jpg": (whole[: len(whole) // 2], "whole picture"),
        "head.jpg": (whole[:3], "truncated"),
        "empty.jpg": (b"", "empty file"),
        "text.jpg": (b"no picture at all", "another kind"),
        "clear.png": (saved(np.zeros((5, 5, 4), np.uint8), "PNG"), "something to see"),
        "bands.tif": (tiff(np.zeros((9, 9, 5), np.uint8), photometric="minisblack", planarconfig="contig"), "5 bands"),
    }
    for name, (data, told) in cases.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(FileError, match=told) as caught:
            read_small(path)
        assert name in str(caught.value)
        assert "\n" not in str(caught.value)
    with pytest.raises(FileError, match="at most 1,000 pixels"):
        read_small(whole, max_pixels=1000)
    with pytest.raises(FileError, match="nothing by this name"):
        read_small(tmp_path / "missing.jpg")
    with pytest.raises(FileError, match="match this pattern"):
        read_small(listed(tmp_path / "*.webp")[0])
    with pytest.raises(InputError, match="side"):
        read_small(whole, 0)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_areas_are_exact(height: int, width: int, data: st.DataObject) -> None:
    """Every cell is the mean over its area, which whole copies of the samples show."""
    rows, columns = data.draw(st.integers(1, height)), data.draw(st.integers(1, width))
    random = np.random.default_rng(height * 41 + width)
    samples = random.integers(0, 256, (height, width, 2)).astype(np.uint8)
    fine = samples.repeat(rows, 0).repeat(columns, 1).astype(float)
    expected = fine.reshape(rows, height, columns, width, 2).mean(axis=(1, 3))
    means, shares = shrunk(samples, rows, columns)
    assert np.allclose(means, expected, atol=1e-9)
    assert (shares == 1).all()
    weights = random.random((height, width)).astype(np.float32)
    weights[: height // 2] = 0
    weighed, kept = shrunk(samples, rows, columns, weights)
    assert np.isclose(kept.mean(), weights.mean(), atol=1e-6)
    whole = (weighed * kept[..., None]).mean(axis=(0, 1))
    assert np.allclose(whole, (samples * weights[..., None]).mean(axis=(0, 1)), atol=1e-4)
