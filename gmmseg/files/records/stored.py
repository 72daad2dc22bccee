"""Tables in NumPy's files: .npy, .npz with one table, and what scipy.sparse.save_npz writes."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np

from gmmseg.archives import BROKEN
from gmmseg.errors import FileError

MAGIC = (b"\x93NUMPY", b"PK\x03\x04", b"PK\x05\x06")
_SPARSE = {"format", "shape", "data"}
_NAMES = ("columns", "names")
_MOST = 1 << 22  # columns


def stored_table(data: bytes, name: str) -> tuple[Any, tuple[str, ...]]:
    """The table, dense or sparse, and the names of its columns, if there are any; never by pickle."""
    try:
        if data.startswith(MAGIC[0]):
            return _array(np.load(io.BytesIO(data), allow_pickle=False), name), ()
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            table = _compressed(data, name) if set(archive.files) >= _SPARSE else _only_array(archive, name)
            return table, _names_in(archive, int(table.shape[1]))
    except FileError:
        raise
    except BROKEN as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise FileError(
            f"cannot read {name}: expected a table of numbers in NumPy's format; it is damaged or holds something "
            f"else ({reason}); save it again"
        ) from None


def _array(array: np.ndarray[Any, Any], name: str) -> np.ndarray[Any, Any]:
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or array.dtype.kind not in "biuf":
        raise FileError(
            f"cannot read {name}: expected a table of numbers of shape (n, d); got {array.dtype} of shape "
            f"{array.shape}; save such a table"
        )
    return array


def _only_array(archive: Any, name: str) -> np.ndarray[Any, Any]:
    arrays = [array for key in archive.files if key not in _NAMES and (array := archive[key]).ndim == 2]
    if len(arrays) != 1:
        raise FileError(
            f"cannot read {name}: expected an .npz with one table, or one of scipy.sparse.save_npz; got "
            f"{len(arrays)} tables among {', '.join(archive.files) or 'nothing'}; save one"
        )
    return _array(arrays[0], name)


def _compressed(data: bytes, name: str) -> Any:
    from scipy.sparse import csr_array, load_npz

    try:
        table = load_npz(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise ValueError("it is cut short") from None
    if len(table.shape) != 2 or table.dtype.kind not in "biuf":
        raise FileError(
            f"cannot read {name}: expected a sparse table of numbers; got {table.dtype} of shape {table.shape}"
        )
    if table.shape[1] > _MOST:
        raise FileError(f"cannot read {name}: expected up to {_MOST:,} columns; got {table.shape[1]:,}; leave some out")
    # Places outside of the table would be read by compiled code that does not look.
    if hasattr(table, "check_format"):
        table.check_format(full_check=True)
    return csr_array(table, dtype=np.float64)


def _names_in(archive: Any, width: int) -> tuple[str, ...]:
    """Names of the columns, where the archive has as many texts as columns."""
    for key in _NAMES:
        if key in archive.files:
            array = archive[key]
            if array.dtype.kind == "U" and array.shape == (width,):
                return tuple(array.tolist())
    return ()
