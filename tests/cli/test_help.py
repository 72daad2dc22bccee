"""Help, version, wrong usage: everything that comes before any work."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import gmmseg, small_photo

import gmmseg as package
from gmmseg.cli import options
from gmmseg.features.spec import _NAMES
from gmmseg.files import MAX_PIXELS
from gmmseg.mixture.families import FAMILIES
from gmmseg.mixture.starts import STARTS
from gmmseg.outputs import KINDS, USUAL
from gmmseg.segmentation import Space

HEAVY = {"numba", "av", "cv2", "scipy", "skimage", "PIL", "tifffile", "imagecodecs", "sklearn", "matplotlib"}
VERBS = [
    "segment",
    "fit",
    "apply",
    "regions",
    "cutout",
    "patches",
    "collection",
    "background",
    "plate",
    "anomaly",
    "table",
    "explain",
    "sample",
    "info",
    "evaluate",
]
HELPS = [
    ["--help"],
    *([verb, "--help"] for verb in VERBS),
    ["evaluate", "segments", "--help"],
    ["evaluate", "regions", "--help"],
]


@pytest.mark.parametrize("words", HELPS, ids=" ".join)
def test_help_has_an_example(words: list[str]) -> None:
    """Every help text ends well and shows how the verb is used."""
    result = gmmseg(*words)
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: gmmseg")
    assert "Example" in result.stdout or words == ["evaluate", "--help"]
    assert gmmseg(*words[:-1], "-h").stdout == result.stdout


@pytest.mark.parametrize("words", HELPS, ids=" ".join)
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    """Help imports neither the engine nor any library of pictures, and only the verb it is about."""
    code = (
        "import sys\nfrom gmmseg.cli import program\n"
        f"try: program.main({words})\nexcept SystemExit: pass\nprint('\\n', *sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(run.stdout.splitlines()[-1].split())
    assert not HEAVY & loaded
    assert {verb for verb in VERBS if f"gmmseg.cli.{verb}" in loaded} == set(words[:1]) & set(VERBS)


def test_help_is_quick() -> None:
    """Help is there before anyone wonders: a quarter of a second, and as much again twice on a busy machine."""
    times = []
    for _ in range(6):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "gmmseg", "segment", "--help"], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    assert statistics.median(times[1:]) < 0.75


def test_version() -> None:
    """The version is the package's."""
    assert gmmseg("--version").stdout == f"gmmseg {package.__version__}\n"


def test_help_says_what_the_library_does() -> None:
    """Choices and defaults in the help are those of the library."""
    text = " ".join(gmmseg("segment", "--help").stdout.split())
    assert f"[{'|'.join(FAMILIES)}]" in text
    assert f"[{'|'.join(STARTS)}]" in text
    assert all(re.search(rf"\b{name}\b", text) for name in _NAMES)
    assert all(f" {kind} " in text for kind in KINDS)
    assert f"[default: {','.join(USUAL)}]" in text
    for name in ("smooth", "min_area", "join"):
        assert re.search(rf"--{name.replace('_', '-')} X [^\[]*\[default: {getattr(Space, name)}\]", text)
    assert options._MAX_PIXELS == MAX_PIXELS


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-k", "0"], 'at least 1, or "auto"'),
        (["-k", "2.5"], "whole number"),
        (["-k", "²"], "whole number"),
        (["--features", "lab,colour"], "among rgb, lab"),
        (["--features", "xy:0"], "weight above 0"),
        (["--covariance", "round"], "full"),
        (["--start", "path"], "kmeans"),
        (["--seed", "-1"], "0"),
        (["--smooth", "nan"], "expected a number"),
        (["--smooth", "21"], "20"),
        (["--min-area", "-0.1"], "0"),
        (["--join", "2"], "1"),
        (["--page", "0"], "1"),
        (["--max-pixels", "0"], "1"),
        (["--save", "labels,nothing"], "expected kinds among labels"),
        (["--depth", "12"], "16"),
        (["--palette", "pale"], "distinct"),
        (["--jobs", "0"], "1"),
        (["--mask", "missing.png"], "does not exist"),
        (["--what"], "No such option"),
    ],
    ids=" ".join,
)
def test_wrong_options_are_refused_first(words: list[str], told: str, tmp_path: Path) -> None:
    """A wrong option ends the command with 2 before anything is read or written."""
    photo = small_photo(tmp_path / "a.png")
    result = gmmseg("segment", photo, "-o", tmp_path / "out", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [["segment"], ["fit", "a.jpg"], ["apply", "m.npz"], ["paint"], ["evaluate", "x"]])
def test_wrong_usage(words: list[str]) -> None:
    """Missing arguments and verbs that do not exist are wrong usage."""
    result = gmmseg(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr


def test_kinds_of_clips_complete() -> None:
    """The shell completes a clip's kinds too, and the help has them all."""
    from gmmseg.cli.background import background
    from gmmseg.footage import KINDS as CLIP_KINDS
    from gmmseg.footage import USUAL as CLIP_USUAL

    (option,) = [parameter for parameter in background.params if parameter.name == "save"]
    with background.make_context("background", ["x"]) as context:
        assert [word.value for word in option.shell_complete(context, "mask,over")] == ["mask,overlay"]
    text = " ".join(gmmseg("background", "--help").stdout.split())
    assert all(f" {kind} " in text for kind in CLIP_KINDS)
    assert f"[default: {','.join(CLIP_USUAL)}]" in text


def test_kinds_complete() -> None:
    """The shell completes the kind behind the last comma."""
    from gmmseg.cli.segment import segment

    (option,) = [parameter for parameter in segment.params if parameter.name == "kinds"]
    with segment.make_context("segment", ["x"]) as context:
        assert [word.value for word in option.shell_complete(context, "csv,lab")] == ["csv,labels"]
