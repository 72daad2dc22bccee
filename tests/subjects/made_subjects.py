"""Small pictures of a subject over a ground, with the exact share of the subject in every pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

SHAPE = (96, 128)
Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]
Box = tuple[int, int, int, int]

SKY, SAND, LEAF = (90, 140, 200), (196, 172, 120), (60, 110, 50)
RED, WHITE, NAVY = (180, 50, 40), (225, 222, 215), (35, 45, 90)


def painted(
    outline: str, colours: tuple[tuple[int, int, int], ...], ground: tuple[tuple[int, int, int], ...], blur: float = 0.8
) -> tuple[Pixels, Plane, Box]:
    """A picture, its alpha, and the box around what is more than half the subject.

    The colours of subject and ground stand in broad stripes under noise of some grain.
    """
    random = np.random.default_rng(5)
    alpha = np.clip(ndimage.gaussian_filter(_OUTLINES[outline]().astype(np.float32), blur), 0, 1)
    alpha[alpha < 0.01], alpha[alpha > 0.99] = 0, 1
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    own = np.asarray(colours, np.float32)[(y // 14 + x // 30) % len(colours)]
    other = np.asarray(ground, np.float32)[(x // 37 + y // 50) % len(ground)]
    grain = ndimage.gaussian_filter(random.standard_normal(SHAPE), 1)[..., None] * 20
    pixels = alpha[..., None] * own + (1 - alpha[..., None]) * other + grain + 2 * random.standard_normal((*SHAPE, 3))
    rows, columns = np.flatnonzero((alpha > 0.5).any(axis=1)), np.flatnonzero((alpha > 0.5).any(axis=0))
    box = (int(columns[0]), int(rows[0]), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8), alpha.astype(np.float32), box


def overlap(found: NDArray[np.bool_], alpha: Plane) -> float:
    """Intersection over union with what is more than half the subject."""
    truth = alpha > 0.5
    return float((found & truth).sum() / (found | truth).sum())


def _disc() -> NDArray[np.bool_]:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    return np.asarray(((y - 50) / 30) ** 2 + ((x - 60) / 36) ** 2 < 1)


def _ring() -> NDArray[np.bool_]:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    return np.asarray(_disc() & (np.hypot(y - 50, x - 58) > 13))


def _cross() -> NDArray[np.bool_]:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    return np.asarray(((np.abs(y - 48) < 6) & (np.abs(x - 64) < 44)) | ((np.abs(x - 58) < 7) & (np.abs(y - 48) < 38)))


_OUTLINES = {"disc": _disc, "ring": _ring, "cross": _cross}
