"""How much noise there is in a picture.

Patches of plain surfaces show noise and little else. Which ones are plain depends on how much noise there is, so the
two are found in turns (after Liu, Tanaka and Okutomi 2013): patches whose variance noise alone may have, and then the
smaller three quarters of their principal variances, in which what little they show has hardly a part. (Of a sample,
the smaller half is too small, by 4 of 100 in a picture of 128 × 128, and all of them take in texture.)
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Flags, Floats
from gmmseg.files import Image
from gmmseg.mixture.blas import one_thread
from gmmseg.patchwork.restoring.planes import channels_of, measured

_SIZE = 8
_SAMPLE = 1 << 16  # patches that stand for all
_ROUNDS = 8
_MOST = 0.75  # of the principal variances
_SURE = 2.33  # deviations above the mean: one plain patch of a hundred is not taken for one
_MANY = 200  # patches there should be for each of their pixels, or smaller ones are taken
_LEAST = 10  # and so many plain ones
_ROOM = 2.0  # deviations between a plain patch and an end of the scale, so that little of its noise is cut off
_FEWEST = 0.02  # share of the patches that are taken for plain in any case


def noise_of(image: Image, *, missing: Flags | None = None) -> float:
    """The standard deviation of a picture's noise, in 255ths of full light.

    It is meant for noise that is alike everywhere and differs from pixel to pixel. Of channels the mean variance.
    Pixels that are not valid or are missing : (h, w) bool are not looked at.
    """
    planes = channels_of(image)
    known = image.valid if missing is None else image.valid & ~missing
    for size in range(min(_SIZE, *planes.shape[:2]), 1, -1):
        places = _whole(known, size)
        if len(places) >= _MANY * size * size:
            break
    else:
        size, places = min(2, *planes.shape[:2]), _whole(known, min(2, *planes.shape[:2]))
    if size < 2 or len(places) == 0:
        return 0.0
    limits = (-np.inf, np.inf) if measured(image) else (0.0, 255.0)
    variances = [_plain_variance(*_patches(planes[..., c], size, places, limits)) for c in range(planes.shape[2])]
    return float(np.sqrt(np.mean(variances)))


def _whole(known: Flags, size: int) -> NDArray[np.intp]:
    """The places of patches without gaps, from all over the picture, at most so many as are needed : (n,)."""
    if known.all():
        count = (known.shape[0] - size + 1) * (known.shape[1] - size + 1)
        return np.linspace(0, count - 1, min(count, _SAMPLE)).astype(np.intp)
    places = np.flatnonzero(sliding_window_view(known, (size, size)).all(axis=(2, 3)))
    return places[np.linspace(0, len(places) - 1, min(len(places), _SAMPLE)).astype(np.intp)]


def _patches(
    plane: Floats, size: int, places: NDArray[np.intp], limits: tuple[float, float]
) -> tuple[Doubles, Doubles]:
    """The patches at these places of a plane, less their mean levels : (n, size²), and the room of these : (n,).

    Room is how far a level is from the end of the scale, if there are samples at that end, which noise would have taken
    beyond it.
    """
    windows = sliding_window_view(plane, (size, size))
    rows: Doubles = windows[np.divmod(places, windows.shape[1])].reshape(len(places), -1).astype(np.float64)
    level = rows.mean(axis=1)
    room = np.full(len(rows), np.inf)
    if rows.min() <= limits[0]:
        room = level - limits[0]
    if rows.max() >= limits[1]:
        room = np.minimum(room, limits[1] - level)
    return rows - level[:, None], room


def _plain_variance(rows: Doubles, room: Doubles) -> float:
    d = rows.shape[1] - 1
    energy = np.einsum("ij,ij->i", rows, rows) / d
    least = min(len(rows), max(_LEAST * d, int(_FEWEST * len(rows))))
    widest = np.partition(room, len(rows) - least)[len(rows) - least]
    variance = _smaller_most(rows)
    for _ in range(_ROUNDS):
        free = room >= min(_ROOM * np.sqrt(variance), widest)
        few = np.partition(energy[free], least - 1)[least - 1]
        plain = free & (energy <= max(variance * (1 + _SURE * np.sqrt(2 / d)), few))
        before, variance = variance, _smaller_most(rows[plain])
        if abs(variance - before) <= 0.01 * before:
            break
    return variance


def _smaller_most(rows: Doubles) -> float:
    """The mean of the smaller part of the principal variances, but for that of the level, which is 0."""
    with one_thread(rows.shape[1]):
        values = np.linalg.eigvalsh(rows.T @ rows / len(rows))[1:]
    return max(float(values[: max(1, round(_MOST * len(values)))].mean()), 0.0)
