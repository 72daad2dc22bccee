"""Makes albums: photos of known kinds, skies with clouds, sunsets and forests, with the colours that such have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Photo = np.ndarray
KINDS = ("sky", "sunset", "forest")
SHARES = (0.60, 0.25, 0.15)


def made_photo(kind: str, random: np.random.Generator, size: tuple[int, int] = (96, 144)) -> Photo:
    """A photo of a kind : (h, w, 3) uint8; no two are alike in light, colours and what is where."""
    height, width = size
    down = np.linspace(0, 1, height)[:, None, None]
    if kind == "sky":
        light = random.normal(0, 12)
        zenith, horizon = np.array([62, 118, 196]) + light, np.array([168, 204, 236]) + light
        picture = zenith + (horizon - zenith) * down ** random.uniform(0.7, 1.5)
        clouds = np.clip(4 * (_patches(random, size, 5) - random.uniform(0.55, 0.75)), 0, 1)
        picture = picture + clouds[..., None] * (np.array([246, 247, 250]) - picture)
    elif kind == "sunset":
        light = random.normal(0, 9)
        stops = np.array([[92, 52, 96], [214, 92, 62], [250, 176, 74]]) + random.normal(0, 8, 3) + light
        low = random.uniform(0.65, 0.95)
        at = np.clip(down[..., 0] / low, 0, 1)[..., None] * 2
        picture = np.where(at < 1, stops[0] + (stops[1] - stops[0]) * at, stops[1] + (stops[2] - stops[1]) * (at - 1))
        picture = picture + 18 * (_patches(random, (height, width), 9, 2) - 0.5)[..., None]
        picture = np.where(down > low, np.array([46, 30, 34]), picture)
    else:
        light = random.normal(0, 7)
        leaves = _patches(random, size, 14)[..., None]
        picture = np.array([22, 44, 16]) + light + leaves * (np.array([92, 138, 54]) + random.normal(0, 8, 3))
    picture = np.broadcast_to(picture, (*size, 3)) + random.normal(0, 4, (*size, 1))
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def _patches(random: np.random.Generator, size: tuple[int, int], count: int, octaves: int = 3) -> Photo:
    """Smooth patches, light and dark : (h, w) from 0 to 1; about `count` of them across."""
    height, width = size
    whole = np.zeros(size)
    for octave in range(octaves):
        across = count * 2**octave
        grid = random.random((max(2, across * height // width) + 2, across + 2))
        y, x = (np.linspace(0, length - 1.001, n) for length, n in zip(grid.shape, size, strict=True))
        top, left = y.astype(int), x.astype(int)
        v, u = (y - top)[:, None], x - left
        v, u = v * v * (3 - 2 * v), u * u * (3 - 2 * u)
        above = grid[top][:, left] * (1 - u) + grid[top][:, left + 1] * u
        below = grid[top + 1][:, left] * (1 - u) + grid[top + 1][:, left + 1] * u
        whole += (above * (1 - v) + below * v) / 2**octave
    return np.asarray((whole - whole.min()) / (whole.max() - whole.min()))


def made_album(
    n: int, seed: int = 0, shares: Sequence[float] = SHARES, size: tuple[int, int] = (96, 144)
) -> tuple[list[Photo], np.ndarray]:
    """Photos in random order, and the kind of each : (n,), in the given shares."""
    random = np.random.default_rng(seed)
    counts = [round(share * n) for share in shares[:-1]]
    kinds = random.permutation(np.repeat(np.arange(len(shares)), [*counts, n - sum(counts)]))
    return [made_photo(KINDS[kind], random, size) for kind in kinds.tolist()], kinds
