"""Writing: what is written is what is read, and files appear whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import PIL.Image
import pytest
import tifffile

from gmmseg import FileError, InputError
from gmmseg.files import GeoTag, folder, read, write_csv, write_json, write_npz, write_pages, write_picture, write_text

RANDOM = np.random.default_rng(1)
LABELS = RANDOM.integers(0, 5, (30, 40), dtype=np.uint8)
PALETTE = RANDOM.integers(0, 256, (5, 3), dtype=np.uint8)
GEO = (
    GeoTag(33550, 12, 3, (10.0, 10.0, 0.0)),
    GeoTag(33922, 12, 6, (0.0, 0.0, 0.0, 399960.0, 5800020.0, 0.0)),
    GeoTag(34735, 3, 8, (1, 1, 0, 1, 1024, 0, 1, 1)),
    GeoTag(34736, 12, 1, (6378137.0,)),
    GeoTag(34737, 2, 8, "WGS 84|"),
    GeoTag(42112, 2, 43, '<GDALMetadata><Item name="a">x</Item></GDALMetadata>'),
    GeoTag(42113, 2, 6, "-9999"),
)


def pixels_of(channels: int, dtype: Any, height: int = 30, width: int = 40) -> np.ndarray:
    full = 1 if dtype == np.float32 else np.iinfo(dtype).max
    values = RANDOM.random((height, width, channels)) * full
    if channels in {2, 4} and dtype != np.float32:
        values[0, 0, -1] = 0
    return values.astype(dtype)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("suffix", ["png", "tif", "tiff", "PNG"])
def test_lossless_round_trip(channels: int, dtype: Any, suffix: str, tmp_path: Path) -> None:
    """PNG and TIFF give back the pixels, alpha, profile and resolution, in 8 and 16 bits."""
    pixels = pixels_of(channels, dtype)
    path = tmp_path / f"a.{suffix}"
    write_picture(path, pixels, profile=b"a profile", resolution=(300, 150))
    image = read(path)
    colours = 3 if channels > 2 else 1
    assert image.pixels.dtype == dtype
    np.testing.assert_array_equal(image.pixels, pixels[..., :colours])
    if channels in {2, 4}:
        np.testing.assert_array_equal(image.alpha, pixels[..., -1])
    assert image.profile == b"a profile"
    assert image.resolution == pytest.approx((300, 150), rel=1e-3)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_pillow_reads_our_png_too(channels: int) -> None:
    """The PNGs we write are plain ones that another reader understands alike."""
    pixels = pixels_of(channels, np.uint8)
    file = io.BytesIO()
    write_picture(file, pixels, format="png", resolution=(72, 72), profile=b"x" * 200)
    with PIL.Image.open(file) as image:
        np.testing.assert_array_equal(np.asarray(image).reshape(pixels.shape), pixels)
        assert image.info["icc_profile"] == b"x" * 200
        assert image.info["dpi"] == pytest.approx((72, 72), rel=1e-3)


def test_bool_and_single_channel(tmp_path: Path) -> None:
    """A mask is written as black and white, and one channel is as good as none."""
    write_picture(tmp_path / "a.png", LABELS > 2)
    np.testing.assert_array_equal(read(tmp_path / "a.png").pixels[..., 0], np.where(LABELS > 2, 255, 0))
    write_picture(tmp_path / "b.png", LABELS[..., None])
    np.testing.assert_array_equal(read(tmp_path / "b.png").pixels[..., 0], LABELS)


@pytest.mark.parametrize("channels", [1, 3])
def test_jpeg_is_close(channels: int, tmp_path: Path) -> None:
    """JPEG keeps a smooth picture within a level or two, with profile and resolution."""
    y, x = np.mgrid[0:30, 0:40]
    pixels = np.stack([x * 5, y * 7, x + y][:channels], axis=-1).astype(np.uint8)
    write_picture(tmp_path / "a.jpg", pixels, resolution=(300, 300), profile=b"p" * 150, quality=95)
    image = read(tmp_path / "a.jpg")
    assert np.abs(image.pixels.astype(int) - pixels).mean() < 2
    assert image.resolution == (300, 300)
    assert image.profile == b"p" * 150


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_webp(channels: int, tmp_path: Path) -> None:
    """WebP of quality 100 is lossless, with alpha."""
    pixels = pixels_of(channels, np.uint8)
    write_picture(tmp_path / "a.webp", pixels, quality=100)
    image = read(tmp_path / "a.webp")
    colours = pixels[..., : 3 if channels > 2 else 1]
    np.testing.assert_array_equal(image.pixels, np.broadcast_to(colours, image.pixels.shape))
    assert (image.alpha is not None) == (channels in {2, 4})
    write_picture(tmp_path / "b.webp", pixels)
    assert (tmp_path / "b.webp").stat().st_size < (tmp_path / "a.webp").stat().st_size


@pytest.mark.parametrize("transparent", [None, 0, 4])
def test_indexed_png(transparent: int | None, tmp_path: Path) -> None:
    """Labels with a palette stay labels, show the palette's colours, and one of them may be transparent."""
    path = tmp_path / "labels.png"
    write_picture(path, LABELS, palette=PALETTE, transparent=transparent, resolution=(90, 90))
    with PIL.Image.open(path) as stored:
        assert stored.mode == "P"
        np.testing.assert_array_equal(np.asarray(stored), LABELS)
    image = read(path)
    np.testing.assert_array_equal(image.pixels, PALETTE[LABELS])
    np.testing.assert_array_equal(
        image.valid, np.full_like(LABELS, 9 if transparent is None else transparent) != LABELS
    )
    assert image.alpha is None


