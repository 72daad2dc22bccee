"""A list of names, a line each, such as the words of a vocabulary."""

from __future__ import annotations

from typing import Any

from gmmseg.errors import FileError
from gmmseg.files.sources import opened


def lines_of(source: Any) -> list[str]:
    """The lines of a text in UTF-8 or Latin-1, without blanks at their ends; empty ones at the end do not count."""
    with opened(source, "list") as file:
        data, name = file.file.read(), file.shown
    if b"\0" in data:
        raise FileError(f"cannot read {name}: expected names, a line each; got null bytes; save it as text in UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    lines = [line.strip() for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        raise FileError(f"cannot read {name}: expected names, a line each; got an empty file; check it")
    return lines
