"""The scale on which frames are looked at: their range as 255 levels, and the noise in those."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_SAMPLES = 20_000  # pixels that are looked at
_CHI = {1: 0.455, 3: 0.789}  # median of χ² over its degrees of freedom
_LEAST, _MOST = 25.0, 50.0  # levels squared: what compression and light leave at least; clutter passes for noise


def levels(frames: NDArray[Any]) -> tuple[float, float]:
    """Zero and scale, so that (sample − zero) · scale is about 0 to 255, whatever more the type could hold.

    So frames of 12 bits in 16, of floats, or of foggy days, are worked on alike.
    """
    seen = _thinned(frames)
    low, high = (float(value) for value in np.percentile(seen, [0.5, 99.5]))
    whole = frames.dtype.kind == "u"
    # Eight bits that span a few levels are rounding, not a scene.
    spread = max(high - low, 32.0 if frames.dtype == np.uint8 else 1.0 if whole else 1e-6 * max(abs(high), abs(low)))
    return low, 255.0 / spread if spread > 0 else 1.0


def least_variance(frames: NDArray[Any], scale: float) -> float:
    """The least variance of a mode, in levels squared: one and a half times that of the noise.

    The noise is what lies between successive samples of a pixel, in the median; and of those the lower quartile over
    the picture, as most of the picture may be covered by something that moves.
    """
    if len(frames) < 2:
        return _LEAST
    seen = _thinned(frames)
    squares = np.zeros((len(frames) - 1, *seen.shape[1:3]), np.float32)
    for t in range(len(frames) - 1):
        squares[t] = np.mean(np.square((seen[t + 1].astype(np.float32) - seen[t]) * scale), axis=-1)
    typical = float(np.quantile(np.median(squares, axis=0), 0.25)) / _CHI.get(frames.shape[3], 0.8)
    return float(np.clip(1.5 * typical / 2, _LEAST, _MOST))


def _thinned(frames: NDArray[Any]) -> NDArray[Any]:
    _, h, w, _ = frames.shape
    step = max(1, int(np.sqrt(h * w / _SAMPLES)))
    return frames[:, ::step, ::step]
