"""What is said of pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from command import gmmseg
from made_models import made_model
from PIL import Image, ImageCms

from gmmseg.mixture import Mixture
from gmmseg.video import BackgroundModel


def told(path: Path, *words: str) -> dict[str, object]:
    result = gmmseg("info", path, "--json", *words)
    assert result.exit_code == 0
    record: dict[str, object] = json.loads(result.stdout)
    return record


def test_a_turned_photo_with_a_profile(tmp_path: Path) -> None:
    """A JPEG is told upright, with its profile's name and its resolution."""
    exif = Image.Exif()
    exif[274] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (30, 20), "red").save(tmp_path / "a.jpg", exif=exif, icc_profile=profile, dpi=(300, 300))
    assert told(tmp_path / "a.jpg") == {
        "file": str(tmp_path / "a.jpg"),
        "kind": "picture",
        "format": "JPEG",
        "width": 20,
        "height": 30,
        "depth": "8 bit",
        "colour": "rgb",
        "bands": 3,
        "pages": 1,
        "transparency": False,
        "turned": True,
        "profile": "sRGB built-in",
        "resolution": [300.0, 300.0],
        "geo": False,
        "valid": 1.0,
        "colours": 1,
    }


def test_transparency_and_colours(tmp_path: Path) -> None:
    """Transparent pixels are not valid, and colours are counted among those that are."""
    pixels = np.zeros((4, 5, 4), np.uint8)
    pixels[..., 0] = np.arange(5)
    pixels[:, :3, 3] = 255
    Image.fromarray(pixels).save(tmp_path / "a.png")
    record = told(tmp_path / "a.png")
    assert (record["transparency"], record["valid"], record["colours"]) == (True, 0.6, 3)


def test_tiffs(tmp_path: Path) -> None:
    """Bands, depth, pages and the place on earth of TIFFs are told; smaller copies are no pages."""
    with tifffile.TiffWriter(tmp_path / "a.tif") as tiff:
        tiff.write(np.zeros((8, 8, 5), np.uint16), photometric="minisblack", planarconfig="contig")
        tiff.write(np.zeros((4, 4), np.uint8), subfiletype=1)
        tiff.write(np.full((6, 7), 0.5, np.float32), extratags=[(33550, 12, 3, (1.0, 1.0, 0.0), True)])
    first, second = told(tmp_path / "a.tif"), told(tmp_path / "a.tif", "--page", "2")
    assert (first["pages"], first["depth"], first["bands"], first["geo"]) == (2, "16 bit", 5, False)
    assert (second["pages"], second["depth"], second["width"], second["geo"]) == (2, "32 bit float", 7, True)
    assert (first["colours"], second["colours"]) == (None, None)


def test_frames_and_stdin(tmp_path: Path) -> None:
    """The frames of an animation are counted, from a pipe too."""
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue", "lime")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert told(tmp_path / "a.gif")["pages"] == 3
    piped = gmmseg("info", "-", stdin=(tmp_path / "a.gif").read_bytes())
    assert piped.exit_code == 0
    assert "pages        3" in piped.stdout


def test_bad_files(tmp_path: Path) -> None:
    """What is neither picture nor model is a line, and the rest is told."""
    Image.new("RGB", (9, 9)).save(tmp_path / "a.png")
    (tmp_path / "b.txt").write_text("no picture")
    (tmp_path / "c.npz").write_bytes(b"PK\x03\x04 cut short")
    result = gmmseg("info", tmp_path / "b.txt", tmp_path / "c.npz", tmp_path / "d", tmp_path / "a.png")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 3
    assert all(line.startswith(f"gmmseg: cannot read {tmp_path}") for line in result.stderr.splitlines())
    assert result.stdout.startswith(f"{tmp_path / 'a.png'}\n  kind         picture\n  format       PNG\n")