def test_indexed_tiff(tmp_path: Path) -> None:
    """Labels in a TIFF have their palette, and the transparent one is no-data, whatever it was in the source."""
    path = tmp_path / "labels.tif"
    write_picture(path, LABELS, palette=PALETTE, transparent=0, geo=GEO)
    np.testing.assert_array_equal(tifffile.imread(path), LABELS)
    image = read(path)
    np.testing.assert_array_equal(image.pixels, PALETTE[LABELS])
    np.testing.assert_array_equal(image.valid, LABELS != 0)
    assert [tag.value for tag in image.geo if tag.code == 42113] == ["0"]


@pytest.mark.parametrize("pixels", [LABELS, pixels_of(3, np.uint16), pixels_of(6, np.float32)])
def test_geo_tags_survive(pixels: np.ndarray, tmp_path: Path) -> None:
    """GeoTIFF tags, GDAL's metadata and no-data are read as written, twice over."""
    path = tmp_path / "a.tif"
    write_picture(path, pixels, geo=GEO)
    first = read(path)
    assert [(tag.code, tag.dtype, tag.value) for tag in first.geo] == [(tag.code, tag.dtype, tag.value) for tag in GEO]
    write_picture(path, pixels, geo=first.geo)
    assert read(path).geo == first.geo


def test_geo_tags_of_other_alphabets_survive(tmp_path: Path) -> None:
    """Metadata that is not ASCII does not stop the writer."""
    path = tmp_path / "a.tif"
    write_picture(path, LABELS, geo=[GeoTag(42112, 2, 1, "<GDALMetadata>Düne</GDALMetadata>")])
    assert "ne</GDALMetadata>" in str(read(path).geo[0].value)


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 9])
def test_float_tiff(channels: int, tmp_path: Path) -> None:
    """Floats of any number of channels are read as written."""
    pixels = pixels_of(channels, np.float32, 300, 280) * np.float32(100)
    write_picture(tmp_path / "a.tif", pixels)
    image = read(tmp_path / "a.tif")
    assert image.colour == "bands"
    np.testing.assert_array_equal(image.pixels, pixels)


