"""Photos in, clusters of their patches out."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from command import files_below, gmmseg, small_photo
from PIL import Image

import gmmseg as package

QUICK = ["--size", "4", "--iterations", "2"]


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two small photos; we are in the folder above."""
    for number, name in enumerate(("a.png", "b.png")):
        small_photo(tmp_path / "photos" / name, 100 + 60 * number)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "photos"


def test_one_photo(photos: Path) -> None:
    """A photo becomes labels, a picture beside itself and a dictionary, and a line says so."""
    result = gmmseg("patches", "photos/a.png", "-k", "3", *QUICK)
    assert result.exit_code == 0
    assert result.stderr == ""
    name, size, clusters, seconds, place = result.stdout.rstrip("\n").split("  ")
    assert (name, size, clusters) == ("photos/a.png", "60×40", "3 clusters of 2,109 patches")
    assert float(seconds.removesuffix(" s")) >= 0
    assert len(list(photos.parent.glob(place))) == 3
    assert set(files_below(Path("patches"))) == {"a-labels.png", "a-patches.png", "a-dictionary.png"}


def test_what_the_verb_does_the_library_does(photos: Path) -> None:
    """The command writes what the library writes with the same options."""
    words = ["--size", "3", "--stride", "2", "--colour", "--start", "kmeans", "--seed", "3", "--noise", "2.5"]
    words += ["--iterations", "3", "--palette", "mean", "--depth", "16"]
    kinds = "labels,side-by-side,dictionary,masks,csv"
    gmmseg("patches", photos / "a.png", "-k", "4", *words, "--save", kinds, "-o", "cli")
    found = package.patches(
        photos / "a.png", 4, size=3, stride=2, colour=True, start="kmeans", seed=3, noise=2.5, max_iterations=3
    )
    found.save("library", kinds, palette="mean", depth=16)
    assert files_below(Path("cli")) == files_below(Path("library"))


def test_several_numbers_of_clusters(photos: Path) -> None:
    """Several k have outputs with their names in them, one sheet together, and one record."""
    result = gmmseg("patches", photos / "a.png", "-k", "2,4,3", *QUICK, "--save", "side-by-side,csv", "--json")
    names = {"a-patches.png", "a-k2-segments.csv", "a-k3-segments.csv", "a-k4-segments.csv"}
    assert set(files_below(Path("patches"))) == names
    record = json.loads(result.stdout)
    assert [one["k"] for one in record["several"]] == [2, 4, 3]
    assert all(one["iterations"] == 2 for one in record["several"])
    assert len(record["outputs"]) == 4
    with Image.open("patches/a-patches.png") as sheet:
        assert sheet.width == 4 * 60 + 3 * 3
    told = gmmseg("patches", photos / "b.png", "-k", "2,4,3", *QUICK, "--save", "side-by-side").stdout
    assert "2, 4 and 3 clusters of 2,109 patches" in told


def test_json_of_one(photos: Path) -> None:
    """The record of one k has its clusters, which cover the photo."""
    record = json.loads(gmmseg("patches", photos / "a.png", "-k", "2", *QUICK, "--json").stdout)
    assert (record["k"], record["patches"], record["iterations"]) == (2, 2109, 2)
    assert sum(segment["area"] for segment in record["segments"]) == 60 * 40


@pytest.mark.parametrize("k", ["3", "2,3"])
def test_what_is_done_is_skipped(photos: Path, k: str) -> None:
    """Photos whose outputs are there are skipped, unless they are to be done again or others are asked for."""
    gmmseg("patches", photos, "-k", k, *QUICK)
    again = gmmseg("patches", photos, "-k", k, *QUICK)
    assert again.stdout == ""
    assert again.stderr == "gmmseg: skipped 2 of 2: their outputs are in patches; --overwrite does them again\n"
    assert len(gmmseg("patches", photos, "-k", k, *QUICK, "--overwrite").stdout.splitlines()) == 2
    assert len(gmmseg("patches", photos, "-k", k, *QUICK, "--save", "labels,csv").stdout.splitlines()) == 2


def test_among_several_auto_is_never_done(photos: Path) -> None:
    """How many clusters auto will be is not known before, so nothing is skipped; each number is there once."""
    for _ in range(2):
        result = gmmseg("patches", photos / "a.png", "-k", "2,auto", "--size", "2", "--stride", "2", "--save", "csv")
        assert result.exit_code == 0
        assert "2 " in result.stdout


def test_bad_files_do_not_stop_the_others(photos: Path) -> None:
    """What cannot be read, and what is smaller than a patch, are a line each; the rest is done."""
    (photos / "broken.png").write_bytes(b"no picture")
    Image.new("L", (3, 3)).save(photos / "dot.png")
    Image.new("L", (30, 30), 9).save(photos / "plain.png")
    result = gmmseg("patches", photos, "-k", "2", *QUICK, "--save", "labels")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    errors = result.stderr.splitlines()
    assert len(errors) == 3
    assert errors[0].startswith(f"gmmseg: cannot read {photos / 'broken.png'}")
    assert errors[1].startswith(f"gmmseg: cannot cluster {photos / 'dot.png'}: expected a picture that has patches")
    assert errors[2].startswith(f"gmmseg: cannot cluster {photos / 'plain.png'}: expected at least k = 2")


