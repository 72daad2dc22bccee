"""Segmentations of a made-up data set scored from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from command import gmmseg, small_photo
from scipy.io import savemat


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two small photos on each of which one annotator drew two halves."""
    for number in range(2):
        small_photo(tmp_path / "images" / "val" / f"{number}.jpg", 100 + 60 * number)
        halves = np.where(np.arange(60) < 30, 1, 2) * np.ones((40, 1), int)
        cells = np.empty((1, 1), object)
        cells[0, 0] = {"Segmentation": halves.astype(np.uint16), "Boundaries": np.zeros((40, 60), np.uint8)}
        (tmp_path / "groundTruth" / "val").mkdir(parents=True, exist_ok=True)
        savemat(tmp_path / "groundTruth" / "val" / f"{number}.mat", {"groundTruth": cells})
    return tmp_path


def test_table(data: Path) -> None:
    """Each setting is a row, and with several the best are told."""
    result = gmmseg("evaluate", "segments", data, "-k", "2,3,2")
    assert result.exit_code == 0
    rows = result.stdout.splitlines()
    assert rows[0].split()[:5] == ["setting", "images", "pri", "voi", "covering"]
    assert [row.split("  ")[0] for row in rows[1:]] == ["k=2", "k=3", "best setting", "best per image"]
    assert len(gmmseg("evaluate", "segments", data, "-k", "2").stdout.splitlines()) == 2


def test_json(data: Path) -> None:
    """The scores come as JSON, of labels or of regions, of as many photos as wanted."""
    result = gmmseg("evaluate", "segments", data, "-k", "2", "--labels", "--boundaries", "--limit", "1", "--json")
    record = json.loads(result.stdout)
    (score,) = record["scores"]
    assert (score["setting"], score["image"], score["regions"]) == ("k=2", "0", 2)
    assert {"pri", "voi", "covering", "precision", "recall", "f"} <= set(record["summary"][0])


def test_failures(data: Path) -> None:
    """A photo that cannot be scored is a line for each setting, and the others count."""
    (data / "images" / "val" / "0.jpg").write_bytes(b"no picture")
    result = gmmseg("evaluate", "segments", data, "-k", "2,3", "--jobs", "1")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 2
    assert result.stderr.startswith("gmmseg: 0, k=2: cannot read")
    assert result.stdout.splitlines()[1].split()[1] == "1"


def test_wrong_data(data: Path) -> None:
    """A folder of another layout, or another split, is told in one line."""
    for words in ([data / "images"], [data, "--split", "test"]):
        result = gmmseg("evaluate", "segments", *words)
        assert result.exit_code == 1
        assert result.stderr.startswith("gmmseg: cannot read")
        assert result.stderr.count("\n") == 1