@pytest.mark.parametrize("counted", [False, True])
def test_pages(counted: bool, tmp_path: Path) -> None:
    """Planes become pages, one at a time, whether or not their number is known before."""
    planes = [RANDOM.random((20, 30)).astype(np.float32) for _ in range(4)]
    drawn: list[int] = []

    def one_by_one() -> Iterator[np.ndarray]:
        for number, plane in enumerate(planes):
            drawn.append(number)
            yield plane

    path = tmp_path / "soft.tif"
    write_pages(path, planes if counted else one_by_one(), names=["sky", "sea", "sand", "rest"], geo=GEO[:2])
    for page, plane in enumerate(planes, start=1):
        image = read(path, page=page)
        np.testing.assert_array_equal(image.pixels[..., 0], plane)
        assert len(image.geo) == 2
    with tifffile.TiffFile(path) as tiff:
        assert tiff.is_bigtiff != counted
        assert tiff.pages[1].description == "sea"  # type: ignore[union-attr]
    with pytest.raises(InputError, match="at least one plane"):
        write_pages(path, [])


def test_a_plane_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    """When planes stop coming half-way, the file that was there stays, and no draft remains."""
    path = tmp_path / "soft.tif"
    path.write_bytes(b"old")

    def failing() -> Iterator[np.ndarray]:
        yield np.zeros((20, 30), np.float32)
        raise RuntimeError("interrupted")

    with pytest.raises(RuntimeError, match="interrupted"):
        write_pages(path, failing())
    assert path.read_bytes() == b"old"
    with pytest.raises(InputError, match="expected planes"):
        write_pages(path, [np.zeros((20, 30), np.float32), np.zeros(3, np.float32)])
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


