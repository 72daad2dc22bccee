"""Where a picture, or a table, comes from: a path, standard input, bytes or a file that is open."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike, fsdecode, fspath
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from gmmseg.errors import FileError, InputError

STDIN = "-"


def shown(name: str) -> str:
    """A file's name that fits in one line and any encoding."""
    text = name.encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else "�" for letter in text)


@dataclass(frozen=True)
class Opened:
    """A seekable binary file, what messages call it, and what it is called where it lies (if anything)."""

    file: BinaryIO
    shown: str
    path: PurePath


@contextmanager
def opened(source: Any, what: str = "picture") -> Iterator[Opened]:
    """What can be read of a path, "-", bytes or a binary file object; `what` it should be, in one word."""
    if isinstance(source, bytes | bytearray | memoryview):
        yield Opened(io.BytesIO(source), "the given bytes", PurePath())
    elif isinstance(source, str | PathLike):
        path = fsdecode(fspath(source))
        if path == STDIN:
            yield Opened(_standard_input(what), "standard input", PurePath("standard input"))
        else:
            with _opened_path(path, what) as file:
                yield Opened(file, shown(path), PurePath(path))
    elif callable(getattr(source, "read", None)):
        name = getattr(source, "name", "")
        path = name if isinstance(name, str) else ""  # files that were opened by number are called by it
        yield Opened(_copied(source), shown(path or "the given file"), PurePath(path))
    else:
        raise InputError(
            f"expected a {what} as a path, -, bytes, an open file or an array; got {type(source).__name__}"
        )


def _standard_input(what: str) -> BinaryIO:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None or sys.stdin.isatty():
        got = "none" if stream is None else "a terminal"
        raise InputError(f"expected a {what} on standard input; got {got}; pipe a {what} in, or name a file")
    return io.BytesIO(stream.read())


def _copied(source: Any) -> BinaryIO:
    data = source.read()
    if not isinstance(data, bytes):
        raise InputError("expected a file that is open for bytes; got one for text; open it with mode 'rb'")
    return io.BytesIO(data)


@contextmanager
def _opened_path(path: str, what: str) -> Iterator[BinaryIO]:
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - closed below; only opening may be blamed on the path
    except (FileNotFoundError, NotADirectoryError):
        raise FileError(f"cannot read {shown(path)}: expected a {what}; got nothing by this name; check it") from None
    except IsADirectoryError:
        raise FileError(f"cannot read {shown(path)}: expected a {what}; got a folder; name the {what}s in it") from None
    except PermissionError:
        raise FileError(
            f"cannot read {shown(path)}: expected a {what}; got no permission to read it; change its permissions"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileError(f"cannot read {shown(path)}: expected a {what}; got {reason}; check the name") from None
    with file:
        yield file if file.seekable() else io.BytesIO(file.read())
