"""A folder of pictures into clusters, from the command line."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from command import files_below, gmmseg, started
from PIL import Image

import gmmseg as package
from gmmseg.albums import FEATURES, KINDS
from gmmseg.mixture.families import FAMILIES

COLOURS = {"blue": (60, 110, 200), "red": (210, 90, 60), "green": (50, 110, 40)}


def written(folder: Path, counts: dict[str, int], seed: int = 0) -> Path:
    """Small pictures of about these colours, as folder/blue-0.png and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    for name, count in counts.items():
        for number in range(count):
            pixels = random.normal(np.array(COLOURS[name]) + random.normal(0, 8, 3), 9, (20, 30, 3))
            Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(folder / f"{name}-{number}.png")
    return folder


@pytest.fixture
def album(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with twelve blue, five red and three green pictures; we are in the folder above."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "album", {"blue": 12, "red": 5, "green": 3})
    return Path("album")


def test_an_album(album: Path) -> None:
    """Pictures become sheets, tables and a model in the folder collection, and lines say which clusters there are."""
    result = gmmseg("collection", album, "-k", "3")
    assert result.exit_code == 0
    head, *clusters = result.stdout.splitlines()
    assert head.startswith("20 pictures  3 clusters  mean, full  ")
    assert head.endswith("  collection/*")
    assert [line.split()[:3] for line in clusters] == [
        ["cluster", "0", "60.0"],
        ["cluster", "1", "25.0"],
        ["cluster", "2", "15.0"],
    ]
    assert [line.split()[5] for line in clusters] == ["12", "5", "3"]
    names = {"overview.jpg", "pictures.csv", "collection.json", "model.npz"}
    assert set(files_below(Path("collection"))) == names | {f"sheets/cluster-{c}.jpg" for c in range(3)}
    assert "prior" in result.stderr


def test_the_verb_does_what_the_library_does(album: Path) -> None:
    """The command writes what the library writes with the same options."""
    words = ["--features", "mean+std", "--covariance", "diag", "--seed", "3", "--jobs", "2"]
    gmmseg("collection", album, "-k", "2", *words, "--save", "sheets,csv,model", "-o", "cli")
    found = package.collection(album, 2, features="mean+std", covariance="diag", seed=3)
    found.save("library", "sheets,csv,model")
    assert files_below(Path("cli")) == files_below(Path("library"))


def test_json_lines(album: Path) -> None:
    """Every picture is one JSON object a line, failures too, and the last line tells of the clusters."""
    (album / "broken.png").write_bytes(b"no picture")
    result = gmmseg("collection", album, "-k", "3", "--json", "-q", "--save", "csv", "--into", "sorted")
    assert result.exit_code == 1
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == 22
    (failed,) = [line for line in lines if "error" in line]
    assert failed["file"] == str(album / "broken.png")
    first = next(line for line in lines if "certainty" in line)
    assert set(first) == {"file", "cluster", "certainty", "p"}
    last = lines[-1]
    assert (last["pictures"], last["failures"], last["k"]) == (20, 1, 3)
    assert [one["pictures"] for one in last["clusters"]] == [12, 5, 3]
    assert all(Path(path).is_file() for path in last["outputs"] + last["placed"])
    assert result.stderr.count("\n") == 1


def test_into_folders(album: Path) -> None:
    """Copies go into folders by cluster, again changes nothing, and the folder is no input of the next run."""
    before = files_below(album)
    for said in ("20 copied into album/sorted", "0 copied into album/sorted, 20 were there"):
        words = ("-r", "-k", "3", "--into", album / "sorted", "--save", "csv", "--overwrite")
        result = gmmseg("collection", album, *words)
        assert result.exit_code == 0
        assert result.stdout.splitlines()[-1] == said
        assert len(result.stdout.splitlines()) == 5
    sorted_files = files_below(album / "sorted")
    assert {name: data for name, data in files_below(album).items() if not name.startswith("sorted")} == before
    assert len(sorted_files) == 20
    assert {Path(name).parent.name for name in sorted_files if "red" in name} == {"cluster-1"}
    linked = gmmseg("collection", album, "-k", "3", "--into", "links", "--link", "--save", "csv", "--overwrite")
    assert linked.stdout.splitlines()[-1] == "20 linked into links"
    assert all(path.is_symlink() for path in Path("links").rglob("*.png"))


def test_outputs_among_the_pictures(album: Path) -> None:
    """What is written into the pictures' own folder is not taken for pictures the next time."""
    words = ("collection", album, "-r", "-k", "3", "-o", album, "--into", album, "--overwrite")
    for _ in range(2):
        assert gmmseg(*words).stdout.startswith("20 pictures  ")
    assert len(list(album.rglob("*.png"))) == 40
    assert gmmseg("collection", album / "cluster-1", "-k", "1", "-o", "own").stdout.startswith("5 pictures")


def test_earlier_outputs_are_not_lost(album: Path) -> None:
    """Outputs of an earlier run are written over only where that is asked for."""
    gmmseg("collection", album, "-k", "3", "--save", "csv,sheets")
    before = files_below(Path("collection"))
    again = gmmseg("collection", album, "-k", "2", "--save", "json,csv")
    assert again.exit_code == 1
    assert again.stderr.startswith("gmmseg: cannot write to collection: pictures.csv of an earlier run is there")
    assert files_below(Path("collection")) == before
    assert gmmseg("collection", album, "-k", "2", "--save", "csv,sheets", "--overwrite").exit_code == 0
    assert set(files_below(Path("collection"))) == {"pictures.csv", "sheets/cluster-0.jpg", "sheets/cluster-1.jpg"}


def test_models_are_applied(album: Path) -> None:
    """New pictures go into the clusters of a saved model, by `--model` and by `apply` alike."""
    gmmseg("collection", album, "-k", "3")
    new = written(Path("new"), {"green": 2, "blue": 1}, 5)
    by_model = gmmseg("collection", new, "--model", "collection/model.npz", "-o", "a", "--save", "csv")
    assert by_model.exit_code == 0
    assert "cluster 2   66.7 %" in by_model.stdout
    applied = gmmseg("apply", "collection/model.npz", new, "-o", "b", "--save", "csv")
    assert applied.exit_code == 0
    assert files_below(Path("a")) == files_below(Path("b"))
    usual = gmmseg("apply", "collection/model.npz", new, "--overwrite", "--json")
    assert usual.exit_code == 0
    assert [json.loads(line)["cluster"] for line in usual.stdout.splitlines()[:3]] == [0, 2, 2]
    assert gmmseg("collection", new, "--model", "collection/model.npz", "-k", "4", "-o", "c").exit_code == 2


@pytest.mark.parametrize("words", [["--mask", "album/red-0.png"], ["--page", "2"], ["--save", "overlay"], ["-o", "-"]])
def test_apply_refuses_what_albums_have_not(album: Path, words: list[str]) -> None:
    """Options that mean pixels are refused with the model of a collection."""
    gmmseg("collection", album, "-k", "3", "--save", "model")
    result = gmmseg("apply", "collection/model.npz", album, *words)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_bad_files_do_not_stop_the_others(album: Path) -> None:
    """Each bad input is a line on standard error, the rest is done, and the exit code is 1."""
    (album / "cut.png").write_bytes((album / "red-0.png").read_bytes()[:300])
    (album / "empty.jpg").write_bytes(b"")
    result = gmmseg("collection", album, "missing.jpg", "-k", "3", "-q", "--save", "csv")
    assert result.exit_code == 1
    errors = result.stderr.splitlines()
    assert len(errors) == 3
    assert all(line.startswith("gmmseg: cannot read ") for line in errors)
    assert len(Path("collection/pictures.csv").read_text().splitlines()) == 21


def test_nothing_that_can_be_read(album: Path) -> None:
    """A folder without pictures, or with broken ones alone, is told of in a line each and nothing is written."""
    Path("none").mkdir()
    for words, lines in ((["none"], 1), (["missing.png", "album/other.png"], 2)):
        result = gmmseg("collection", *words)
        assert result.exit_code == 1
        assert result.stderr.count("\n") == lines
        assert result.stdout == ""
    assert album.is_dir()
    assert not Path("collection").exists()


def test_wrong_wishes(album: Path) -> None:
    """Wrong options end the command with 2, in one message, before anything is written."""
    cases = [
        (["-k", "21"], "no more clusters than pictures"),
        (["-k", "0"], "at least 1"),
        (["--features", "smell"], "mean+std"),
        (["--covariance", "round"], "full"),
        (["--save", "csv,masks"], "expected kinds among overview"),
        (["--link"], "--into"),
        (["--jobs", "0"], "1"),
        (["--model", "missing.npz", "-k", "3"], "expected --model or -k"),
        (["-o", "-"], "expected a folder"),
        (["--seed", "-1"], "0"),
    ]
    for words, told in cases:
        result = gmmseg("collection", album, *words)
        assert result.exit_code == 2, words
        assert told in result.stderr
        assert result.stdout == ""
    assert not Path("collection").exists()
    assert gmmseg("collection", album, "--model", album / "red-0.png").exit_code == 1
    assert gmmseg("collection", album, "--model", "missing.npz").exit_code == 1
    assert gmmseg("collection", album, "-o", album / "red-0.png" / "x").exit_code == 1
    assert gmmseg("collection", album, "--into", album / "red-0.png" / "x").exit_code == 1


def test_help_says_what_the_library_does() -> None:
    """Features, shapes and kinds in the help are those of the library."""
    text = " ".join(gmmseg("collection", "--help").stdout.split())
    assert f"[{'|'.join(FEATURES)}]" in text
    assert f"[{'|'.join(FAMILIES)}]" in text
    assert all(f" {kind} " in text for kind in KINDS)


def test_standard_input_and_one_picture(album: Path) -> None:
    """One picture through a pipe is a collection of one."""
    result = gmmseg("collection", "-", "--save", "csv", stdin=(album / "red-0.png").read_bytes())
    assert result.exit_code == 0
    assert result.stdout.startswith("1 picture  1 cluster  ")


def test_info_tells_of_the_model(album: Path) -> None:
    """The model of a collection is one that `info` knows."""
    gmmseg("collection", album, "-k", "3", "--features", "layout", "--save", "model")
    record = json.loads(gmmseg("info", "collection/model.npz", "--json").stdout)
    assert (record["kind"], record["features"], record["k"]) == ("model of a collection", "layout", 3)
    assert len(record["components"]) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="signals as Unix has them")
