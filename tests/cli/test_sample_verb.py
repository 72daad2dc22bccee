"""gmmseg sample."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from command import files_below, gmmseg, started
from PIL import Image

from gmmseg.features import FeatureSpec
from gmmseg.lessons import sample
from gmmseg.mixture import Mixture
from gmmseg.segmentation import Model


@pytest.fixture(autouse=True)
def _models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model of colours in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    mixture = Mixture(
        np.array([0.5, 0.5]), np.array([[30.0, 40.0, 25.0], [75.0, -5.0, -30.0]]), np.full(2, 9.0), "spherical"
    )
    Model(mixture, FeatureSpec.parse("lab"), np.zeros((2, 3), np.uint8)).save("m.npz")


def test_rows_on_standard_output() -> None:
    """Rows go to standard output as CSV, the same as the library's."""
    said = gmmseg("sample", "m.npz", "-n", "7", "--seed", "3")
    assert said.exit_code == 0
    sample("m.npz", 7, seed=3).save("own.csv")
    assert said.stdout == Path("own.csv").read_text()
    assert said.stderr == ""


def test_files_of_all_kinds() -> None:
    """The suffix says what is written: a table, a picture of the colours, or a plot."""
    for name in ("s.csv", "deep/s.png", "s.svg"):
        said = gmmseg("sample", "m.npz", "-n", "40", "-o", name)
        assert said.exit_code == 0
        assert said.stdout == f"{name}  40 rows of 2 components\n"
    with Image.open("deep/s.png") as picture:
        assert np.array_equal(np.asarray(picture), sample("m.npz", 40).picture())
    record = json.loads(gmmseg("sample", "m.npz", "-o", "s.csv", "--json").stdout)
    assert record == {"model": "m.npz", "rows": 500, "columns": ["L*", "a*", "b*"], "components": 2, "output": "s.csv"}


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["none.npz"], 1, "none.npz"),
        (["text.npz"], 1, "expected a gmmseg model"),
        (["m.npz", "-n", "0"], 2, "'-n'"),
        (["m.npz", "-n", "999999999"], 2, "at most"),
        (["m.npz", "-o", "s.gif"], 2, "ends in"),
        (["m.npz", "-o", "-", "--json"], 2, "one standard output"),
        (["m.npz", "-o", "m.npz/s.csv"], 1, "m.npz is a file"),
    ],
)
def test_bad_words_of_sample(words: list[str], code: int, error: str) -> None:
    """What cannot be done ends in one line and a code, and writes nothing."""
    Path("text.npz").write_text("nothing")
    before = files_below(Path())
    said = gmmseg("sample", *words)
    assert said.exit_code == code
    assert error in said.stderr
    assert files_below(Path()) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_full_device(tmp_path: Path) -> None:
    """A standard output that takes no more ends the command in one line."""
    with Path("/dev/full").open("wb") as full, started("sample", tmp_path / "m.npz", stdout=full) as process:
        assert process.wait(timeout=60) == 1
        assert process.stderr is not None
        assert process.stderr.read() == "gmmseg: cannot write to standard output: No space left on device\n"
