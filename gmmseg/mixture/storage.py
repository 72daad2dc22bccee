"""The file of a mixture: an npz archive of plain arrays and a JSON header; never a pickle.

header       UTF-8 JSON as bytes: {"format": "gmmseg mixture", "version": 1, "covariance": "full"}
weights      (k,) float64
means        (k, d) float64
covariances  float64, in the shape of the family
"""

from __future__ import annotations

from os import PathLike

import numpy as np

from gmmseg.archives import damaged, encoded, opened
from gmmseg.arrays import Doubles
from gmmseg.atomic import appearing

FORMAT = "gmmseg mixture"
VERSION = 1
_ARRAYS = ("weights", "means", "covariances")


def save(path: str | PathLike[str], weights: Doubles, means: Doubles, covariances: Doubles, covariance: str) -> None:
    """Write a model file, whole or not at all."""
    header = encoded({"format": FORMAT, "version": VERSION, "covariance": covariance})
    with appearing(path) as file:
        np.savez(file, header=header, weights=weights, means=means, covariances=covariances)


def load(path: str | PathLike[str]) -> tuple[Doubles, Doubles, Doubles, str]:
    """weights, means, covariances and the name of the family."""
    header, arrays = opened(path, FORMAT, VERSION, _ARRAYS)
    for array in arrays.values():
        if array.dtype != np.float64:
            raise damaged(path, FORMAT, f"an array in it is {array.dtype}, not float64")
    weights, means, covariances = (arrays[name] for name in _ARRAYS)
    return weights, means, covariances, str(header.get("covariance"))
