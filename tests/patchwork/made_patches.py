"""Small pictures whose patches are told apart."""

from __future__ import annotations

import numpy as np

SIDE = 40


def directions(noise: float = 4.0) -> np.ndarray:
    """Stripes of random greys in three directions and a plain grey, a quarter each, with noise : (80, 80) uint8."""
    random = np.random.default_rng(0)
    y, x = np.indices((SIDE, SIDE))
    quarters = [random.normal(128, 40, 2 * SIDE)[phase] for phase in (x, y, x + y)]
    picture = np.block([quarters[:2], [quarters[2], np.full((SIDE, SIDE), 128.0)]])
    return np.clip(picture + random.normal(0, noise, picture.shape), 0, 255).astype(np.uint8)


def quarters() -> np.ndarray:
    """The number of each pixel's quarter : (80, 80); −1 near borders between them, where patches are of two."""
    truth = np.kron([[0, 1], [2, 3]], np.ones((SIDE, SIDE), int))
    truth[SIDE - 5 : SIDE + 5] = truth[:, SIDE - 5 : SIDE + 5] = -1
    return truth