WRITERS: dict[str, Any] = {
    "a.png": lambda target: write_picture(target, LABELS),
    "a.jpg": lambda target: write_picture(target, LABELS),
    "a.webp": lambda target: write_picture(target, LABELS),
    "a.tif": lambda target: write_picture(target, LABELS),
    "pages.tif": lambda target: write_pages(target, [LABELS]),
    "a.npz": lambda target: write_npz(target, labels=LABELS),
    "a.json": lambda target: write_json(target, {"a": 1}),
    "a.csv": lambda target: write_csv(target, [{"a": 1}]),
    "a.txt": lambda target: write_text(target, "a"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_the_old_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full, one error says so, the old file stays, and no draft remains."""
    path = tmp_path / name
    path.write_bytes(b"old")

    def full(_descriptor: int) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="No space left") as caught:
        WRITERS[name](path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("name", WRITERS)
def test_a_full_device_is_one_error(name: str) -> None:
    """A device without space gets one error, too."""
    if name.startswith("a.") and Path(name).suffix in {".png", ".jpg", ".webp", ".tif"}:
        with Path("/dev/full").open("wb") as file, pytest.raises(FileError, match="No space left"):
            write_picture(file, RANDOM.integers(0, 255, (200, 300), dtype=np.uint8), format=name[2:])
    else:
        with pytest.raises(FileError, match="No space left"):
            WRITERS[name]("/dev/full")


@pytest.mark.parametrize("name", WRITERS)
def test_places_that_cannot_be_written(name: str, tmp_path: Path) -> None:
    """A missing parent, a folder in the way and an impossible name get one error each."""
    (tmp_path / "taken" / name).mkdir(parents=True)
    for target in (tmp_path / "nowhere" / name, tmp_path / "taken" / name, tmp_path / f"\0{name}"):
        with pytest.raises(FileError, match="cannot write"):
            WRITERS[name](target)
    with pytest.raises(InputError):
        WRITERS[name](7)


def test_standard_output() -> None:
    """A picture can be piped out."""
    code = (
        "import sys, numpy as np; from gmmseg.files import write_picture; "
        "write_picture(sys.stdout.buffer, np.full((4, 5), 7, np.uint8), format='png')"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    np.testing.assert_array_equal(read(run.stdout).pixels, np.full((4, 5, 1), 7))
    with pytest.raises(InputError, match="format"):
        write_picture(io.BytesIO(), LABELS)
    with pytest.raises(InputError, match="bytes"):
        write_picture(io.StringIO(), LABELS, format="png")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("a.bmp", {}, "suffix"),
        ("a", {}, "suffix"),
        ("a.jpg", {"pixels": pixels_of(4, np.uint8)}, "channels"),
        ("a.jpg", {"pixels": pixels_of(3, np.uint16)}, "uint8"),
        ("a.webp", {"pixels": pixels_of(3, np.uint16)}, "uint8"),
        ("a.webp", {"pixels": np.zeros((1, 16384), np.uint8)}, "16383"),
        ("a.png", {"pixels": pixels_of(3, np.float32)}, "uint8 or uint16"),
        ("a.png", {"pixels": np.zeros((2, 2))}, "float64"),
        ("a.png", {"pixels": np.zeros((2, 2, 5), np.uint8)}, "channels"),
        ("a.png", {"pixels": np.zeros(2, np.uint8)}, r"\(2,\)"),
        ("a.png", {"pixels": np.zeros((0, 2), np.uint8)}, r"\(0, 2\)"),
        ("a.png", {"palette": PALETTE[:3]}, "index 4"),
        ("a.png", {"palette": PALETTE.astype(int)}, "palette"),
        ("a.png", {"palette": PALETTE, "transparent": 5}, "transparent"),
        ("a.png", {"transparent": 0}, "palette"),
        ("a.jpg", {"palette": PALETTE}, "PNG"),
        ("a.jpg", {"quality": 0}, "quality"),
        ("a.png", {"resolution": (0, 1)}, "resolution"),
        ("a.png", {"resolution": 72}, "resolution"),
        ("a.png", {"profile": "sRGB"}, "profile"),
    ],
)
def test_what_a_format_lacks_is_refused(name: str, options: dict[str, Any], words: str, tmp_path: Path) -> None:
    """Suffixes, depths, channels and palettes that a format does not have are refused before a file is made."""
    with pytest.raises(InputError, match=words):
        write_picture(tmp_path / name, **{"pixels": LABELS, **options})
    assert not list(tmp_path.iterdir())


def test_npz(tmp_path: Path) -> None:
    """Arrays are read as written, under any name, without pickle; the same arrays give the same bytes."""
    arrays = {"target": LABELS, "file": np.float64(3.5), "self": np.array(["ä"]), "soft": RANDOM.random((2, 3))}
    write_npz(tmp_path / "a.npz", **arrays)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        assert set(archive.files) == set(arrays)
        for name, array in arrays.items():
            np.testing.assert_array_equal(archive[name], array)
    write_npz(tmp_path / "b.npz", **arrays)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with pytest.raises(InputError, match="objects"):
        write_npz(tmp_path / "c.npz", bad=np.array([{}], dtype=object))


def test_json(tmp_path: Path) -> None:
    """NumPy's numbers are numbers, NaN is null, and text keeps its letters."""
    record = {
        "name": "Düne",
        "path": Path("a") / "b",
        "share": np.float32(0.5),
        "count": np.int64(3),
        "sure": np.bool_(True),
        "bad": [np.nan, float("inf"), None],
        "mean": np.array([[1.0, np.nan]]),
        3: (1, 2),
    }
    write_json(tmp_path / "a.json", record)
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert "Düne" in text
    assert json.loads(text) == {
        "name": "Düne",
        "path": str(Path("a") / "b"),
        "share": 0.5,
        "count": 3,
        "sure": True,
        "bad": [None, None, None],
        "mean": [[1.0, None]],
        "3": [1, 2],
    }
    with pytest.raises(InputError, match="object"):
        write_json(tmp_path / "b.json", {"a": object()})
    assert not (tmp_path / "b.json").exists()


def test_csv(tmp_path: Path) -> None:
    """Lists take a column for each entry, and what a record lacks is empty."""
    write_csv(
        tmp_path / "a.csv",
        [{"label": 0, "mean": np.array([0.5, np.nan])}, {"label": 1, "name": "a, b", "box": {"x": 3}}],
    )
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows == [
        {"label": "0", "mean_0": "0.5", "mean_1": "", "name": "", "box_x": ""},
        {"label": "1", "mean_0": "", "mean_1": "", "name": "a, b", "box_x": "3"},
    ]


def test_folder(tmp_path: Path) -> None:
    """A folder is made with its parents, twice without complaint, and not where a file lies."""
    assert folder(tmp_path / "a" / "b").is_dir()
    assert folder(tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_text("x")
    for wrong in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / "\0"):
        with pytest.raises(FileError, match="cannot make the folder"):
            folder(wrong)
