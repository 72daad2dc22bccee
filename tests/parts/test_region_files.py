"""Trees of regions as files: saved, read again, damaged; and their other outputs."""

from __future__ import annotations

import io
import json
import re
import sys
import types
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from made_trees import GEO, stripes, tree_of, trees
from PIL import Image

import gmmseg
from gmmseg import FileError, InputError, RegionTree
from gmmseg.files import read
from gmmseg.parts import KINDS, USUAL
from gmmseg.parts.cut import cut_of
from gmmseg.parts.kinds import HARD
from gmmseg.parts.saving import write
from gmmseg.parts.storage import write_tree

ONES = np.ones((4, 9), bool)
VEIL = np.arange(36, dtype=np.uint8).reshape(4, 9) + np.uint8(100)


def saved(tree: RegionTree, folder: Path) -> RegionTree:
    """The tree through a file."""
    (path,) = tree.save(folder, "tree", stem="a")
    return RegionTree.load(path)


@pytest.fixture
def soft(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many regions soft masks were made of, each time; the masks are those of two colours."""
    made: list[int] = []

    def segmentation_of(tree: RegionTree, labels: np.ndarray, _made: object) -> gmmseg.Segmentation:
        made.append(int(labels.max()) + 1)
        return gmmseg.segment(tree.image, 2)

    module = types.ModuleType("gmmseg.parts.softness.segmenting")
    module.segmentation_of = segmentation_of  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gmmseg.parts.softness.segmenting", module)
    return made


@given(trees())
@settings(max_examples=30, deadline=None)
def test_a_saved_tree_is_the_same(tmp_path_factory: pytest.TempPathFactory, tree: RegionTree) -> None:
    """A tree that was saved and read again has the same bits, and the same file."""
    folder = tmp_path_factory.mktemp("trees")
    again = saved(tree, folder)
    for name in ("picture", "crumbs", "merges", "heights"):
        before, after = getattr(tree, name), getattr(again, name)
        assert before.dtype == after.dtype
        assert np.array_equal(before, after)
    assert np.array_equal(again.image.valid, tree.image.valid)
    assert np.array_equal(again.contours(), tree.contours())
    assert (again.image.name, again.seconds) == (tree.image.name, tree.seconds)
    first = (folder / "a-tree.npz").read_bytes()
    again.save(folder, "tree", stem="a")
    assert (folder / "a-tree.npz").read_bytes() == first


@pytest.mark.parametrize(
    "fields",
    [
        {"resolution": (300.0, 150.5)},
        {"geo": GEO},
        {"alpha": VEIL},
        {"alpha": VEIL.astype(np.uint16) * 257},
        {"name": "größe日.tif"},
        {"name": ""},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_outputs_need_survives(fields: dict[str, Any], tmp_path: Path) -> None:
    """Name, resolution, place on earth and transparency are those of the picture that was read."""
    image = saved(stripes(3, **fields), tmp_path).image
    for name, value in fields.items():
        assert np.array_equal(getattr(image, name), value) if name == "alpha" else getattr(image, name) == value


def test_more_crumbs_than_sixteen_bits(tmp_path: Path) -> None:
    """Trees of very many crumbs are kept as well, and their labels are a TIFF of floats."""
    labels = np.indices((260, 260)).sum(0) % 2
    labels[3, 5:9] = -1
    tree = tree_of(labels)
    assert np.array_equal(saved(tree, tmp_path).crumbs, tree.crumbs)
    (path,) = tree.save(tmp_path, "labels", detail=1)
    assert path.name == "made-labels.tif"
    assert np.array_equal(tifffile.imread(path), tree.crumbs)


def test_files_cut_short(tmp_path: Path) -> None:
    """A file that ends too early, anywhere, is refused in a line."""
    saved(stripes(5), tmp_path)
    whole = (tmp_path / "a-tree.npz").read_bytes()
    path = tmp_path / "short.npz"
    for length in range(0, len(whole), 37):
        path.write_bytes(whole[:length])
        with pytest.raises(
            FileError, match=r"cannot read .*short.npz: expected a gmmseg region tree; .*; save it again"
        ):
            RegionTree.load(path)


def test_files_with_a_wrong_byte(tmp_path: Path) -> None:
    """A byte that is another is noticed, or does not matter."""
    tree = stripes(5)
    saved(tree, tmp_path)
    whole = (tmp_path / "a-tree.npz").read_bytes()
    path = tmp_path / "wrong.npz"
    for place in range(3, len(whole), 41):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        with suppress(FileError):
            assert np.array_equal(RegionTree.load(path).contours(), tree.contours())


def packed(pixels: np.ndarray) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return np.frombuffer(file.getvalue(), np.uint8)


def changed(**given: Any) -> Callable[[dict[str, Any]], None]:
    return lambda arrays: arrays.update(given)


def told(**given: Any) -> Callable[[dict[str, Any]], None]:
    """Another header."""

    def change(arrays: dict[str, Any]) -> None:
        header = json.loads(bytes(arrays["header"])) | given
        arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)

    return change


LIES: dict[str, Callable[[dict[str, Any]], None]] = {
    "no crumbs": lambda arrays: arrays.pop("crumbs"),
    "heights fall": changed(heights=np.array([0.5, 0.4])),
    "heights beyond": changed(heights=np.array([0.5, 1.5])),
    "heights without end": changed(heights=np.array([0.5, np.nan])),
    "heights too many": changed(heights=np.array([0.1, 0.2, 0.3])),
    "heights of another type": changed(heights=np.array([0.1, 0.2], np.float32)),
    "merges in a circle": changed(merges=np.array([[0, 4], [1, 3]], np.int32)),
    "merges of one": changed(merges=np.array([[0, 0], [1, 3]], np.int32)),
    "merges below": changed(merges=np.array([[0, -1], [1, 3]], np.int32)),
    "merges of others": changed(merges=np.array([[0, 1], [2, 90]], np.int32)),
    "merges of floats": changed(merges=np.array([[0.0, 1.0], [2.0, 3.0]])),
    "merges too few": changed(merges=np.array([[0, 1]], np.int32), heights=np.array([0.1])),
    "merges flat": changed(merges=np.arange(4, dtype=np.int32)),
    "crumbs of 8 bits": changed(crumbs=packed(np.zeros((4, 9), np.uint8))),
    "crumbs out of order": changed(crumbs=packed(np.arange(36, dtype=np.uint16).reshape(4, 9)[::-1] // 12)),
    "crumbs with gaps": changed(crumbs=packed(np.arange(36, dtype=np.uint16).reshape(4, 9) // 12 * 2)),
    "crumbs too many": changed(crumbs=packed(np.arange(36, dtype=np.uint16).reshape(4, 9))),
    "nothing but holes": changed(crumbs=packed(np.full((4, 9), 65535, np.uint16))),
    "crumbs no picture": changed(crumbs=np.zeros(50, np.uint8)),
    "crumbs empty": changed(crumbs=np.empty(0, np.uint8)),
    "crumbs as pixels": changed(crumbs=np.zeros((4, 9), np.int32)),
    "another picture": changed(picture=packed(np.zeros((4, 8, 3), np.uint8))),
    "a grey picture": changed(picture=packed(np.zeros((4, 9), np.uint8))),
    "another veil": changed(alpha=packed(np.zeros((4, 8), np.uint8))),
    "no sides": told(width=None),
    "sides below": told(width=-4, height=-9),
    "sides of others": told(width=5),
    "no name": told(name=None, seconds=None),
    "seconds below": told(seconds=-1),
    "resolution of one": told(resolution=[300]),
    "resolution of none": told(resolution=[0, 0]),
    "resolution of words": told(resolution=["much", "more"]),
    "geo of words": told(geo="here"),
    "geo of another type": told(geo=[[33550, 12, 3, "here"]]),
    "geo of wild numbers": told(geo=[[10**9, -5, 2**70, [1, 2]]]),
    "header a list": changed(header=np.frombuffer(b"[1]", np.uint8)),
    "objects": changed(heights=np.array([None, None])),
}


@pytest.mark.parametrize("lie", LIES)
def test_files_that_lie(lie: str, tmp_path: Path) -> None:
    """An archive whose contents make no tree is refused in a line."""
    saved(stripes(3), tmp_path)
    with np.load(tmp_path / "a-tree.npz") as archive:
        arrays = dict(archive)
    LIES[lie](arrays)
    np.savez(tmp_path / "lie.npz", **arrays)
    with pytest.raises(FileError, match=r"cannot read .*lie.npz: expected a ") as caught:
        RegionTree.load(tmp_path / "lie.npz")
    assert "\n" not in str(caught.value)


def test_files_that_would_grow(tmp_path: Path) -> None:
    """Members that are packed, and pictures of more pixels than allowed, are refused before they are unpacked."""
    saved(stripes(3), tmp_path)
    with np.load(tmp_path / "a-tree.npz") as archive:
        np.savez_compressed(tmp_path / "packed.npz", **dict(archive))
    with pytest.raises(FileError, match="its members are packed; save it again"):
        RegionTree.load(tmp_path / "packed.npz")
    with pytest.raises(FileError, match="expected at most 35 pixels"):
        RegionTree.load(tmp_path / "a-tree.npz", max_pixels=35)
    assert RegionTree.load(tmp_path / "a-tree.npz", max_pixels=36).width == 9
    with zipfile.ZipFile(tmp_path / "large.npz", "w") as archive, zipfile.ZipFile(tmp_path / "a-tree.npz") as source:
        for name in source.namelist():
            data = source.read(name)
            archive.writestr(name, data.replace(b"(2,)", b"(9" + b"9" * 14 + b",)") if name == "heights.npy" else data)
    with pytest.raises(FileError, match="cannot read"):
        RegionTree.load(tmp_path / "large.npz")


def test_files_that_are_no_trees(tmp_path: Path) -> None:
    """Nothing, a folder, a picture and a newer file are refused in a line each."""
    Image.new("RGB", (5, 5)).save(tmp_path / "a.png")
    saved(stripes(3), tmp_path)
    with np.load(tmp_path / "a-tree.npz") as archive:
        arrays = dict(archive)
    told(version=99)(arrays)
    np.savez(tmp_path / "newer.npz", **arrays)
    for name, said in (
        ("none.npz", "nothing by this name"),
        (".", "directory"),
        ("a.png", "damaged"),
        ("newer.npz", "newer"),
    ):
        with pytest.raises(FileError, match=said):
            RegionTree.load(tmp_path / name)


@pytest.mark.parametrize("place", ["/dev/full", "nowhere/a.npz"])
def test_places_that_take_nothing(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk and a folder that is not there are told in a line, and nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    if place.startswith("/dev") and not Path(place).exists():
        pytest.skip("there is no full device")
    with pytest.raises(FileError, match="cannot write"):
        write_tree(place, stripes(3))
    assert list(tmp_path.iterdir()) == []


def test_usual_outputs_need_no_soft_masks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels, drawings, contours and the tree are written without the making of soft masks."""
    monkeypatch.setitem(sys.modules, "gmmseg.parts.softness.segmenting", None)
    tree = stripes(4)
    names = {path.name for path in tree.save(tmp_path, list(HARD))}
    assert names == {
        "made-labels.png",
        "made-overlay.jpg",
        "made-mean.png",
        "made-borders.jpg",
        "made-contours.png",
        "made-tree.npz",
    }
    assert {path.name for path in tree.save(tmp_path / "usual")} == {
        f"made-{HARD[name].name}{HARD[name].suffixes[0]}" for name in USUAL
    }
    with pytest.raises(ImportError):
        tree.save(tmp_path, "csv")


def test_soft_masks_are_made_once(tmp_path: Path, soft: list[int]) -> None:
    """All other outputs share one segmentation of the cut."""
    tree = stripes(4)
    rest = [name for name in KINDS if name not in HARD]
    written = tree.save(tmp_path, ["labels", *rest], count=3, stem="", depth=16, palette="mean", command="gmmseg x")
    assert soft == [3]
    assert {"labels.png", "segments.csv", "report.html"} < {path.name for path in written}
    assert json.loads((tmp_path / "segments.json").read_text())["command"] == "gmmseg x"
    assert tree.segmentation(count=2).k == 2
    assert soft == [3, 2]


def test_a_cut_is_a_segmentation(tmp_path: Path) -> None:
    """Soft masks of a cut have its regions, and are the same from a saved tree."""
    pytest.importorskip("gmmseg.parts.softness.segmenting")
    tree = tree_of(np.kron(np.arange(6).reshape(2, 3), np.ones((12, 15))))
    found = tree.segmentation(count=4)
    assert np.array_equal(found.labels, tree.labels(count=4))
    assert found.k == 4
    assert np.array_equal(saved(tree, tmp_path).segmentation(count=4).probabilities, found.probabilities)


@pytest.mark.parametrize(
    ("asked", "detail", "regions"),
    [({"detail": 0.3}, 0.3, 2), ({"count": 3}, 0.75, 3), ({"count": 4}, 0.87, 4), ({}, 0.5, 2)],
)
def test_reports_begin_with_the_cut(tmp_path: Path, asked: dict[str, Any], detail: float, regions: int) -> None:
    """The slider of a report stands at what was asked for, and the page speaks of as many regions."""
    tree = stripes(5, [0.125, 0.25, 0.5, 0.75])
    (path,) = tree.save(tmp_path, "report", **asked)
    page = path.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    told = json.loads(found.group(1))
    assert (told["hierarchy"]["detail"], told["hierarchy"]["regions"]) == (detail, regions)
    assert [len(told["segments"]), told["noun"]] == [regions, "region"]
    assert f"<li>{regions} regions</li>" in page


def test_reports_of_equal_heights_have_the_count(tmp_path: Path) -> None:
    """Where no detail makes as many regions, the report shows them all the same."""
    page = stripes(4, [0.5, 0.5, 0.5]).save(tmp_path, "report", count=3)[0].read_text(encoding="utf-8")
    assert '"regions":3' in page.replace(" ", "")


def test_reports_of_many_regions_are_refused(tmp_path: Path) -> None:
    """More regions than a report has colours for are refused in words that help, and nothing is left behind."""
    with pytest.raises(InputError, match="at most 255 regions in a report; got 300; ask for less detail, or a count"):
        stripes(300).save(tmp_path, "report", detail=1)
    assert list(tmp_path.iterdir()) == []


def test_coco_speaks_of_regions(tmp_path: Path) -> None:
    """Categories are regions by name."""
    (path,) = stripes(3).save(tmp_path, "coco", detail=1)
    told = json.loads(path.read_text())
    assert [category["name"] for category in told["categories"]] == ["region 0", "region 1", "region 2"]
    assert told["info"]["description"].startswith("regions of ")


def test_outputs_show_the_cut(tmp_path: Path) -> None:
    """Labels have the cut's numbers, the mean its colours and the contours all heights; holes stay holes."""
    labels = np.repeat(np.arange(4), 3)[None].repeat(6, axis=0)
    labels[:2, :5] = -1
    tree = tree_of(labels, [0.0, 0.25, 1.0], resolution=(300.0, 300.0))
    tree = replace(tree, merges=np.array([[0, 1], [2, 4], [3, 5]], np.int32))
    tree.save(tmp_path, "labels,mean,borders,contours", count=2)
    cut = cut_of(tree, count=2)
    numbers = Image.open(tmp_path / "made-labels.png")
    assert np.array_equal(np.asarray(numbers), np.where(cut.labels < 0, 255, cut.labels))
    mean = np.asarray(Image.open(tmp_path / "made-mean.png"))
    assert (mean[..., 3] == np.where(cut.labels < 0, 0, 255)).all()
    assert np.array_equal(mean[..., :3][cut.labels >= 0], cut.colors[cut.labels[cut.labels >= 0]])
    grey = read(tmp_path / "made-contours.png")
    assert grey.pixels.dtype == np.uint16
    assert set(np.unique(grey.pixels)) == {0, 1, 16384, 65535}
    assert np.array_equal(grey.pixels[..., 0] > 0, tree.contours() > 0)
    assert grey.resolution == pytest.approx((300, 300), abs=0.01)


def test_geographic_outputs(tmp_path: Path) -> None:
    """Labels and contours of a picture that knows its place on earth are GeoTIFFs, from a saved tree too."""
    tree = saved(stripes(3, geo=GEO), tmp_path)
    written = tree.save(tmp_path, "labels,contours")
    assert [path.name for path in written] == ["made-labels.tif", "made-contours.tif"]
    for path in written:
        found = {tag.code: tag.value for tag in read(path).geo}
        assert found[33922] == GEO[1].value
        assert 42112 not in found


def test_one_output_into_an_open_file() -> None:
    """An output that is one file goes into an open file; several do not."""
    cut = cut_of(stripes(3))
    for kind, head in (("tree", b"PK"), ("contours", b"\x89PNG"), ("mean", b"\x89PNG"), ("borders", b"\xff\xd8")):
        file = io.BytesIO()
        write(cut, kind, file)
        assert file.getvalue().startswith(head)
    for kind in ("masks", "labels,mean"):
        with pytest.raises(InputError, match="expected a kind of output that is one file"):
            write(cut, kind, io.BytesIO())


def test_soft_outputs_into_an_open_file(soft: list[int]) -> None:
    """So does an output that has soft masks."""
    file = io.BytesIO()
    write(cut_of(stripes(3), count=3), "csv", file, depth=16)
    assert file.getvalue().startswith(b"segment,")
    assert soft == [3]


def test_outputs_that_are_none(tmp_path: Path) -> None:
    """Unknown kinds, palettes and depths are refused before anything is written."""
    tree = stripes(3)
    given: dict[str, Any]
    for given in (
        {"kinds": "regions"},
        {"kinds": "model"},
        {"palette": "pale"},
        {"depth": 12},
        {"count": 9},
        {"detail": 2},
    ):
        with pytest.raises(InputError, match="expected"):
            tree.save(tmp_path / "out", **given)
    assert not (tmp_path / "out").exists()


def test_very_wide_pictures_are_drawn_as_png(tmp_path: Path) -> None:
    """What is too wide for a JPEG is a PNG."""
    tree = tree_of(np.repeat([0, 1], 33000)[None])
    assert {path.suffix for path in tree.save(tmp_path, "overlay,borders")} == {".png"}