def test_stdin_to_stdout(photos: Path) -> None:
    """A photo through a pipe comes out as the one kind that was asked for; of several k as the sheet."""
    given = (photos / "a.png").read_bytes()
    for k, kind, width in (("2", "side-by-side", 123), ("2,3", "side-by-side", 186), ("2", "labels", 60)):
        result = gmmseg("patches", "-", "-k", k, *QUICK, "--save", kind, "-o", "-", stdin=given)
        assert result.exit_code == 0
        with Image.open(io.BytesIO(result.stdout_bytes)) as picture:
            assert picture.width == width
    assert gmmseg("patches", "-", "-k", "2", *QUICK, "--save", "dictionary", "-o", "-", stdin=given).exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--save", "labels,csv", "-o", "-"], "one kind"),
        (["--save", "masks", "-o", "-"], "single file"),
        (["-k", "2,3", "--save", "labels", "-o", "-"], "single file"),
        (["--save", "overlays"], "expected kinds among side-by-side"),
        (["--size", "17"], "16"),
        (["--stride", "9"], "up to the size"),
        (["--noise", "0"], "0"),
        (["--noise", "nan"], "expected a number"),
        (["--iterations", "0"], "1"),
        (["-k", "0"], "at least 1"),
        (["-k", "5,,6"], "at least 1"),
        (["--start", "path"], "directional"),
    ],
    ids=" ".join,
)
def test_wrong_options_are_refused_first(photos: Path, words: list[str], told: str) -> None:
    """A wrong option ends the command with 2 before anything is read or written."""
    result = gmmseg("patches", photos / "a.png", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""
    assert not Path("patches").exists()


def test_help_says_what_the_library_does() -> None:
    """The help has all kinds, and the defaults that the library has."""
    from gmmseg.patchwork import KINDS, USUAL

    text = " ".join(gmmseg("patches", "--help").stdout.split())
    assert all(f" {kind} " in text for kind in KINDS)
    assert f"[default: {','.join(USUAL)}]" in text
    usual = package.patches.__kwdefaults__
    assert usual is not None
    assert f"--size N Side of a patch in pixels. [default: {usual['size']};" in text
    assert f"up to the size. [default: {usual['stride']};" in text
    assert package.patches.__defaults__ == (19,)
    assert f"[default: {usual['start']}]" in text


def test_a_mask_leaves_pixels_out(photos: Path) -> None:
    """Pixels that a mask leaves out are in no cluster."""
    mask = np.zeros((40, 60), np.uint8)
    mask[:, :30] = 255
    Image.fromarray(mask).save("mask.png")
    result = gmmseg("patches", photos / "a.png", "-k", "2", *QUICK, "--mask", "mask.png", "--json")
    assert sum(segment["area"] for segment in json.loads(result.stdout)["segments"]) == 40 * 30


def test_noise_restores(photos: Path) -> None:
    """With a level of noise, or auto, a restored picture is written beside the usual outputs, in the file's depth."""
    assert gmmseg("patches", photos / "a.png", "-k", "3", *QUICK, "--noise", "auto").exit_code == 0
    assert set(files_below(Path("patches"))) == {"a-labels.png", "a-patches.png", "a-dictionary.png", "a-restored.png"}
    with Image.open("patches/a-restored.png") as after, Image.open(photos / "a.png") as before:
        assert (after.size, after.mode) == (before.size, before.mode)


def test_several_numbers_share_a_restored_picture(photos: Path) -> None:
    """There is one restored picture of several numbers of clusters, and what is done is known by it."""
    words = ["patches", str(photos / "a.png"), "-k", "2,3", *QUICK, "--noise", "9", "--save", "labels,restored"]
    assert gmmseg(*words).exit_code == 0
    assert set(files_below(Path("patches"))) == {"a-k2-labels.png", "a-k3-labels.png", "a-restored.png"}
    assert "skipped 1 of 1" in gmmseg(*words).stderr
    Path("patches/a-restored.png").unlink()
    assert "skipped" not in gmmseg(*words).stderr


def test_missing_pixels_are_filled(photos: Path) -> None:
    """Pixels under the mask are filled in, and the restored picture goes through a pipe."""
    mask = np.zeros((40, 60), np.uint8)
    mask[10:12] = 255
    Image.fromarray(mask).save("gaps.png")
    words = ["-k", "2", *QUICK, "--missing", "gaps.png", "--save", "restored", "-o", "-"]
    result = gmmseg("patches", photos / "a.png", *words)
    assert result.exit_code == 0
    with Image.open(io.BytesIO(result.stdout_bytes)) as after, Image.open(photos / "a.png") as before:
        same = (np.asarray(after) == np.asarray(before)).all(axis=2)
    assert same[mask == 0].all()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--save", "restored"], "--noise or --missing"),
        (["--noise", "much"], "or auto"),
        (["--noise", "nan"], "or auto"),
        (["--noise", "-3"], "or auto"),
        (["--missing", "nowhere.png"], "does not exist"),
    ],
)
def test_restoring_without_sense(photos: Path, words: list[str], said: str) -> None:
    """What cannot be restored is refused before anything is read."""
    result = gmmseg("patches", photos / "a.png", *words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_mask_of_another_size(photos: Path) -> None:
    """A mask that does not fit is told of in one line."""
    Image.fromarray(np.zeros((5, 5), np.uint8)).save("gaps.png")
    result = gmmseg("patches", photos / "a.png", "--missing", "gaps.png")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
