"""Photos in, outputs out: one, many, bad ones, ones that are done."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from command import files_below, gmmseg, small_photo
from PIL import Image

import gmmseg as package


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three small photos, two of them of one name; we are in the folder above."""
    for number, name in enumerate(("b.png", "a.png", "below/a.png")):
        small_photo(tmp_path / "photos" / name, 100 + 60 * number)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "photos"


def test_one_photo(photos: Path) -> None:
    """A photo becomes labels, an overlay and a table in the folder segments, and a line says so."""
    result = gmmseg("segment", "photos/a.png", "-k", "3")
    assert result.exit_code == 0
    assert result.stderr == ""
    name, size, segments, seconds, place = result.stdout.rstrip("\n").split("  ")
    assert (name, size, segments) == ("photos/a.png", "60×40", "3 segments")
    assert float(seconds.removesuffix(" s")) >= 0
    assert len(list(photos.parent.glob(place))) == 3
    assert {Path(path).suffix for path in files_below(Path("segments"))} == {".png", ".jpg", ".csv"}


def test_what_a_verb_does_the_library_does(photos: Path) -> None:
    """The command writes what the library writes with the same options."""
    words = ["--features", "rgb,xy:0.5", "--covariance", "tied", "--start", "kmeans", "--seed", "3"]
    words += ["--smooth", "0.5", "--min-area", "0.01", "--join", "0.2", "--palette", "mean", "--depth", "16"]
    gmmseg("segment", photos / "a.png", "-k", "4", *words, "--save", "labels,masks,csv", "-o", "cli")
    seg = package.segment(
        photos / "a.png",
        4,
        features="rgb,xy:0.5",
        covariance="tied",
        start="kmeans",
        seed=3,
        smooth=0.5,
        min_area=0.01,
        join=0.2,
    )
    seg.save("library", "labels,masks,csv", palette="mean", depth=16)
    assert files_below(Path("cli")) == files_below(Path("library"))


def test_folders_are_mirrored(photos: Path) -> None:
    """Photos of one name in several folders do not meet in the outputs."""
    result = gmmseg("segment", photos, "-r", "-k", "2", "--save", "labels", "-o", "out")
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        str(photos / name) for name in ("a.png", "b.png", "below/a.png")
    ]
    assert set(files_below(Path("out"))) == {"a-labels.png", "b-labels.png", "below/a-labels.png"}


def test_jobs_change_nothing(photos: Path) -> None:
    """One job or several write the same bytes and say the same lines in the same order."""
    lines = []
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    for jobs in ("1", "2", "5"):
        result = gmmseg("segment", photos, "-r", "--jobs", jobs, "-o", f"out{jobs}", "--json")
        records = [json.loads(line) for line in result.stdout.splitlines()]
        lines.append([(record["file"], record["segments"]) for record in records])
    assert lines[0] == lines[1] == lines[2]
    assert files_below(Path("out1")) == files_below(Path("out2")) == files_below(Path("out5"))
    assert before is None or os.sched_getaffinity(0) == before


def test_json_lines(photos: Path) -> None:
    """Every input is one JSON object a line, failures too, in the order of the inputs."""
    (photos / "broken.png").write_bytes(b"no picture")
    result = gmmseg("segment", photos / "b.png", photos / "broken.png", photos / "a.png", "-k", "2", "--json")
    first, failed, last = (json.loads(line) for line in result.stdout.splitlines())
    assert result.exit_code == 1
    assert failed["file"] == str(photos / "broken.png")
    assert "expected a picture" in failed["error"]
    assert (first["file"], first["k"], first["width"], first["height"]) == (str(photos / "b.png"), 2, 60, 40)
    assert sum(segment["area"] for segment in last["segments"]) == 60 * 40
    assert all(Path(path).is_file() for path in first["outputs"] + last["outputs"])
    assert last["seconds"] > 0


def test_bad_files_do_not_stop_the_others(photos: Path) -> None:
    """Each bad input is a line on standard error, the rest is done, and the exit code is 1."""
    (photos / "broken.png").write_bytes((photos / "a.png").read_bytes()[:500])
    (photos.parent / "empty").mkdir()
    result = gmmseg("segment", photos, "missing.jpg", "empty", "*.webp", f"{300 * 'x'}.png", "a.png/b.png", "-k", "2")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    errors = result.stderr.splitlines()
    assert len(errors) == 6
    assert all(line.startswith("gmmseg: cannot read ") for line in errors)


def test_errors_name_the_photo(photos: Path) -> None:
    """What is wrong between a photo and an option names the photo."""
    small_photo(photos / "mask.png", size=(10, 10))
    result = gmmseg("segment", photos / "a.png", "--mask", photos / "mask.png")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"gmmseg: cannot segment {photos / 'a.png'}: expected a mask")
    assert not Path("segments").exists()


def test_what_is_done_is_skipped(photos: Path) -> None:
    """Photos whose outputs are there are skipped with a note, unless they are to be done again."""
    gmmseg("segment", photos / "a.png", "-k", "2")
    before = {path: path.stat().st_mtime_ns for path in Path("segments").iterdir()}
    again = gmmseg("segment", photos / "a.png", photos / "b.png", "-k", "3")
    assert again.exit_code == 0
    assert [line.split()[0] for line in again.stdout.splitlines()] == [str(photos / "b.png")]
    assert again.stderr == "gmmseg: skipped 1 of 2: their outputs are in segments; --overwrite does them again\n"
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    record = json.loads(gmmseg("segment", photos / "a.png", "--json").stdout)
    assert record == {"file": str(photos / "a.png"), "skipped": True}
    assert "3 segments" in gmmseg("segment", photos / "a.png", "-k", "3", "--overwrite").stdout
    assert gmmseg("segment", photos / "a.png", "-k", "2", "--save", "labels,regions").stdout != ""


