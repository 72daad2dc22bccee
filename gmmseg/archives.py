"""Reading npz archives that may be cut short, damaged, or something else altogether."""

from __future__ import annotations

import json
import tokenize
import zipfile
import zlib
from collections.abc import Container, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.errors import FileError

# What NumPy and zipfile raise on files that are not archives, are cut short, or lie about their contents.
BROKEN = (
    ValueError,
    KeyError,
    EOFError,
    TypeError,
    AttributeError,
    MemoryError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    SyntaxError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)

# What takes each kind of file, for the error of those who gave it to something else.
_TAKEN_BY = {
    "gmmseg anomaly model": "gmmseg anomaly --model",
    "gmmseg background model": "gmmseg background --model",
    "gmmseg collection model": "gmmseg collection --model",
    "gmmseg mixture": "gmmseg sample",
    "gmmseg model": "gmmseg apply",
    "gmmseg region tree": "gmmseg regions",
    "gmmseg table model": "gmmseg table --model",
}


def encoded(header: dict[str, Any]) -> NDArray[np.uint8]:
    """A JSON header as an array of bytes."""
    return np.frombuffer(json.dumps(header).encode(), np.uint8)


def opened(
    path: str | PathLike[str], kind: str, version: int, names: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The header and the named arrays of an archive of this kind: its header's "format", in this "version"."""
    with _reading(path, kind) as archive:
        header = _header(archive)
        if header.get("format") != kind:
            raise _misplaced(path, kind, header)
        if header.get("version") != version:
            raise FileError(
                f"cannot read {path}: expected version {version} of the format, got {header.get('version')}; "
                "a newer gmmseg may read it"
            )
        return header, {name: archive[name] for name in names}


def require_kind(path: str | PathLike[str], kind: str, known: Container[str]) -> str:
    """The "format" of an archive, which is one of those known; `kind` is what all of them are, for the error."""
    with _reading(path, kind) as archive:
        header = _header(archive)
    own = str(header.get("format", ""))
    if own not in known:
        raise _misplaced(path, kind, header)
    return own


@contextmanager
def _reading(path: str | PathLike[str], kind: str) -> Iterator[Any]:
    """An npz archive, and all that can go wrong with it as one error."""
    try:
        with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as archive:
            yield archive
    except FileError:
        raise
    except BROKEN:
        raise damaged(path, kind, "it is damaged or a file of another kind") from None
    except FileNotFoundError:
        raise FileError(f"cannot read {path}: expected a {kind}; got nothing by this name; check it") from None
    except OSError as error:
        raise FileError(f"cannot read {path}: expected a {kind}; got {error.strerror or error}; check it") from None


def _header(archive: Any) -> dict[str, Any]:
    header = json.loads(bytes(archive["header"]))
    if not isinstance(header, dict):
        raise TypeError("no header")
    return header


def kind_of(path: str | PathLike[str]) -> str:
    """The "format" in the header of an archive; empty for everything else, which reading it says more about."""
    try:
        with _reading(path, "archive") as archive:
            return str(_header(archive).get("format", ""))
    except FileError:
        return ""


def _misplaced(path: str | PathLike[str], kind: str, header: dict[str, Any]) -> FileError:
    """The error for a whole file that is of another kind."""
    own = str(header.get("format"))
    if own not in _TAKEN_BY or own == kind:
        return damaged(path, kind, "it is damaged or a file of another kind")
    return FileError(f"cannot read {path}: expected a {kind}; got a {own}; use {_TAKEN_BY[own]} for it")


def damaged(path: str | PathLike[str], kind: str, what: str) -> FileError:
    """The error for a file that is not a whole archive of this kind."""
    return FileError(f"cannot read {path}: expected a {kind}; {what}; save it again")
