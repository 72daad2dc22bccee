"""The command line run inside the tests' own process or in one of its own, on small photos."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from PIL import Image

from gmmseg.cli import program

REPOSITORY = Path(__file__).resolve().parents[2]


def gmmseg(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    """Run in this process; anything but an exit code is a failure of the test."""
    return CliRunner().invoke(program, [str(word) for word in arguments], input=stdin, catch_exceptions=False)


def started(*arguments: str | Path, **options: Any) -> subprocess.Popen[Any]:
    """A process that runs the command, with pipes for what it says."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options}
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen([sys.executable, "-m", "gmmseg", *map(str, arguments)], env=environment, **options)


def small_photo(path: Path, left: int = 200, size: tuple[int, int] = (60, 40)) -> Path:
    """A piece of a sample photo, written to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(REPOSITORY / "images" / "coffee.jpg") as photo:
        photo.crop((left, 100, left + size[0], 100 + size[1])).save(path)
    return path


def files_below(folder: Path) -> dict[str, bytes]:
    """The bytes of all files, by their path below the folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
