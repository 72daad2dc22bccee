"""The package as a whole."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

import gmmseg
from gmmseg.cli import program

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


@pytest.mark.parametrize(
    "line", [line for block in blocks("sh") for line in block.splitlines() if line[:6] == "gmmseg"]
)
def test_commands_of_the_readme_are_understood(line: str) -> None:
    """Every verb and option that the README shows is one that the command has."""
    words = shlex.split(line, comments=True)[1:]
    command: click.Command = program
    context = click.Context(command)
    while isinstance(command, click.Group):
        found = command.get_command(context, words.pop(0))
        assert found is not None
        command = found
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words if word.startswith("-") and word != "-"} <= options


def test_unknown_names_are_refused() -> None:
    """The package has no other names than its own."""
    with pytest.raises(AttributeError, match="nonsense"):
        gmmseg.nonsense  # noqa: B018
    assert all(hasattr(gmmseg, name) for name in gmmseg.__all__)