@pytest.mark.parametrize("suffix", ["webp", "bmp", "ppm"])
def test_formats(tmp_path: Path, suffix: str) -> None:
    """Formats have the names that people know."""
    Image.new("RGB", (9, 9)).save(tmp_path / f"a.{suffix}")
    assert told(tmp_path / f"a.{suffix}")["format"] == suffix.upper()


@pytest.mark.parametrize(
    ("name", "kind", "columns", "others"),
    [
        ("mixture", "mixture", ["x1", "x2", "x3"], {"covariance": "diag", "k": 2, "dimensions": 3}),
        ("model", "model", ["L*", "a*", "b*"], {"features": "lab", "smooth": 1.0, "min_area": 1e-4, "join": 0.5}),
        ("patches", "model", ["0,0", "0,1", "1,0", "1,1"], {"features": "patch:2", "smooth": 0.0, "dimensions": 4}),
        ("collection", "model of a collection", ["red", "green", "blue"], {"features": "mean", "k": 2}),
        ("table", "model of a table", ["mark", "score", "weight"], {"missing": "mean", "k": 2}),
        ("anomaly", "model of anomalies", ["L*", "a*", "b*"], {"features": "lab", "smooth": 3.0, "pictures": 4}),
    ],
)
def test_models_with_a_mixture(
    tmp_path: Path, name: str, kind: str, columns: list[str], others: dict[str, Any]
) -> None:
    """Every model that has a mixture is told with its columns, its components and what it was made with."""
    made_model(name, tmp_path / "m.npz")
    record = told(tmp_path / "m.npz")
    assert (record["kind"], record["columns"]) == (kind, columns)
    assert {key: record[key] for key in others} == others
    components: Any = record["components"]
    assert [one["weight"] for one in components] == [0.25, 0.75]
    assert [len(one["mean"]) for one in components] == [len(columns)] * 2
    assert ("color" in components[0]) == (name in {"model", "patches", "collection"})
    text = gmmseg("info", tmp_path / "m.npz").stdout
    assert f"  kind         {kind}\n" in text
    assert all(column in text for column in columns)


def test_long_means_are_abridged(tmp_path: Path) -> None:
    """Of many columns the text has the first few, and says how many there are."""
    mixture = Mixture(np.ones(1), np.arange(24.0)[None], np.ones(1), "spherical")
    mixture.save(tmp_path / "m.npz")
    text = gmmseg("info", tmp_path / "m.npz").stdout
    assert "columns      x1  x2  x3  x4  x5  x6  … 24 in all\n" in text
    assert max(map(len, text.splitlines())) < 100
    assert told(tmp_path / "m.npz")["components"] == [{"component": 0, "weight": 1.0, "mean": np.arange(24.0).tolist()}]


def test_trees_of_regions(tmp_path: Path) -> None:
    """A tree is told with its picture's size, its crumbs and how many regions the usual cut has."""
    made_model("tree", tmp_path / "t.npz")
    assert told(tmp_path / "t.npz") == {
        "file": str(tmp_path / "t.npz"),
        "kind": "tree of regions",
        "picture": "",
        "width": 4,
        "height": 3,
        "crumbs": 3,
        "regions": 2,
        "resolution": None,
        "geo": False,
        "valid": 1.0,
    }
    text = gmmseg("info", tmp_path / "t.npz").stdout
    assert "  kind         tree of regions\n" in text


def test_models_of_backgrounds(tmp_path: Path) -> None:
    """The model of a clip's background is told with its preset, its frames and their size."""
    made_model("background", tmp_path / "m.npz")
    assert told(tmp_path / "m.npz") == {
        "file": str(tmp_path / "m.npz"),
        "kind": "model of a background",
        "preset": "steady",
        "frames": 2,
        "width": 9,
        "height": 6,
        "colour": "rgb",
        "levels": None,
        "frozen": False,
        "region": False,
        "unfinished": False,
    }
    BackgroundModel().save(tmp_path / "new.npz")
    assert told(tmp_path / "new.npz")["width"] is None
