"""The background models that OpenCV has, with its default parameters, as others would use them."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import InputError

MEDIAN = 9  # side of the median filter over the mask
_FOREGROUND = 255  # in OpenCV's masks; shadow is 127

Peer = Callable[[NDArray[Any]], tuple[Flags, None]]


def mog2() -> Peer:
    """Zivkovic's adaptive mixture (2004) with shadows, and a median filter over the mask."""
    return _filtered(lambda cv2: cv2.createBackgroundSubtractorMOG2())


def knn() -> Peer:
    """Zivkovic and van der Heijden's nearest neighbours (2006) with shadows, and a median filter over the mask."""
    return _filtered(lambda cv2: cv2.createBackgroundSubtractorKNN())


PEERS: dict[str, Callable[[], Peer]] = {"mog2": mog2, "knn": knn}


def require_opencv() -> ModuleType:
    """OpenCV's module."""
    try:
        import cv2
    except ImportError:
        raise InputError(
            "expected OpenCV, which has these peers; got none that can be imported; "
            "install it by 'pip install opencv-python-headless'"
        ) from None
    module: ModuleType = cv2
    return module


def _filtered(make: Callable[[Any], Any]) -> Peer:
    cv2 = require_opencv()
    cv2.setRNGSeed(0)  # of this thread; KNN draws from it, and should not depend on what ran before
    model = make(cv2)
    span: tuple[float, float] | None = None

    def foreground(pixels: NDArray[Any]) -> tuple[Flags, None]:
        nonlocal span
        if pixels.dtype != np.uint8:
            if span is None:
                span = _span(pixels)
            pixels = _in_bytes(pixels, *span)
        mask = model.apply(np.ascontiguousarray(pixels))
        return cv2.medianBlur(np.where(mask == _FOREGROUND, np.uint8(255), np.uint8(0)), MEDIAN) > 0, None

    return foreground


def _span(pixels: NDArray[Any]) -> tuple[float, float]:
    """The levels of a deep first frame, with as much again below and above: what comes may be darker or brighter."""
    low, high = (float(level) for level in np.percentile(pixels, (0.5, 99.5)))
    width = max(high - low, 1e-3)
    return low - width, high + width


def _in_bytes(pixels: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """Deep frames in 8 bits, which is all that OpenCV's models take."""
    levels = (pixels - np.float32(low)) * np.float32(255 / (high - low))
    return np.asarray(np.clip(levels, 0, 255), np.uint8)
