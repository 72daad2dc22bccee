"""Where output goes: files that appear whole, streams, and folders that are made when needed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

from gmmseg.atomic import appearing
from gmmseg.errors import FileError, InputError
from gmmseg.files.sources import shown

Target = str | PathLike[str] | BinaryIO


def is_stream(target: object) -> bool:
    """Whether `target` is an open file rather than a path."""
    return callable(getattr(target, "write", None))


@contextmanager
def writing(target: Target) -> Iterator[BinaryIO]:
    """A seekable file to write into; what was written reaches `target` only if the block succeeds."""
    if is_stream(target):
        stream: Any = target
        whole = io.BytesIO()
        yield whole
        try:
            stream.write(whole.getbuffer())
            stream.flush()
        except OSError as error:
            raise FileError(f"cannot write to the open file: {error.strerror or error}") from None
        except TypeError:
            raise InputError("expected a file that is open for bytes; got one for text; open it with 'wb'") from None
        return
    path = path_of(target)
    if "\0" in str(path):
        raise FileError(f"cannot write {shown(str(path))}: the name has a null character; choose another")
    if path.exists() and not path.is_file() and not path.is_dir():
        with _device(path) as file:  # /dev/stdout and pipes can be written to, not replaced
            yield file
        return
    with appearing(path) as file:
        yield file


def path_of(target: Target) -> Path:
    """The path that a target is."""
    if not isinstance(target, str | PathLike):
        raise InputError(f"expected a path or an open file to write to; got {type(target).__name__}")
    return Path(target)


@contextmanager
def _device(path: Path) -> Iterator[BinaryIO]:
    whole = io.BytesIO()
    yield whole
    try:
        with path.open("wb") as file:
            file.write(whole.getbuffer())
    except OSError as error:
        raise FileError(f"cannot write {shown(str(path))}: {error.strerror or error}") from None


def folder(path: str | PathLike[str]) -> Path:
    """The folder at `path`, made with its parents if it is not there."""
    made = Path(path)
    try:
        made.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise FileError(
            f"cannot make the folder {shown(str(made))}: a file is in the way; choose another name"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileError(f"cannot make the folder {shown(str(made))}: {reason}") from None
    return made
