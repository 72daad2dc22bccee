"""Arrays in an npz file: compressed, never pickled, and the same bits for the same arrays."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gmmseg.errors import InputError
from gmmseg.files.targets import Target, writing

_LEVEL = 3  # soft masks shrink little more at 6, which takes three times as long


@dataclass(frozen=True, eq=False)
class Blocks:
    """An array that is made while it is written.

    Attributes
    ----------
    shape : tuple of int
    dtype : str
        Such as "<f4".
    parts : iterable of array
        Its rows, from the first on, some at a time.
    """

    shape: tuple[int, ...]
    dtype: str
    parts: Iterable[np.ndarray[Any, Any]] = field(repr=False)


def write_npz(target: Target, /, **arrays: Any) -> None:
    """Write named arrays, or `Blocks`, as an npz file that `numpy.load` reads without pickle."""
    checked = {name: array if isinstance(array, Blocks) else np.asanyarray(array) for name, array in arrays.items()}
    for name, array in checked.items():
        if not isinstance(array, Blocks) and array.dtype.hasobject:
            raise InputError(f"expected {name} as an array of numbers or text; got Python objects; convert it")
    with (
        writing(target) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive,
    ):
        for name, array in checked.items():
            # Entries opened by name are dated 1980, so the time of writing is not part of the file.
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                if not isinstance(array, Blocks):
                    np.lib.format.write_array(member, array, allow_pickle=False)
                    continue
                header = {"descr": array.dtype, "fortran_order": False, "shape": array.shape}
                np.lib.format.write_array_header_1_0(member, header)
                for part in array.parts:
                    member.write(np.ascontiguousarray(part, array.dtype).data)