@pytest.mark.parametrize("late", [False, True], ids=["reading", "placing"])
def test_interrupted(album: Path, late: bool) -> None:
    """Ctrl-C ends the work at once, in one line, and every file that is there is whole."""
    names = sorted(album.iterdir())
    for number in range(1500 if late else 8000):
        os.link(names[number % 20], album / f"{number}.png")
    process = started("collection", album, "-k", "3", "--save", "csv", "--into", "sorted", "-q")
    deadline = time.monotonic() + 60
    while late and time.monotonic() < deadline and len(list(Path("sorted").rglob("*.png"))) < 20:
        time.sleep(0.005)
    if not late:
        time.sleep(2)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert time.monotonic() - begun < 10
    assert process.returncode == 130
    assert errors == "gmmseg: interrupted\n"
    placed = list(Path("sorted").rglob("*.png")) if Path("sorted").is_dir() else []
    assert len(placed) < len(list(album.iterdir()))
    assert all((album / path.name).read_bytes() == path.read_bytes() for path in placed)
    assert not [path for path in Path().rglob(".*") if path.is_file()]


def test_a_full_disk_is_one_line(album: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full, one line says so and nothing half-written is left."""

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = gmmseg("collection", album, "-k", "3", "-q")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "No space left on device" in result.stderr
    assert files_below(Path("collection")) == {}
