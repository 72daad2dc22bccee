"""Photos of one scene brought to one brightness: a gain for every frame and channel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_SAMPLES = 40_000  # pixels that are looked at
_WIDEST = 0.7  # |log gain| beyond which photos are not of one scene and light
_BIN = 0.01  # of log ratios
_HEAP = 0.03  # half a heap of ratios: what noise and rounding spread
_NEGLIGIBLE = 0.012  # log gains below this are left alone; a mode's variance covers them


def gains(frames: NDArray[Any]) -> NDArray[np.float64]:
    """What each frame must be multiplied by for all to be as bright as most : (n, c).

    Where the same thing is seen in two photos, the ratios of their samples are all alike, and heap up; where something
    else is seen they are anything. So the gain is where the heap is highest, refined by the median within it, and it
    is found as long as the scene is what most pixels that agree with each other show. Frames are compared with the
    one whose brightness is the median, whatever their order.
    """
    n, h, w, c = frames.shape
    step = max(1, int(np.sqrt(h * w / _SAMPLES)))
    seen = frames[:, ::step, ::step].reshape(n, -1, c)
    middle = np.argsort(np.median(seen, axis=(1, 2)), kind="stable")[(n - 1) // 2]
    reference = seen[middle].astype(np.float64)
    top = 255.0 if frames.dtype == np.uint8 else 65535.0 if frames.dtype == np.uint16 else float(seen.max())
    found = np.ones((n, c))
    for t in range(n):
        for i in range(c):
            own, other = seen[t, :, i].astype(np.float64), reference[:, i]
            # Neither so dark that rounding rules the ratio, nor burnt out.
            usable = (np.minimum(own, other) > 0.08 * top) & (np.maximum(own, other) < 0.97 * top)
            if t != middle and usable.sum() >= 32:
                found[t, i] = _ratio(np.log(other[usable] / own[usable]))
    # The middle one of the gains found is 1, so that the plate is as bright as most frames are.
    middling: NDArray[np.float64] = np.sort(found, axis=0)[(n - 1) // 2]
    return np.asarray(found / middling)


def _ratio(logs: NDArray[np.float64]) -> float:
    """The ratio that most agree about; 1 where few do."""
    edges = np.arange(-_WIDEST, _WIDEST + _BIN, _BIN)
    counts = np.histogram(logs, edges)[0].astype(np.float64)
    heaps = np.convolve(counts, np.ones(2 * round(_HEAP / _BIN) - 1), "same")
    peak = int(heaps.argmax())
    if heaps[peak] < 0.15 * len(logs):
        return 1.0
    centre = (edges[peak] + edges[peak + 1]) / 2
    for _ in range(3):
        centre = float(np.median(logs[np.abs(logs - centre) < _HEAP])) if (np.abs(logs - centre) < _HEAP).any() else 0.0
    return float(np.exp(centre)) if abs(centre) > _NEGLIGIBLE else 1.0


def even_out(frames: NDArray[Any], gain: NDArray[np.float64]) -> None:
    """Multiply frames by their gains, in place; whole numbers are rounded and cut off at the ends of their type."""
    for t, factors in enumerate(gain):
        if (factors == 1).all():
            continue
        for row in frames[t]:  # row by row, for photos are large
            product = row * factors
            if frames.dtype.kind in "ui":
                product = np.clip(np.rint(product), 0, np.iinfo(frames.dtype).max)
            row[...] = product