def test_what_is_gone_is_not_skipped(photos: Path) -> None:
    """A photo that is not there any more is an error, whatever outputs there are."""
    gmmseg("segment", photos / "a.png", "-k", "2")
    (photos / "a.png").unlink()
    assert gmmseg("segment", photos / "a.png", "-k", "2").exit_code == 1


def test_outputs_are_no_inputs(photos: Path) -> None:
    """Outputs below the folder that is worked on are not taken for photos the next time."""
    assert photos.is_dir()
    for _ in range(2):
        result = gmmseg("segment", ".", "-r", "-k", "2", "--overwrite")
        assert len(result.stdout.splitlines()) == 3
    within = gmmseg("segment", "photos", "-r", "-k", "2", "-o", "photos", "--save", "csv")
    assert len(within.stdout.splitlines()) == 3
    assert gmmseg("segment", "segments/photos/a-overlay.jpg", "-k", "2").exit_code == 0


def test_quiet(photos: Path) -> None:
    """Nothing is said but errors, and JSON where it is asked for."""
    result = gmmseg("segment", photos / "a.png", "missing.png", "-k", "2", "-q")
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert gmmseg("segment", photos / "a.png", "-q").output == ""
    assert json.loads(gmmseg("segment", photos / "a.png", "-q", "--json").stdout)["skipped"] is True


def test_stdin_to_stdout(photos: Path) -> None:
    """A photo through a pipe comes out as the one kind that was asked for, and what is said goes elsewhere."""
    given = (photos / "a.png").read_bytes()
    result = gmmseg("segment", "-", "-k", "2", "--save", "labels", "-o", "-", stdin=given)
    assert result.exit_code == 0
    assert "2 segments" in result.stderr
    with Image.open(io.BytesIO(result.stdout_bytes)) as labels:
        assert labels.size == (60, 40)
    saved = gmmseg("segment", photos / "a.png", "-k", "2", "--save", "labels")
    assert saved.exit_code == 0
    assert Path("segments/a-labels.png").read_bytes() == result.stdout_bytes
    assert gmmseg("segment", "-", "-k", "2", "-o", "-", "-q", "--save", "csv", stdin=given).stderr == ""


def test_stdin_is_never_skipped(photos: Path) -> None:
    """What comes through a pipe may be another photo than the last time."""
    for name in ("a.png", "b.png"):
        result = gmmseg("segment", "-", "-k", "2", stdin=(photos / name).read_bytes())
        assert result.stdout.startswith("-  60×40")
    assert Path("segments/stdin-labels.png").is_file()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["photos/a.png"], "one kind"),
        (["photos/a.png", "--save", "labels,csv"], "one kind"),
        (["photos/a.png", "--save", "masks"], "single file"),
        (["photos", "--save", "labels"], "one picture"),
        (["photos/a.png", "--save", "labels", "--json"], "--json"),
    ],
)
def test_what_one_pipe_cannot_carry(photos: Path, words: list[str], told: str) -> None:
    """Several files do not go through standard output."""
    assert photos.is_dir()
    result = gmmseg("segment", *words, "-o", "-")
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


def test_out_that_cannot_be(photos: Path) -> None:
    """A file in the place of the folder for outputs is noticed before any work, in one line."""
    for out in (photos / "a.png", photos / "a.png" / "below"):
        result = gmmseg("segment", photos, "-o", out)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert result.stderr.startswith(f"gmmseg: cannot write to the folder {out}")
        assert result.stderr.count("\n") == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden here")
def test_out_without_permission(photos: Path) -> None:
    """A folder that may not be written to is noticed before any work."""
    Path("locked").mkdir(mode=0o500)
    result = gmmseg("segment", photos, "-o", "locked")
    assert result.exit_code == 1
    assert "no permission" in result.stderr


def test_a_full_disk_ends_the_batch(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full, one line says so and no further photo is tried."""

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = gmmseg("segment", photos, "-r", "-k", "2", "--jobs", "1", "--save", "labels", "-o", "out")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "No space left on device" in result.stderr
    assert files_below(Path("out")) == {}


def test_mask_and_page(photos: Path) -> None:
    """A mask leaves pixels out, and a page of several is chosen."""
    mask = np.zeros((40, 60), np.uint8)
    mask[:, :30] = 255
    Image.fromarray(mask).save("mask.png")
    with Image.open(photos / "a.png") as first, Image.open(photos / "b.png") as second:
        first.save("pages.tif", save_all=True, append_images=[second])
    masked = json.loads(gmmseg("segment", photos / "a.png", "-k", "2", "--mask", "mask.png", "--json").stdout)
    assert sum(segment["area"] for segment in masked["segments"]) == 40 * 30
    second_page = json.loads(gmmseg("segment", "pages.tif", "--page", "2", "-k", "2", "--json").stdout)
    plain = json.loads(gmmseg("segment", photos / "b.png", "-k", "2", "--json").stdout)
    assert second_page["segments"] == plain["segments"]
    assert Path("segments/pages-page2-labels.png").is_file()
    assert gmmseg("segment", "pages.tif", "--page", "3").exit_code == 1
    assert gmmseg("segment", photos / "a.png", "--max-pixels", "100", "--overwrite").exit_code == 1
