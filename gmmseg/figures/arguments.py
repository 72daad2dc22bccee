"""Arrays that a caller hands to a drawing, checked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmmseg.errors import InputError

Bytes = NDArray[np.uint8]
Integers = NDArray[np.integer[Any]]


def pixels_of(given: ArrayLike) -> Bytes:
    """A picture : (h, w, 3) uint8, with at least one pixel."""
    pixels = np.asarray(given)
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.size == 0:
        raise InputError(
            f"expected pixels of shape (h, w, 3) and type uint8; got {pixels.shape} and {pixels.dtype}; "
            "scale other types to 0…255 first"
        )
    return pixels


def labels_of(given: ArrayLike, shape: tuple[int, ...] | None = None) -> Integers:
    """Labels : (h, w) of whole numbers, at least −1; of the given shape, if any."""
    labels = np.asarray(given)
    if labels.dtype.kind not in "iu" or labels.ndim != 2 or labels.size == 0:
        raise InputError(f"expected labels of shape (h, w) and an integer type; got {labels.shape} and {labels.dtype}")
    if shape is not None and labels.shape != shape:
        raise InputError(f"expected labels of shape {shape}, as the pixels have; got {labels.shape}")
    if labels.min() < -1:
        raise InputError(f"expected labels of at least -1, which means left out; got {labels.min()}")
    return labels.astype(np.int64) if labels.dtype == np.uint64 else labels  # NumPy does not index with uint64


def colors_of(given: ArrayLike, least: int = 0) -> Bytes:
    """Colours : (k, 3) uint8, with k at least `least`."""
    colors = np.asarray(given)
    if colors.dtype != np.uint8 or colors.ndim != 2 or colors.shape[1] != 3:
        raise InputError(f"expected colors of shape (k, 3) and type uint8; got {colors.shape} and {colors.dtype}")
    if len(colors) < least:
        raise InputError(f"expected at least {least} colors, as there are labels up to {least - 1}; got {len(colors)}")
    return np.ascontiguousarray(colors)
