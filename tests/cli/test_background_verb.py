"""Clips in, outputs out: one, many, bad ones, ones that are done, ones that were interrupted."""

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

import gmmseg as package
from gmmseg.files.clips import clip_writer, read_clip


def made(path: Path, count: int = 12, shape: tuple[int, int] = (32, 40)) -> Path:
    """A lossless clip in which a block moves."""
    random = np.random.default_rng(3)
    path.parent.mkdir(parents=True, exist_ok=True)
    with clip_writer(path, shape[1], shape[0], 10, lossless=True) as out:
        for n in range(count):
            frame = random.integers(90, 110, (*shape, 3)).astype(np.uint8)
            frame[8:20, n % (shape[1] - 9) : n % (shape[1] - 9) + 9] = 250
            out.write(frame, n / 10)
    return path


def frames_in(path: Path) -> int:
    with read_clip(path) as clip:
        return sum(1 for _ in clip)


@pytest.fixture
def clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two small clips; we are in the folder above."""
    made(tmp_path / "clips" / "b.mkv")
    made(tmp_path / "clips" / "a.mkv")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "clips"


def test_one_clip(clips: Path) -> None:
    """A clip becomes a mask and an overlay in the folder background, and a line says so."""
    assert clips.is_dir()
    result = gmmseg("background", "clips/a.mkv")
    assert result.exit_code == 0
    assert result.stderr == ""
    name, size, frames, share, _, place = result.stdout.rstrip("\n").split("  ")
    assert (name, size, frames) == ("clips/a.mkv", "40×32", "12 frames")
    assert share.endswith("% foreground")
    assert {path.name for path in Path().glob(place)} == {"a.mask.mkv", "a.overlay.mp4"}
    assert frames_in(Path("background/a.mask.mkv")) == 12


def test_what_the_verb_does_the_library_does(clips: Path) -> None:
    """The command writes what the library writes with the same options."""
    words = ["--from", "0:00.2", "--to", "1", "--every", "2", "--roi", "0,0,30,32", "--min-area", "4"]
    words += ["--learning-rate", "0.1", "--save", "mask,boxes,csv,coco", "--format", "mask=png", "-o", "cli"]
    assert gmmseg("background", clips / "a.mkv", *words).exit_code == 0
    package.subtract_background(
        clips / "a.mkv",
        "library",
        save="mask,boxes,csv,coco",
        start=0.2,
        stop=1,
        every=2,
        region=(0, 0, 30, 32),
        min_area=4,
        learning_rate=0.1,
        formats={"mask": "png"},
    )
    assert files_below(Path("cli")) == files_below(Path("library"))


def test_folders_and_patterns(clips: Path) -> None:
    """A folder of clips is each of them, a folder or a pattern of pictures is one clip; outputs are no inputs."""
    from gmmseg.files import write_picture

    (clips.parent / "walk").mkdir()
    for n in range(4):
        write_picture(clips.parent / "walk" / f"{n}.png", np.full((8, 9, 3), n, np.uint8))
    for _ in range(2):
        result = gmmseg("background", "clips", "walk", "walk/*.png", "--save", "mask", "-o", "clips", "--overwrite")
        assert result.exit_code == 0
        assert [line.split()[0] for line in result.stdout.splitlines()] == [
            "clips/a.mkv",
            "clips/b.mkv",
            "walk",
            "walk/*.png",
        ]


def test_json_and_bad_clips(clips: Path) -> None:
    """Every clip is one JSON object a line, bad ones too, in order; and a bad one does not stop the others."""
    (clips / "broken.mkv").write_bytes(b"no clip")
    (clips.parent / "empty").mkdir()
    words = ["clips/b.mkv", "clips/broken.mkv", "empty", "*.mp4", "missing.mp4", "clips/a.mkv"]
    result = gmmseg("background", *words, "--save", "csv", "--json")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [record["file"] for record in records] == words
    assert ["error" in record for record in records] == [False, True, True, True, True, False]
    assert len(result.stderr.splitlines()) == 4
    assert records[0]["frames"] == 12
    assert all(Path(path).is_file() for path in records[0]["outputs"])
    assert records[5]["interrupted"] is False


def test_a_clip_that_breaks_off_counts_as_failed(clips: Path) -> None:
    """What could be read of a damaged clip is worked on, and the exit code tells."""
    data = (clips / "a.mkv").read_bytes()
    (clips / "a.mkv").write_bytes(data[: len(data) * 2 // 3])
    result = gmmseg("background", "clips/a.mkv", "--save", "csv")
    assert result.exit_code == 1
    assert "frames" in result.stdout
    assert result.stderr.startswith("gmmseg: clips/a.mkv: ")


def test_what_is_done_is_skipped(clips: Path) -> None:
    """Clips whose outputs are there are skipped with a note, unless they are to be done again."""
    gmmseg("background", clips / "a.mkv", "--save", "csv")
    before = Path("background/a.frames.csv").stat().st_mtime_ns
    again = gmmseg("background", clips / "a.mkv", clips / "b.mkv", "--save", "csv")
    assert [line.split()[0] for line in again.stdout.splitlines()] == [str(clips / "b.mkv")]
    assert again.stderr == "gmmseg: skipped 1 of 2: their outputs are in background; --overwrite does them again\n"
    assert Path("background/a.frames.csv").stat().st_mtime_ns == before
    assert json.loads(gmmseg("background", clips / "a.mkv", "--save", "csv", "--json").stdout)["skipped"] is True
    assert "12 frames" in gmmseg("background", clips / "a.mkv", "--save", "csv", "--overwrite").stdout


def test_a_scene_that_was_learnt(clips: Path) -> None:
    """A saved state starts another clip."""
    assert gmmseg("background", clips / "a.mkv", "--save", "state").exit_code == 0
    words = ["--model", "background/a.state.npz", "--learning-rate", "0", "--save", "csv"]
    assert gmmseg("background", clips / "b.mkv", *words).exit_code == 0
    (clips.parent / "no.npz").write_bytes(b"no model")
    assert gmmseg("background", clips / "b.mkv", "--model", "no.npz", "-o", "other").exit_code == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--save", "masks"], "kinds of output"),
        (["--format", "avi"], "format among"),
        (["--format", "boxes=png"], "no clip"),
        (["--preset", "none such"], "preset among"),
        (["--from", "yesterday"], "h:mm:ss"),
        (["--to", "1:75"], "h:mm:ss"),
        (["--to", "1:2:3:4"], "h:mm:ss"),
        (["--roi", "missing.png"], "neither"),
        (["--roi", "1,2,0,4"], "one pixel"),
        (["--size", "640"], "640x480"),
        (["--every", "0"], "1"),
        (["--scale", "0"], "0"),
        (["--scale", "nan"], "number"),
        (["--learning-rate", "2"], "1"),
        (["--min-area", "-1"], "0"),
        (["--model", "missing.npz"], "does not exist"),
        (["--threads", "0"], "1"),
    ],
    ids=" ".join,
)
def test_wrong_words_are_refused_first(clips: Path, words: list[str], told: str) -> None:
    """A wrong option ends the command with 2 before anything is read or written."""
    result = gmmseg("background", clips / "a.mkv", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not Path("background").exists()


def test_no_window_no_work(clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no window can be shown, one line says so before any work."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    result = gmmseg("background", clips / "a.mkv", "--show")
    assert result.exit_code == 2
    assert "--show" in result.stderr
    assert not Path("background").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals as Unix has them")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_and_resumed(clips: Path, number: signal.Signals, code: int) -> None:
    """A signal leaves whole clips and a state, which is left alone until somebody says what to do with it."""
    made(clips / "long.mkv", 900, (120, 160))
    words = ["background", str(clips / "long.mkv"), "--save", "mask,csv"]
    with started(*words, cwd=clips.parent) as process:
        out = clips.parent / "background" / "long.frames.part.csv"
        while not out.exists() or out.stat().st_size < 100:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert "--resume goes on" in errors
    done = frames_in(Path("background/long.mask.mkv"))
    assert 0 < done < 900
    assert len(Path("background/long.frames.csv").read_text().splitlines()) == done + 1
    refused = gmmseg(*words)
    assert refused.exit_code == 1
    assert "--overwrite begins anew" in refused.stderr
    assert gmmseg(*words, "--resume").exit_code == 0
    assert gmmseg(*words, "-o", "whole").exit_code == 0
    assert files_below(Path("background")).keys() == files_below(Path("whole")).keys()
    assert Path("background/long.frames.csv").read_bytes() == Path("whole/long.frames.csv").read_bytes()
    assert frames_in(Path("background/long.mask.mkv")) == 900


@pytest.mark.skipif(sys.platform == "win32", reason="terminals as Unix has them")
def test_progress_is_for_terminals(clips: Path) -> None:
    """Frames, speed and remaining time are drawn on a terminal alone, and gone at the end."""
    import pty

    made(clips / "long.mkv", 300, (60, 80))
    ours, theirs = pty.openpty()
    process = started("background", clips / "long.mkv", "--save", "csv", cwd=clips.parent, stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux's word for the end
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"/300 frames" in shown
    assert shown.rstrip(b"\r").endswith(b" ")
