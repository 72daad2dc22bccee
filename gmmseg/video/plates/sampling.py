"""A bounded number of frames, spread evenly over a clip whose length may not be known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.errors import InputError

_KINDS = (np.uint8, np.uint16, np.float32, np.float64)


def sampled(frames: Iterable[Any], budget: Callable[[tuple[int, ...], int], int]) -> tuple[bool, NDArray[Any]]:
    """Whether the frames are (h, w), and some of them as one array (n, h, w, c), in their order and type.

    There are at most budget(shape, itemsize) for frames of this shape. Of a sequence they are evenly spaced, from both
    ends alike. An iterable is read once: when there are too many every second one is forgotten, and from then on half
    as many are kept; so at least half of what the budget allows stay.
    """
    if isinstance(frames, str | bytes) or not isinstance(frames, Iterable):
        raise InputError(
            f"expected frames as an array (n, h, w) or (n, h, w, c), or as arrays; got {type(frames).__name__}"
        )
    if isinstance(frames, np.ndarray) and frames.ndim not in {3, 4}:
        raise InputError(
            f"expected frames as an array (n, h, w) or (n, h, w, c); got {frames.dtype} {frames.shape}; "
            "one picture alone is frames[None]"
        )
    kept: list[NDArray[Any]] = []
    if isinstance(frames, np.ndarray | Sequence):
        count = len(frames)
        if count == 0:
            raise InputError("expected at least one frame; got none")
        first = _checked(frames[0], None)
        n = min(count, budget(first.shape, first.itemsize))
        kept = [_checked(frames[(2 * i + 1) * count // (2 * n)], first) for i in range(n)]
    else:
        stride, most = 1, 0
        for number, given in enumerate(frames):
            if number % stride:
                continue
            frame = _checked(given, kept[0] if kept else None).copy()
            most = most or budget(frame.shape, frame.itemsize)
            if len(kept) == most:
                # kept[i] is frame i · stride; the next stride wants those with even i.
                kept = kept[::2]
                stride *= 2
            if number % stride == 0:
                kept.append(frame)
        if not kept:
            raise InputError("expected at least one frame; got none")
    flat = kept[0].ndim == 2
    n, shape = len(kept), kept[0].shape
    stack = np.empty((n, *shape[:2], 1 if flat else shape[2]), kept[0].dtype)
    for place in range(n):
        stack[place] = kept[place][..., None] if flat else kept[place]
        kept[place] = kept[0][:0]  # each is let go as it is copied, lest all be there twice
    return flat, stack


def affordable(shape: tuple[int, ...], itemsize: int, memory: int) -> int:
    """How many frames of this shape fit into so many bytes; at least 8, under which there is little to choose from."""
    return max(8, memory // max(1, math.prod(shape) * itemsize))


def _checked(given: Any, first: NDArray[Any] | None) -> NDArray[Any]:
    """One frame as an array (h, w) or (h, w, c), of a known type and like the first."""
    try:
        frame = np.asarray(given)
    except (ValueError, TypeError):
        raise InputError(f"expected a frame as an array (h, w) or (h, w, c); got {type(given).__name__}") from None
    if frame.ndim not in {2, 3} or frame.size == 0 or frame.dtype not in _KINDS:
        raise InputError(
            "expected a frame as uint8, uint16 or floats (h, w) or (h, w, c), of at least one pixel; "
            f"got {frame.dtype} {frame.shape}"
        )
    if frame.dtype.kind == "f" and not np.isfinite(frame).all():
        raise InputError("expected frames of finite numbers; got NaN or infinity; leave such frames out, or mend them")
    if first is not None and (frame.shape, frame.dtype) != (first.shape, first.dtype):
        raise InputError(
            f"expected all frames as the first, {first.dtype} {first.shape}; "
            f"got {frame.dtype} {frame.shape}; bring them to one size and type"
        )
    return frame
