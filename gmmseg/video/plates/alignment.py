"""Photos from a hand that moved a little: shifted by whole pixels onto the middle one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_FARTHEST = 0.1  # of the picture's side; photos farther apart are another view


def shifts(frames: NDArray[Any]) -> NDArray[np.int64]:
    """How far each frame must be moved down and right to lie on the middle one : (n, 2).

    By phase correlation (Kuglin and Hines 1975) of the gradients, so that brightness does not matter, under a window
    that takes the borders out. People who moved add peaks of their own, lower than the scene's.
    """
    n, h, w, _ = frames.shape
    window = np.outer(np.hanning(h + 2)[1:-1], np.hanning(w + 2)[1:-1])
    middle = (n - 1) // 2
    reference = _spectrum(frames[middle], window)
    far_down, far_right = int(_FARTHEST * h), int(_FARTHEST * w)
    found = np.zeros((n, 2), np.int64)
    for t in range(n):
        if t == middle:
            continue
        product = reference * np.conj(_spectrum(frames[t], window))
        peaks = np.fft.irfft2(product / np.maximum(np.abs(product), 1e-12), (h, w))
        down = np.fft.fftfreq(h, 1 / h).round().astype(np.int64)
        right = np.fft.fftfreq(w, 1 / w).round().astype(np.int64)
        peaks[np.abs(down) > far_down] = -np.inf
        peaks[:, np.abs(right) > far_right] = -np.inf
        y, x = np.unravel_index(int(peaks.argmax()), peaks.shape)
        found[t] = down[y], right[x]
    return found


def moved(frames: NDArray[Any], shift: NDArray[np.int64]) -> NDArray[Any]:
    """The frames moved by whole pixels; what comes into view repeats the border."""
    if not shift.any():
        return frames
    _, h, w, _ = frames.shape
    out = np.empty_like(frames)
    for t, (down, right) in enumerate(shift):
        rows, columns = np.clip(np.arange(h) - down, 0, h - 1), np.clip(np.arange(w) - right, 0, w - 1)
        out[t] = frames[t][rows][:, columns]
    return out


def _spectrum(frame: NDArray[Any], window: NDArray[np.float64]) -> NDArray[np.complex128]:
    grey = frame.astype(np.float64).mean(axis=2)
    edges = np.zeros(grey.shape, np.complex128)
    edges[:, 1:] += np.diff(grey, axis=1)
    edges[1:] += 1j * np.diff(grey, axis=0)
    magnitude = np.abs(edges) * window
    spectrum: NDArray[np.complex128] = np.fft.rfft2(magnitude)
    return spectrum
