"""Photos and trees in, regions out."""

from __future__ import annotations

import io
import json
import signal
import sys
import time
import types
from pathlib import Path

import numpy as np
import pytest
from command import files_below, gmmseg, small_photo, started
from made_models import made_model
from PIL import Image

import gmmseg as package

UNIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and devices as Unix has them")


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two small photos; we are in the folder above."""
    for number, name in enumerate(("a.png", "b.png")):
        small_photo(tmp_path / "photos" / name, 100 + 60 * number)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "photos"


@pytest.fixture
def tree(photos: Path) -> Path:
    """The tree of a photo, saved."""
    assert gmmseg("regions", photos / "a.png", "--save", "tree", "-o", "trees").exit_code == 0
    return Path("trees/a-tree.npz")


@pytest.fixture
def soft(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many regions soft masks were made of, each time."""
    made: list[int] = []

    def segmentation_of(tree: package.RegionTree, labels: np.ndarray, _made: object) -> package.Segmentation:
        made.append(int(labels.max()) + 1)
        return package.segment(tree.image, 2)

    module = types.ModuleType("gmmseg.parts.softness.segmenting")
    module.segmentation_of = segmentation_of  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gmmseg.parts.softness.segmenting", module)
    return made


def test_one_photo(photos: Path) -> None:
    """A photo becomes labels, an overlay and a picture of mean colours, and a line says so."""
    result = gmmseg("regions", "photos/a.png")
    assert result.exit_code == 0
    assert result.stderr == ""
    name, size, found, seconds, place = result.stdout.rstrip("\n").split("  ")
    assert (name, size) == ("photos/a.png", "60×40")
    assert found.endswith("at detail 0.5")
    assert float(seconds.removesuffix(" s")) >= 0
    assert len(list(photos.parent.glob(place))) == 3
    assert set(files_below(Path("regions"))) == {"a-labels.png", "a-overlay.jpg", "a-mean.png"}


def test_what_the_verb_does_the_library_does(photos: Path) -> None:
    """The command writes what the library writes with the same options."""
    kinds = "labels,overlay,mean,borders,contours"
    words = ["--detail", "0.8", "--seed", "3", "--palette", "mean"]
    assert gmmseg("regions", photos / "a.png", *words, "--save", kinds, "-o", "cli").exit_code == 0
    found = package.regions(photos / "a.png", seed=3)
    found.save("library", kinds, detail=0.8, palette="mean")
    assert files_below(Path("cli")) == files_below(Path("library"))


def test_json(photos: Path) -> None:
    """The record has the number of regions, the detail, the crumbs and the outputs."""
    record = json.loads(gmmseg("regions", photos / "a.png", "--count", "3", "--json").stdout)
    assert record["regions"] == 3
    assert record["crumbs"] >= 3
    assert 0 <= record["detail"] <= 1
    assert len(record["outputs"]) == 3
    labels = np.asarray(Image.open("regions/a-labels.png"))
    assert np.unique(labels).tolist() == [0, 1, 2]


def test_a_tree_is_cut_again(tree: Path) -> None:
    """A saved tree gives the outputs that its photo would, but for their names, at any detail."""
    for words in (["--detail", "0.7"], ["--count", "4"], []):
        result = gmmseg("regions", tree, *words, "-o", "again", "--overwrite")
        assert result.exit_code == 0
        assert result.stdout.startswith("trees/a-tree.npz  60×40  ")
        gmmseg("regions", "photos/a.png", *words, "-o", "afresh", "--overwrite")
        again, afresh = files_below(Path("again")), files_below(Path("afresh"))
        assert {name.replace("a-tree-", "a-"): data for name, data in again.items()} == afresh


@pytest.mark.usefixtures("tree")
def test_a_batch_of_everything(photos: Path) -> None:
    """Photos and trees go together; what is damaged or of another kind is a line each, and the rest is done."""
    (photos / "broken.png").write_bytes(b"no picture")
    whole = Path("trees/a-tree.npz").read_bytes()
    Path("trees/short-tree.npz").write_bytes(whole[:-300])
    Path("trees/empty.npz").write_bytes(b"")
    made_model("table", Path("trees/m.npz"))
    result = gmmseg("regions", "photos", "trees/*.npz", "trees/none.npz", "--count", "2", "--save", "labels")
    assert result.exit_code == 1
    names = [line.split("  ")[0] for line in result.stdout.splitlines()]
    assert names == [str(Path("photos/a.png")), str(Path("photos/b.png")), "trees/a-tree.npz"]
    errors = result.stderr.splitlines()
    assert len(errors) == 5
    for line, (name, said) in zip(
        errors,
        [
            ("photos/broken.png", "expected a picture"),
            ("trees/empty.npz", "an empty file"),
            ("trees/m.npz", "use gmmseg table --model for it"),
            ("trees/short-tree.npz", "expected a gmmseg region tree; it is damaged"),
            ("trees/none.npz", "nothing by this name"),
        ],
        strict=True,
    ):
        assert line.startswith(f"gmmseg: cannot read {name}: ")
        assert said in line


def test_more_regions_than_crumbs(tree: Path) -> None:
    """A photo that has fewer crumbs than regions are asked for is a line."""
    result = gmmseg("regions", tree, "--count", "100000")
    assert result.exit_code == 1
    assert result.stderr.startswith("gmmseg: cannot part trees/a-tree.npz: expected a count up to ")
    assert result.stderr.count("\n") == 1
    assert not Path("regions").exists()


