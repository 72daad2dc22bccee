"""gmmseg table: files in, memberships, parameters and pictures out."""

from __future__ import annotations

import csv
import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from command import files_below, gmmseg, started
from scipy import sparse

import gmmseg as package


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two small tables; we are in the folder above."""
    random = np.random.default_rng(1)
    folder = tmp_path / "tables"
    folder.mkdir()
    for name, shift in (("a", 0), ("b", 3)):
        marks = np.concatenate([random.normal(30 + shift, 4, 40), random.normal(70 + shift, 5, 60)]).round()
        lines = [f"s{place};{mark:.0f};{place % 7}" for place, mark in enumerate(marks)]
        (folder / f"{name}.csv").write_text("\n".join(["who;mark;room", *lines]), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def test_one_table(tables: Path) -> None:
    """A table becomes memberships, parameters and a picture, and its clusters are told in a line each."""
    result = gmmseg("table", tables / "a.csv", "--columns", "mark")
    assert result.exit_code == 0
    assert result.stderr == ""
    first, *clusters = result.stdout.splitlines()
    name, size, found, _, place = first.split("  ")
    assert (name, size, found.split(",")[0]) == (str(tables / "a.csv"), "100 × 1", "2 clusters")
    assert place == "clusters/a-*"
    assert len(clusters) == 2
    assert "40 rows  mark 29.9" in clusters[0]
    assert sorted(files_below(Path("clusters"))) == ["a-memberships.csv", "a-parameters.csv", "a-picture.png"]


def test_what_the_verb_does_the_library_does(tables: Path) -> None:
    """The command writes what the library writes with the same options."""
    words = ["--columns", "2-3", "--id", "who", "--covariance", "spherical", "--no-standardise", "--missing", "mean"]
    words += ["--criterion", "aic", "--seed", "4", "--save", "memberships,parameters,picture"]
    assert gmmseg("table", tables / "a.csv", "-k", "2,3", *words, "-o", "cli").exit_code == 0
    found = package.table(
        tables / "a.csv",
        (2, 3),
        columns="2-3",
        row_names="who",
        covariance="spherical",
        standardise=False,
        missing="mean",
        criterion="aic",
        seed=4,
    )
    found.save("library")
    assert files_below(Path("cli")) == files_below(Path("library"))


def test_many_tables(tables: Path) -> None:
    """A folder stands for its tables; one bad one among them is told of, and the others go on."""
    (tables / "bad.csv").write_text("a,b\n1,2\n3\n")
    (tables / "notes.txt").write_text("not meant")
    result = gmmseg("table", tables, "-k", "2", "--save", "memberships", "--json")
    assert result.exit_code == 1
    assert result.stderr == (
        f"gmmseg: cannot read {tables / 'bad.csv'}: expected 2 fields in every line, as in line 1; "
        "got 1 field in line 3; mend that line\n"
    )
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [Path(record["file"]).name for record in records] == ["a.csv", "b.csv", "bad.csv"]
    assert records[0]["k"] == 2
    assert records[0]["clusters"][0]["rows"] in {40, 60}
    assert "error" in records[2]


def test_done_is_skipped(tables: Path) -> None:
    """What is there is not done again, unless it is to be."""
    words = ["table", str(tables / "a.csv"), "-k", "2", "--save", "parameters"]
    gmmseg(*words)
    path = Path("clusters/a-parameters.csv")
    path.write_text("mine")
    assert "skipped 1 of 1" in gmmseg(*words).stderr
    assert path.read_text() == "mine"
    gmmseg(*words, "--overwrite")
    assert path.read_text() != "mine"


def test_models(tables: Path) -> None:
    """A model that was saved assigns another table; what it says cannot be said otherwise."""
    gmmseg("table", tables / "a.csv", "--columns", "mark", "-k", "2", "--save", "model,memberships")
    model = "clusters/a-model.npz"
    assert gmmseg("table", tables / "b.csv", "--model", model, "-o", "out").exit_code == 0
    with Path("out/b-memberships.csv").open(newline="") as file:
        labels = [row["cluster"] for row in csv.DictReader(file)]
    assert labels[:40].count("0") > 38
    result = gmmseg("table", tables / "b.csv", "--model", model, "-k", "3")
    assert result.exit_code == 2
    assert "expected --model or -k" in result.stderr
    assert gmmseg("table", tables / "b.csv", "--model", tables / "a.csv").exit_code == 1
    assert "expected a folder" in gmmseg("table", tables / "b.csv", "-o", "-").stderr


def test_standard_input(tables: Path) -> None:
    """A table may come through a pipe."""
    data = (tables / "a.csv").read_bytes()
    result = gmmseg("table", "-", "-k", "2", "--save", "memberships", stdin=data)
    assert result.exit_code == 0
    assert list(files_below(Path("clusters"))) == ["stdin-memberships.csv"]


def test_documents(tables: Path) -> None:
    """Sparse tables and lists of words go together."""
    rows = np.kron(np.eye(3), np.ones((30, 25))) * np.random.default_rng(0).random((90, 75))
    sparse.save_npz(tables / "docs.npz", sparse.csr_array(rows))
    Path("words.txt").write_text("\n".join(f"w{j}" for j in range(75)))
    result = gmmseg("table", tables / "docs.npz", "-k", "3", "--names", "words.txt")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()[1:]
    assert [line.split()[2:4] for line in lines] == [["30", "rows"]] * 3
    assert all(word.startswith("w") for line in lines for word in line.split()[4:])
    result = gmmseg("table", tables / "docs.npz", "-k", "3", "--covariance", "full", "--overwrite")
    assert result.exit_code == 1
    assert "expected a covariance" in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-k", "0"], "at least 1"),
        (["-k", "2,auto"], "whole numbers"),
        (["-k", "two"], "whole number"),
        (["--save", "movie"], "kinds"),
        (["--covariance", "round"], "round"),
        (["--names", "none.txt"], "none.txt"),
    ],
)
def test_wrong_usage(tables: Path, words: list[str], message: str) -> None:
    """Options that make no sense end with 2 before anything is read or written."""
    result = gmmseg("table", tables / "a.csv", *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not Path("clusters").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"a,b\nx,y\nz,w\n", "column of numbers"),
        (b"a\n1\0\n", "null bytes"),
        (b"a,b\n1,\n,2\n", "without missing values"),
        (b"\x93NUMPY", "NumPy"),
        (b"PK\x03\x04", "NumPy"),
        (b"a\n" + b"1e300\n2e300\n" * 4, "rescale"),
        (b'a\n"' + b"9" * 200_000, "131,072"),
    ],
)
def test_bad_tables(tables: Path, content: bytes, words: str) -> None:
    """A table that cannot be worked with is told of in one line, and leaves no file."""
    path = tables / "bad.csv"
    path.write_bytes(content)
    result = gmmseg("table", path)
    assert result.exit_code == 1
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Path("clusters").exists()


def test_unwritable(tables: Path) -> None:
    """A folder that is a file is refused before any work."""
    result = gmmseg("table", tables / "a.csv", "-o", tables / "b.csv")
    assert result.exit_code == 1
    assert "is a file" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_interrupted(tables: Path) -> None:
    """Ctrl-C ends the work at once with 130, one line and no half-written file."""
    random = np.random.default_rng(0)
    np.save(tables / "large.npy", random.normal(size=(400_000, 8)))
    process = started("table", tables / "large.npy", "-k", "12", "--covariance", "full")
    time.sleep(3)
    os.kill(process.pid, signal.SIGINT)
    output, complaint = process.communicate(timeout=20)
    assert process.returncode == 130
    assert output == ""
    assert complaint == "gmmseg: interrupted\n"
    assert not Path("clusters").exists() or not files_below(Path("clusters"))
