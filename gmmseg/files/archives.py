"""Arrays in an npz file: compressed, never pickled, and the same bits for the same arrays."""

from __future__ import annotations

import zipfile
from typing import Any

import numpy as np

from gmmseg.errors import InputError
from gmmseg.files.targets import Target, writing

_LEVEL = 3  # soft masks shrink little more at 6, which takes three times as long


def write_npz(target: Target, /, **arrays: Any) -> None:
    """Write named arrays as an npz file that `numpy.load` reads without pickle."""
    checked = {name: np.asanyarray(array) for name, array in arrays.items()}
    for name, array in checked.items():
        if array.dtype.hasobject:
            raise InputError(f"expected {name} as an array of numbers or text; got Python objects; convert it")
    with (
        writing(target) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive,
    ):
        for name, array in checked.items():
            # Entries opened by name are dated 1980, so the time of writing is not part of the file.
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
