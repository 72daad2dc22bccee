"""Crumbs found on a small picture, carried to the large one: their borders follow its edges, a doubling at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.compiled import compiled
from gmmseg.crew import Crew
from gmmseg.parts.growth.flooding import flooded
from gmmseg.parts.growth.planes import halved_mask, halved_picture

_OPEN = -1
_OUT = -2
_LEVELS = 256
_BAND = 2  # pixels to each side of a border that are decided anew


def refined(
    crumbs: NDArray[np.int32], picture: NDArray[np.uint8], valid: Flags, doublings: int, crew: Crew
) -> NDArray[np.int32]:
    """The crumbs of a picture, from those at 2^−doublings of its size.

    Parameters
    ----------
    crumbs : (h', w') int32
        −1 where nothing is valid.
    picture : (h, w, 3) uint8
    valid : (h, w) bool
    doublings : int
    crew : Crew

    Returns
    -------
    (h, w) int32
        −1 where not valid. No crumb is lost.

    Notes
    -----
    At every doubling the pixels along borders are given back and flooded from both sides, the flattest first, so that
    the sides meet at the steepest step.
    """
    pyramid = [(picture, valid)]
    for _ in range(doublings - 1):
        pyramid.append((halved_picture(pyramid[-1][0], crew), halved_mask(pyramid[-1][1])))
    for level, inside in reversed(pyramid):
        crumbs = _doubled(crumbs, level, inside, crew)
    return crumbs


def _doubled(coarse: NDArray[np.int32], picture: NDArray[np.uint8], valid: Flags, crew: Crew) -> NDArray[np.int32]:
    h, w = valid.shape
    fine, steps = np.empty((h, w), np.int32), np.empty((h, w), np.uint8)

    def work(begin: int, end: int) -> None:
        _opened(coarse, valid, begin, end, fine)
        _stepped(picture, begin, end, steps)

    crew.share(work, h, least=64)
    held = np.zeros(int(coarse.max()) + 1, np.bool_)
    _found(fine, held)
    if not held.all():
        _returned(coarse, valid, held, fine)
    flooded(steps, fine, _LEVELS)
    _settled(coarse, fine)
    return fine


@compiled
def _opened(coarse: Any, valid: Any, begin: Any, end: Any, fine: Any) -> None:
    """The crumb of each pixel; _OPEN near a border, _OUT where not valid."""
    h, w = fine.shape
    for y in range(begin, end):
        for x in range(w):
            own = coarse[y // 2, x // 2]
            fine[y, x] = own
            if not valid[y, x]:
                fine[y, x] = _OUT
                continue
            for v in range(max(0, y - _BAND) // 2, min(h - 1, y + _BAND) // 2 + 1):
                for u in range(max(0, x - _BAND) // 2, min(w - 1, x + _BAND) // 2 + 1):
                    if coarse[v, u] != own and coarse[v, u] >= 0:
                        fine[y, x] = _OPEN


@compiled
def _stepped(picture: Any, begin: Any, end: Any, steps: Any) -> None:
    """The largest difference of any channel across each pixel, both ways."""
    h, w, _ = picture.shape
    for y in range(begin, end):
        above, below = max(0, y - 1), min(h - 1, y + 1)
        for x in range(w):
            left, right = max(0, x - 1), min(w - 1, x + 1)
            most = np.int64(0)
            for c in range(3):
                down = np.int64(picture[below, x, c]) - np.int64(picture[above, x, c])
                across = np.int64(picture[y, right, c]) - np.int64(picture[y, left, c])
                most = max(most, abs(down), abs(across))
            steps[y, x] = most


@compiled
def _found(fine: Any, held: Any) -> None:
    for y in range(fine.shape[0]):
        for x in range(fine.shape[1]):
            if fine[y, x] >= 0:
                held[fine[y, x]] = True


@compiled
def _returned(coarse: Any, valid: Any, held: Any, fine: Any) -> None:
    """Crumbs too thin to keep a pixel keep them all."""
    for y in range(fine.shape[0]):
        for x in range(fine.shape[1]):
            own = coarse[y // 2, x // 2]
            if own >= 0 and valid[y, x] and not held[own]:
                fine[y, x] = own


@compiled
def _settled(coarse: Any, fine: Any) -> None:
    """Pixels that no flood reached keep the crumb they came from; those left out are −1."""
    for y in range(fine.shape[0]):
        for x in range(fine.shape[1]):
            if fine[y, x] == _OPEN:
                fine[y, x] = coarse[y // 2, x // 2]
            elif fine[y, x] == _OUT:
                fine[y, x] = -1
