"""Trees of regions of a made-up data set scored from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from command import gmmseg, small_photo
from scipy.io import savemat

HALVES = np.where(np.arange(60) < 30, 1, 2) * np.ones((40, 1), int)
LINE = np.arange(60) == 29


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two small photos on each of which two people drew halves."""
    (tmp_path / "groundTruth" / "val").mkdir(parents=True)
    for number in range(2):
        small_photo(tmp_path / "images" / "val" / f"{number}.jpg", 100 + 60 * number)
        cells = np.empty((1, 2), object)
        for i in range(2):
            drawn = (LINE * np.ones((40, 1))).astype(np.uint8)
            cells[0, i] = {"Segmentation": HALVES.astype(np.uint16), "Boundaries": drawn}
        savemat(tmp_path / "groundTruth" / "val" / f"{number}.mat", {"groundTruth": cells})
    return tmp_path


def test_table(data: Path) -> None:
    """The usual cut, the best detail and the best per image are rows; people too where they are wanted."""
    result = gmmseg("evaluate", "regions", data, "--people", "--boundaries")
    assert result.exit_code == 0
    rows = result.stdout.splitlines()
    columns = ["setting", "images", "pri", "voi", "covering", "precision", "recall", "f", "regions", "seconds"]
    assert rows[0].split() == columns
    assert [row.split("  ")[0] for row in rows[1:5]] == ["default (0.5)", "best detail", "best per image", "people"]
    assert rows[4].split() == ["people", "2", "1.000", "0.000", "1.000", "1.000", "1.000", "1.000", "2.000"]
    assert rows[5].startswith("best details: pri ")
    assert "average precision" in rows[5]
    assert len(gmmseg("evaluate", "regions", data, "-q").stdout.splitlines()) == 4


def test_json(data: Path) -> None:
    """Summary, best details and every cut's score come as JSON, of as many photos as wanted."""
    record = json.loads(gmmseg("evaluate", "regions", data, "--limit", "1", "--json", "--seed", "3").stdout)
    assert [row["setting"] for row in record["summary"]] == ["default (0.5)", "best detail", "best per image"]
    assert set(record["best_details"]) == {"pri", "voi", "covering"}
    assert {score["image"] for score in record["scores"]} == {"0"}
    assert len(record["scores"]) == 49
    assert record["average_precision"] is None


def test_failures(data: Path) -> None:
    """A photo that cannot be read is one line, and the others count."""
    (data / "images" / "val" / "0.jpg").write_bytes(b"no picture")
    result = gmmseg("evaluate", "regions", data, "--jobs", "1")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("gmmseg: 0: cannot read")
    assert result.stdout.splitlines()[1].split()[2] == "1"
    (data / "groundTruth" / "val" / "1.mat").write_bytes(b"no annotations")
    result = gmmseg("evaluate", "regions", data, "--people", "--json")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 2
    assert json.loads(result.stdout)["gap"] is None


def test_wrong_data(data: Path) -> None:
    """A folder of another layout, or another split, is told in one line."""
    for words in ([data / "images"], [data, "--split", "test"]):
        result = gmmseg("evaluate", "regions", *words)
        assert result.exit_code == 1
        assert result.stderr.startswith("gmmseg: cannot read")
        assert result.stderr.count("\n") == 1
