"""The model file: an npz archive of plain arrays and a JSON header; never a pickle.

header       UTF-8 JSON as bytes: {"format": "gmmseg mixture", "version": 1, "covariance": "full"}
weights      (k,) float64
means        (k, d) float64
covariances  float64, in the shape of the family
"""

from __future__ import annotations

import json
import zipfile
import zlib
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.atomic import appearing
from gmmseg.errors import FileError

FORMAT = "gmmseg mixture"
VERSION = 1
_ARRAYS = ("weights", "means", "covariances")
# What NumPy and zipfile raise on files that are not archives, are cut short, or lie about their contents.
_BROKEN = (
    ValueError,
    KeyError,
    EOFError,
    TypeError,
    AttributeError,
    MemoryError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


def save(path: str | PathLike[str], weights: Doubles, means: Doubles, covariances: Doubles, covariance: str) -> None:
    """Write a model file, whole or not at all."""
    header = json.dumps({"format": FORMAT, "version": VERSION, "covariance": covariance}).encode()
    with appearing(path) as file:
        np.savez(
            file,
            header=np.frombuffer(header, np.uint8),
            weights=weights,
            means=means,
            covariances=covariances,
        )


def load(path: str | PathLike[str]) -> tuple[Doubles, Doubles, Doubles, str]:
    """weights, means, covariances and the name of the family."""
    try:
        with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as archive:
            header = json.loads(bytes(archive["header"]))
            if not isinstance(header, dict) or header.get("format") != FORMAT:
                raise damaged(path, "it is a file of another kind")
            if header.get("version") != VERSION:
                raise FileError(
                    f"cannot read {path}: expected version {VERSION} of the format, got {header.get('version')}; "
                    "a newer gmmseg may read it"
                )
            weights, means, covariances = (_numbers(path, archive[name]) for name in _ARRAYS)
            return weights, means, covariances, str(header.get("covariance"))
    except FileError:
        raise
    except _BROKEN:
        raise damaged(path, "it is damaged or a file of another kind") from None
    except OSError as error:
        raise FileError(f"cannot read {path}: {error.strerror or error}") from None


def damaged(path: str | PathLike[str], what: str) -> FileError:
    """The error for a file that is not a whole model."""
    return FileError(f"cannot read {path}: expected a gmmseg mixture; {what}; save the model again")


def _numbers(path: str | PathLike[str], array: Any) -> Doubles:
    if array.dtype != np.float64:
        raise damaged(path, f"an array in it is {array.dtype}, not float64")
    numbers: Doubles = array
    return numbers
