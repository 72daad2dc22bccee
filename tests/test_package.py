"""The package as a whole."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import gmmseg

REPOSITORY = Path(__file__).resolve().parent.parent


def test_import_is_quick_and_light() -> None:
    """Importing gmmseg brings in nothing heavy."""
    code = "import sys, gmmseg; print(*sorted({'numba', 'matplotlib', 'cv2', 'scipy', 'numpy'} & set(sys.modules)))"
    start = time.perf_counter()
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == ""
    assert time.perf_counter() - start < 2


def test_version_is_the_latest_in_the_changelog() -> None:
    """The newest heading of the changelog is the version of the package."""
    newest = re.search(r"^## (\S+)", (REPOSITORY / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == gmmseg.__version__


def blocks(language: str) -> list[str]:
    text = (REPOSITORY / "README.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", blocks("python"))
def test_python_of_the_readme_runs(block: str, tmp_path: Path) -> None:
    """Every Python block of the README runs as it stands, from the repository's folder."""
    (tmp_path / "images").symlink_to(REPOSITORY / "images")
    subprocess.run([sys.executable, "-W", "error", "-c", block], cwd=tmp_path, check=True, timeout=120)


def test_commands_of_the_readme_exist() -> None:
    """Every script that the README names is there."""
    named = {word for block in blocks("sh") for word in re.findall(r"scripts/\w+", block)}
    assert named
    for script in named:
        assert (REPOSITORY / script).exists(), script


def test_demo_draws_a_photo(tmp_path: Path) -> None:
    """The demo prints a mixture and leaves a picture."""
    run = subprocess.run(
        [sys.executable, REPOSITORY / "scripts" / "fit_colours.py"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "5 components" in run.stdout
    assert (tmp_path / "coffee-mixture.png").stat().st_size > 10_000


@pytest.mark.parametrize("arguments", [["missing.jpg"], [__file__], ["--", "x"], [str(REPOSITORY)]])
def test_demo_refuses_in_one_line(arguments: list[str], tmp_path: Path) -> None:
    """A photo that cannot be read gets one line and an exit code."""
    run = subprocess.run(
        [sys.executable, REPOSITORY / "scripts" / "fit_colours.py", *arguments],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert run.stderr.startswith("fit_colours:")
    assert run.stderr.count("\n") == 1
