"""The order of the rooms: a room imports only from rooms to its left, and from what stands above all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import gmmseg

ROOMS = (
    "files",
    "features",
    "mixture",
    "figures",
    "segmentation",
    "video",
    "outputs",
    "footage",
    "patchwork",
    "albums",
    "anomalies",
    "tables",
    "lessons",
    "parts",
    "subjects",
    "evaluate",
    "cli",
)
ABOVE = {"__init__", "archives", "arguments", "arrays", "atomic", "bands", "choosing", "compiled", "crew", "errors"}
UPWARD = {
    ("segmentation/segmentation.py", "outputs"): "Segmentation.save is the way to outputs that people look for first",
}
"""Imports from a room to the right, and why: {(file, room): reason}."""
SOURCE = Path(gmmseg.__file__).parent


def imported(path: Path) -> Iterator[str]:
    """The rooms, or files above them, that a file imports at any place, its types included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            whole = node.module == "gmmseg"
            names = [f"gmmseg.{alias.name}" for alias in node.names] if whole else [node.module]
        for name in names:
            first, _, rest = name.partition(".")
            if first == "gmmseg" and rest:
                yield rest.partition(".")[0]


def files_of(room: str) -> list[Path]:
    """All of a room."""
    return sorted((SOURCE / room).rglob("*.py"))


def test_every_package_is_a_room() -> None:
    """No package stands outside the order but scikit-learn's face, which is a second end of the line."""
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert packages == {*ROOMS, "sklearn"}
    assert {path.stem for path in SOURCE.glob("*.py")} == ABOVE | {"__main__"}


@pytest.mark.parametrize("room", ROOMS)
def test_imports_go_left(room: str) -> None:
    """A room knows itself, rooms to its left and what is above all rooms, be it by an import inside a function."""
    known = {*ROOMS[: ROOMS.index(room) + 1], *ABOVE, "__version__"}
    wrong = {
        (path.relative_to(SOURCE).as_posix(), name)
        for path in files_of(room)
        for name in imported(path)
        if name not in known
    }
    assert wrong == {key for key in UPWARD if key[0].split("/")[0] == room}


def test_what_is_above_knows_no_room() -> None:
    """What all rooms use imports from none of them; gmmseg itself does so for types alone."""
    for name in ABOVE - {"__init__"}:
        assert set(imported(SOURCE / f"{name}.py")) <= ABOVE, name
