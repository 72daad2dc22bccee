"""What black and white cut off.

Noise makes dark samples darker than black and lighter, and a file has only the latter: the mean of what it holds is
too light, by 0.4 σ at black itself, and no average of patches mends that. With noise of a known deviation,

    g(x) = E min(max(x + σz, 0), 255)

says what became of a mean of x, and its inverse takes it back (after Foi 2009). Where fewer samples are cut off than
such noise would have cut off, as in pictures whose dark parts have less noise, it goes back as much less of the way.
"""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Floats

_WHITE = 255.0
_LEVELS = 2048  # of the table of g
_AROUND = 11  # pixels: the side of the square in which samples that are cut off are counted
_FEWEST = 1e-3  # share of samples under which a share says nothing


def unclipped(planes: Floats, given: Floats, noise: float) -> Floats:
    """Restored planes as they were before noise was cut off : (h, w, c) from 0 to 255.

    given : (h, w, c) from 0 to 255
        What they were restored from.
    """
    black, white = given <= 0, given >= _WHITE
    if not (black.any() or white.any()):
        return planes
    levels = np.linspace(0, _WHITE, _LEVELS)
    means, at_black, at_white = _clipped(levels, noise)
    back = np.interp(planes, means, levels)
    expected = np.interp(back, levels, at_black + at_white)
    trust = np.where(expected > _FEWEST, _around(black | white) / np.maximum(expected, _FEWEST), 0)
    return (planes + np.minimum(trust, 1) * (back - planes)).astype(np.float32)


def _clipped(levels: np.ndarray, noise: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of samples with noise that are cut off: their means, and the shares that become black and white : (n,) each."""
    from scipy.special import ndtr

    low, high = -levels / noise, (_WHITE - levels) / noise
    bell = (np.exp(-(low**2) / 2) - np.exp(-(high**2) / 2)) / np.sqrt(2 * np.pi)
    at_black, at_white = ndtr(low), ndtr(-high)
    return _WHITE * at_white + levels * (1 - at_black - at_white) + noise * bell, at_black, at_white


def _around(cut: np.ndarray) -> np.ndarray:
    """The share of samples around each that are cut off : (h, w, c)."""
    from scipy.ndimage import uniform_filter

    share: np.ndarray = uniform_filter(cut.astype(np.float32), (_AROUND, _AROUND, 1), mode="reflect")
    return share