@pytest.mark.parametrize("words", [["--page", "2"], ["--mask", "photos/a.png"], ["--max-pixels", "99"]])
def test_a_tree_is_read_as_it_is(tree: Path, words: list[str]) -> None:
    """A tree has no pages and takes no mask, and may be too large as a picture may."""
    result = gmmseg("regions", tree, *words)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "expected at most 99 pixels" in result.stderr or "expected no --mask and no --page" in result.stderr


def test_soft_masks_where_they_are_wanted(photos: Path, soft: list[int]) -> None:
    """Masks and tables have one segmentation made of the cut; labels and drawings none."""
    assert gmmseg("regions", photos / "a.png", "--count", "3").exit_code == 0
    assert soft == []
    result = gmmseg("regions", photos / "a.png", "--count", "3", "--save", "labels,masks,csv,report", "-o", "out")
    assert result.exit_code == 0
    assert soft == [3]
    assert {"a-labels.png", "a-masks/0.png", "a-segments.csv", "a-report.html"} < set(files_below(Path("out")))


def test_what_is_done_is_skipped(photos: Path, tree: Path) -> None:
    """Inputs whose outputs are there are skipped, unless they are to be done again or others are asked for."""
    gmmseg("regions", photos, tree)
    again = gmmseg("regions", photos, tree)
    assert again.stdout == ""
    assert again.stderr == "gmmseg: skipped 3 of 3: their outputs are in regions; --overwrite does them again\n"
    assert len(gmmseg("regions", photos, tree, "--overwrite").stdout.splitlines()) == 3
    assert len(gmmseg("regions", tree, "--save", "borders").stdout.splitlines()) == 1


def test_folders_mirror(photos: Path) -> None:
    """Folders below are looked into when asked, and outputs stand as their photos do."""
    small_photo(photos / "deep" / "c.png")
    gmmseg("regions", photos, "-r", "--save", "labels")
    assert set(files_below(Path("regions"))) == {"a-labels.png", "b-labels.png", "deep/c-labels.png"}


def test_stdin_to_stdout(photos: Path, tree: Path) -> None:
    """A photo through a pipe comes out as the one kind that was asked for; a tree comes out too."""
    given = (photos / "a.png").read_bytes()
    result = gmmseg("regions", "-", "--save", "contours", "-o", "-", stdin=given)
    assert result.exit_code == 0
    with Image.open(io.BytesIO(result.stdout_bytes)) as picture:
        assert picture.size == (60, 40)
    piped = gmmseg("regions", tree, "--save", "tree", "-o", "-")
    assert piped.stdout_bytes == tree.read_bytes()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--detail", "0.5", "--count", "3"], "expected --detail or --count"),
        (["--detail", "nan"], "expected a number"),
        (["--detail", "-1"], "0"),
        (["--detail", "2"], "1"),
        (["--detail", "x"], "not a valid float"),
        (["--count", "0"], "1"),
        (["--count", "2.5"], "integer"),
        (["--save", "regions"], "expected kinds among labels, overlay, mean"),
        (["--save", "labels,csv", "-o", "-"], "one kind"),
        (["--save", "masks", "-o", "-"], "single file"),
    ],
    ids=" ".join,
)
def test_wrong_options_are_refused_first(photos: Path, words: list[str], told: str) -> None:
    """A wrong option ends the command with 2 before anything is read or written."""
    result = gmmseg("regions", photos / "a.png", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""
    assert not Path("regions").exists()


def test_help_says_what_the_library_does() -> None:
    """The help has all kinds, and the defaults that the library has."""
    from gmmseg.parts import KINDS, USUAL
    from gmmseg.parts.cutting import USUAL as DETAIL

    text = " ".join(gmmseg("regions", "--help").stdout.split())
    assert all(f" {kind} " in text for kind in KINDS)
    assert f"[default: {','.join(USUAL)}]" in text
    assert f"1, all there are. [default: {DETAIL}]" in text


def test_a_folder_that_cannot_be_written_to(tree: Path) -> None:
    """A file in the way of the folder is told before anything is done."""
    Path("way").write_text("")
    result = gmmseg("regions", tree, "-o", "way")
    assert result.exit_code == 1
    assert result.stderr == "gmmseg: cannot write to the folder way: way is a file; choose another with -o\n"


@UNIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_full_disk(tree: Path) -> None:
    """What standard output cannot take ends the command in one line."""
    for words in (["-o", "out"], ["--save", "tree", "-o", "-"]):
        with Path("/dev/full").open("wb") as full:
            process = started("regions", tree, *words, stdout=full)
            _, errors = process.communicate(timeout=60)
        assert process.returncode == 1
        assert errors.count("\n") == 1
        assert "No space left" in errors


@UNIX
def test_interrupted(photos: Path) -> None:
    """A signal ends a batch at once, in one line, and every output that is there is whole."""
    for number in range(30):
        small_photo(photos / f"{number}.png", 5 * number, (200, 150))
    process = started("regions", photos, "--jobs", "2", "--save", "labels,tree")
    assert process.stdout is not None
    process.stdout.readline()
    begin = time.perf_counter()
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == "gmmseg: interrupted\n"
    assert time.perf_counter() - begin < 10
    assert len(said.splitlines()) < 31
    found = files_below(Path("regions"))
    assert not [name for name in found if name.startswith(".")]
    for name in found:
        if name.endswith(".npz"):
            assert package.RegionTree.load(Path("regions") / name).width in {60, 200}
