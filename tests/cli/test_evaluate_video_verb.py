"""Foreground masks of made clips scored from the command line."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from command import gmmseg
from PIL import Image

from gmmseg import video

HEIGHT, WIDTH, FRAMES = 40, 48, 30


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two clips of a bright square that comes in late, over noise."""
    for name in ("one", "two"):
        folder = tmp_path / "made" / name
        for part in ("input", "groundtruth"):
            (folder / part).mkdir(parents=True)
        random = np.random.default_rng(len(name))
        for number in range(1, FRAMES + 1):
            truth = np.zeros((HEIGHT, WIDTH), bool)
            if number > 20:
                truth[10:28, number - 15 : number + 5] = True
            pixels = np.where(truth[..., None], 200, 60) + random.integers(-4, 5, (HEIGHT, WIDTH, 3))
            Image.fromarray(pixels.astype(np.uint8)).save(folder / "input" / f"in{number:06d}.png")
            if number > 18:
                path = folder / "groundtruth" / f"gt{number:06d}.png"
                Image.fromarray(np.where(truth, 255, 0).astype(np.uint8)).save(path)
    return tmp_path


def test_table(data: Path) -> None:
    """Each clip is a row, then each category, then the two means."""
    result = gmmseg("evaluate", "video", data)
    assert result.exit_code == 0
    rows = result.stdout.splitlines()
    assert rows[0].split() == [
        *("setting", "of", "clips", "recall", "specificity", "fpr", "fnr", "pwc", "precision", "f")
    ]
    assert [row.split("  ")[1].strip() for row in rows[1:]] == [
        *("made/one", "made/two", "made", "mean of categories", "mean of clips")
    ]
    assert float(rows[-1].split()[-1]) > 0.5
    assert len(gmmseg("evaluate", "video", data, "--only", "two").stdout.splitlines()) == 2


def test_presets_and_peers(data: Path) -> None:
    """Presets and OpenCV's models are settings beside each other, each once."""
    pytest.importorskip("cv2")
    preset = next(iter(video.PRESETS))
    words = ["--preset", preset, "--preset", preset, "--peer", "mog2,knn,mog2", "--only", "one", "--json"]
    record = json.loads(gmmseg("evaluate", "video", data, *words).stdout)
    assert [row["setting"] for row in record["scores"]] == [preset, "mog2", "knn"]
    assert all(row["frames"] == FRAMES and row["scored"] == 12 for row in record["scores"])
    assert {"brier", "calibration_error", "f"} <= set(record["summary"][0])


def test_files(data: Path, tmp_path: Path) -> None:
    """The reliability is drawn, and the counts of every frame are written."""
    drawing, table = tmp_path / "r.svg", tmp_path / "frames.csv"
    result = gmmseg("evaluate", "video", data, "--reliability", drawing, "--per-frame", table)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].split()[-2:] == ["calibration_error", "brier"]
    assert drawing.read_text().startswith("<svg")
    with table.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 24
    assert rows[-1]["frame"] == str(FRAMES)


def test_failures(data: Path) -> None:
    """A clip with a broken picture is one line, and the others count."""
    (data / "made" / "one" / "input" / "in000003.png").write_bytes(b"no picture")
    result = gmmseg("evaluate", "video", data, "--jobs", "1")
    assert result.exit_code == 1
    assert result.stderr.startswith("gmmseg: made/one, ")
    assert result.stderr.count("\n") == 1
    assert len(result.stdout.splitlines()) == 2


def test_wrong_words(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown presets and peers, other pictures than SVG and folders of another layout are told at once."""
    for words in (["--preset", "x"], ["--peer", "mog3"], ["--peer", ""], ["--reliability", "r.png"], ["--jobs", "0"]):
        assert gmmseg("evaluate", "video", data, *words).exit_code == 2
    result = gmmseg("evaluate", "video", data / "made" / "one" / "input")
    assert result.exit_code == 1
    assert result.stderr.startswith("gmmseg: cannot read")
    monkeypatch.setitem(sys.modules, "cv2", None)
    result = gmmseg("evaluate", "video", data, "--peer", "mog2")
    assert result.exit_code == 2
    assert "pip install opencv-python-headless" in result.stderr
