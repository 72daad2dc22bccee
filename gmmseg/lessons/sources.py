"""Whether a source is a table or a picture."""

from __future__ import annotations

import codecs
import sys
from os import PathLike, fsdecode
from pathlib import PurePath
from typing import Any

import numpy as np

from gmmseg.files import Image, Source
from gmmseg.files.image import is_pillow
from gmmseg.files.records.stored import MAGIC
from gmmseg.files.sources import STDIN, opened

_TABLES = {".csv", ".tsv", ".tab", ".txt", ".dat", ".npy", ".npz"}
_LOOK = 4096  # bytes that tell text from what is none
_NETPBM = (b"P1", b"P2", b"P3")  # pictures that are text


def is_table(source: Any) -> bool:
    """Whether a source is a table: a frame, an array of one or two dimensions, or a file that its name says is one.

    Of what has no name the first bytes tell: text, or NumPy's own.
    """
    if isinstance(source, Image | Source) or is_pillow(source):
        return False
    if isinstance(source, str | PathLike):
        return PurePath(fsdecode(source)).suffix.lower() in _TABLES
    if isinstance(source, bytes | bytearray | memoryview):
        return _is_text_or_numpy(bytes(source[:_LOOK]))
    if isinstance(source, list | tuple):
        return not (source and isinstance(source[0], list | tuple) and source[0] and np.iterable(source[0][0]))
    if isinstance(source, np.ndarray):
        return source.ndim <= 2
    library: Any = sys.modules.get("scipy.sparse")
    sparse = library is not None and bool(library.issparse(source))
    return sparse or (hasattr(source, "columns") and hasattr(source, "to_numpy"))


def held(source: Any) -> Any:
    """What can be looked at and read after: the bytes of standard input and of open files."""
    if isinstance(source, str | PathLike) and fsdecode(source) != STDIN:
        return source
    if (isinstance(source, str | PathLike) and fsdecode(source) == STDIN) or callable(getattr(source, "read", None)):
        with opened(source) as found:
            return found.file.read()
    return source


def _is_text_or_numpy(head: bytes) -> bool:
    if head.startswith(MAGIC):
        return True
    if not head or head.startswith(_NETPBM) or b"\0" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # which minds no sign that is cut in two
    except UnicodeDecodeError:
        return False
    return True
