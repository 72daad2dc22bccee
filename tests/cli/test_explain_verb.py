"""gmmseg explain."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from command import files_below, gmmseg, small_photo, started
from PIL import Image

from gmmseg.lessons import explain
from gmmseg.lessons.kinds import KINDS, USUAL


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of the test's own, with a table in it."""
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    rows = np.concatenate([random.normal(0, 1, (40, 2)), random.normal(6, 1, (40, 2))])
    Path("t.csv").write_text("width,height\n" + "".join(f"{x:.4f},{y:.4f}\n" for x, y in rows))


def test_a_table(tmp_path: Path) -> None:
    """The verb writes what the library writes, and tells it in a line and as JSON."""
    said = gmmseg("explain", "t.csv", "-k", "2", "--save", "strip,svg,csv", "-o", "out")
    assert said.exit_code == 0
    assert said.stdout.startswith("out/t-strip.png out/t-strip.svg out/t-climb.csv  2 components of 80 rows  converged")
    explain("t.csv", 2).save(tmp_path / "own", "strip,svg,csv")
    assert files_below(Path("out")) == files_below(Path("own"))
    record = json.loads(
        gmmseg("explain", "t.csv", "-k", "2", "--covariance", "all", "--save", "csv", "-o", "all", "--json").stdout
    )
    assert [one["covariance"] for one in record["fits"]] == ["full", "diag", "tied", "spherical"]
    assert record["outputs"] == ["all/t-climb.csv"]


def test_a_photo_and_its_animation() -> None:
    """A picture is explained with a strip and a GIF by default, which is not large."""
    small_photo(Path("p.png"))
    said = gmmseg("explain", "p.png", "-k", "2", "--at", "0,1", "--start", "kmeans++")
    assert said.exit_code == 0
    assert sorted(files_below(Path("lesson"))) == ["p-steps.gif", "p-strip.png"]
    assert Path("lesson/p-steps.gif").stat().st_size < 2_000_000
    with Image.open("lesson/p-steps.gif") as animation:
        assert animation.n_frames > 2  # type: ignore[attr-defined]


def test_done_is_not_done_again() -> None:
    """Outputs that are there are kept, unless they are to be overwritten."""
    words = ["explain", "t.csv", "-k", "2", "--save", "csv"]
    gmmseg(*words)
    Path("lesson/t-climb.csv").write_text("mine")
    said = gmmseg(*words)
    assert said.exit_code == 0
    assert "skipped t.csv" in said.stderr
    assert Path("lesson/t-climb.csv").read_text() == "mine"
    gmmseg(*words, "--overwrite")
    assert Path("lesson/t-climb.csv").read_text() != "mine"


def test_standard_input() -> None:
    """Tables and pictures come through standard input."""
    assert gmmseg("explain", "-", "-k", "2", "--save", "csv", stdin=Path("t.csv").read_bytes()).exit_code == 0
    small_photo(Path("p.png"))
    said = gmmseg("explain", "-", "-k", "2", "--save", "strip", stdin=Path("p.png").read_bytes())
    assert said.exit_code == 0
    assert sorted(files_below(Path("lesson"))) == ["lesson-climb.csv", "lesson-strip.png"]


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["none.csv"], 1, "cannot read none.csv"),
        (["none.png"], 1, "cannot read none.png"),
        (["t.csv", "-k", "81"], 1, "different rows"),
        (["t.csv", "--columns", "depth"], 1, "expected columns"),
        (["t.csv", "--features", "lab"], 1, "expected features of a picture"),
        (["t.csv", "-k", "0"], 2, "'-k'"),
        (["t.csv", "--at", "0,x"], 2, "'--at'"),
        (["t.csv", "--save", "film"], 2, "'--save'"),
        (["t.csv", "--versus", "dbscan"], 2, "'--versus'"),
        (["t.csv", "-o", "-"], 2, "expected a folder"),
        (["t.csv", "-o", "t.csv"], 1, "t.csv is a file"),
        (["t.csv", "-o", "t.csv/x"], 1, "t.csv is a file"),
        ([], 2, "INPUT"),
    ],
)
def test_bad_words(words: list[str], code: int, error: str) -> None:
    """What cannot be done ends in one line and a code, and writes nothing."""
    said = gmmseg("explain", *words)
    assert said.exit_code == code
    assert error in said.stderr
    assert code == 2 or len(said.stderr.splitlines()) == 1
    assert not Path("lesson").exists() or not files_below(Path("lesson"))


def test_kinds_in_help_are_the_librarys() -> None:
    """The kinds of output and the usual ones in the help are those of the library."""
    said = " ".join(gmmseg("explain", "--help").stdout.split())
    assert all(about in said for about in KINDS.values())
    assert f"[default: {','.join(USUAL)}]" in said


def test_interrupted_lesson(tmp_path: Path) -> None:
    """Ctrl-C ends an animation in one line and leaves nothing half-written."""
    with started(
        "explain", tmp_path / "t.csv", "-k", "9", "--covariance", "all", "--save", "mp4,gif", "-o", tmp_path / "out"
    ) as process:
        deadline = time.monotonic() + 30
        while not (tmp_path / "out").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stderr is not None
        assert process.stderr.read() == "gmmseg: interrupted\n"
    assert files_below(tmp_path / "out") == {}
