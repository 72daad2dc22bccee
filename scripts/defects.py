"""Surfaces made by rule, and defects planted in them at places that are known exactly.

A surface yields pictures (h, w, 3) uint8 that differ as photos of one material do: another piece, another phase, a
little more or less light. A defect changes one picture and says where, (h, w) bool. The same seed makes the same.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from props import grain
from scipy import ndimage

SHAPE = (160, 200)

Colours = NDArray[np.float32]  # (h, w, 3) float32, 0 to 255
Plane = NDArray[np.float32]  # (h, w) float32
Random = np.random.Generator
Place = tuple[float, float, float]  # y, x and radius


def weave(random: Random, shape: tuple[int, int] = SHAPE) -> Colours:
    """Cloth: threads that pass over and under each other, none quite as thick or as dark as the next."""
    y, x = _wavering(random, shape, 0.5)
    period = 8.0
    v, u = (y + random.uniform(0, period)) / period, (x + random.uniform(0, period)) / period
    over = (np.floor(v) + np.floor(u)) % 2 == 0
    across, along = np.abs(np.sin(np.pi * v)), np.abs(np.sin(np.pi * u))
    warp = 0.45 + 0.55 * along * (0.75 + 0.25 * across)
    weft = 0.4 + 0.5 * across * (0.75 + 0.25 * along)
    dark = random.uniform(0.88, 1.08, (2, 200))
    level = np.where(over, warp * dark[0][np.floor(u).astype(int)], weft * dark[1][np.floor(v).astype(int)])
    return _coloured(level, (168, 152, 124), (30, 34, 44))


def wood(random: Random, shape: tuple[int, int] = SHAPE) -> Colours:
    """A planed board: rings of years, cut lengthwise, and fine dark pores along them."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    bent = y + 9 * ndimage.zoom(grain(random, (20, 5), 1.5), (shape[0] / 20, shape[1] / 5), order=1)[: len(y)]
    rings = 0.5 + 0.5 * np.sin(2 * np.pi * (bent / 17 + 0.6 * grain(random, (shape[0], 1), 9)) + 0.004 * x)
    pores = ndimage.gaussian_filter(random.standard_normal(shape), (0.7, 9), mode="wrap")
    level = 0.62 + 0.22 * rings**2 + 0.55 * np.minimum(pores / pores.std() * 0.12, 0.05)
    return _coloured(level, (214, 158, 98), (40, 16, 4))


def speckle(random: Random, shape: tuple[int, int] = SHAPE) -> Colours:
    """Granite: grains of three colours, dark, pink and pale."""
    fine, coarse = grain(random, shape, 1.1), grain(random, shape, 2.2)
    colours = np.array([[62, 60, 64], [176, 138, 128], [206, 202, 196]], np.float32)
    place = np.clip(1.1 + 0.75 * fine + 0.6 * coarse, 0, 1.999)
    below = place.astype(int)
    share = (place - below)[..., None]
    return np.asarray((1 - share) * colours[below] + share * colours[below + 1], np.float32)


def brick(random: Random, shape: tuple[int, int] = SHAPE) -> Colours:
    """A wall: courses of bricks, each burnt a little differently, with pale mortar between them."""
    y, x = _wavering(random, shape, 0.7)
    high, wide, joint = 18.0, 40.0, 3.0
    v = (y + random.uniform(0, high)) / high
    course = np.floor(v).astype(int)
    u = (x + random.uniform(0, wide) + wide / 2 * (course % 2)) / wide
    number = np.floor(u).astype(int)
    gap = np.minimum(np.minimum(v % 1, 1 - v % 1) * high, np.minimum(u % 1, 1 - u % 1) * wide)
    mortar = np.clip(joint / 2 - gap + 0.5, 0, 1)[..., None]
    burnt = random.uniform(-1, 1, (40, 40))[course % 40, number % 40][..., None]
    clay = np.array([158, 78, 60]) + burnt * np.array([20, 13, 9]) + 9 * grain(random, shape, 1.2)[..., None]
    lime = np.array([196, 188, 176]) + 7 * grain(random, shape, 1.0)[..., None]
    return np.asarray((1 - mortar) * clay + mortar * lime, np.float32)


def paint(random: Random, shape: tuple[int, int] = SHAPE) -> Colours:
    """A sprayed sheet: one colour that slowly turns into another, with an orange peel hardly seen."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    angle = random.uniform(-0.4, 0.4)
    way = (x * np.cos(angle) / shape[1] + y * np.sin(angle) / shape[0] + random.uniform(-0.1, 0.1))[..., None]
    first, second = np.array([52, 96, 170]), np.array([70, 162, 176])
    return np.asarray(first + np.clip(way, -0.2, 1.2) * (second - first) + 2 * grain(random, shape, 1.6)[..., None])


def leather(random: Random, shape: tuple[int, int] = SHAPE) -> Colours:
    """Hide: pebbles of many sizes with dark creases between them."""
    count = shape[0] * shape[1] // 45
    seeds = random.uniform((-8, -8), (shape[0] + 8, shape[1] + 8), (count, 2))
    y, x = np.mgrid[: shape[0], : shape[1]]
    from scipy.spatial import cKDTree

    near, _ = cKDTree(seeds).query(np.stack([y, x], -1).reshape(-1, 2), k=2)
    crease = np.clip((near[:, 1] - near[:, 0]) / 3.2, 0, 1).reshape(shape)
    level = 0.35 + 0.5 * ndimage.gaussian_filter(crease, 0.7) + 0.05 * grain(random, shape, 8)
    return _coloured(level, (150, 92, 62), (16, 8, 8))


def scratch(random: Random, picture: Colours, place: Place) -> tuple[Colours, Plane]:
    """A thin bright line with a dark edge."""
    y, x = _about(picture, place)
    angle, bow = random.uniform(0, np.pi), random.uniform(-0.012, 0.012)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    across = across - bow * along**2
    length = 1.7 * place[2]
    line = _soft(1.1 - np.abs(across)) * _soft(length - np.abs(along))
    edge = _soft(1.0 - np.abs(across - 1.8)) * _soft(length - np.abs(along))
    made = picture * (1 - 0.5 * edge[..., None]) + line[..., None] * (np.float32(235) - picture) * 0.75
    return np.asarray(made, np.float32), np.maximum(line, edge)


def hole(random: Random, picture: Colours, place: Place) -> tuple[Colours, Plane]:
    """Something dark and smooth where there should be surface, with a frayed edge."""
    inside = _blot(random, picture, (place[0], place[1], 0.55 * place[2]))
    depth = np.array([34, 30, 32]) + 4 * grain(random, picture.shape[:2], 3)[..., None]
    return picture + inside[..., None] * (depth - picture), inside


def stain(random: Random, picture: Colours, place: Place) -> tuple[Colours, Plane]:
    """A liquid that has dyed the surface: light and dark are as they were, but filtered."""
    inside = _blot(random, picture, place)
    filters = np.array([[1.04, 0.9, 0.7], [0.78, 0.94, 1.04], [1.03, 0.84, 0.95], [0.86, 1.03, 0.82]])
    colour = filters[random.integers(len(filters))]
    return picture * (1 + inside[..., None] * (colour - 1)), inside


def faded(random: Random, picture: Colours, place: Place) -> tuple[Colours, Plane]:
    """Half of the colour bleached away, and none of the light and shade."""
    inside = _blot(random, picture, place)
    grey = (picture @ np.array([0.299, 0.587, 0.114]))[..., None]
    mean = picture.mean(axis=(0, 1))
    tint = mean - mean.mean()
    other = np.roll(tint, 1) if np.abs(tint).max() < 8 else np.zeros(3)  # what is grey gets a tint instead
    return picture + inside[..., None] * (0.6 * (grey + 3 * other - picture)), inside


def blur(random: Random, picture: Colours, place: Place) -> tuple[Colours, Plane]:
    """A spot that has been rubbed smooth."""
    inside = _blot(random, picture, place)
    smooth = ndimage.gaussian_filter(picture, (2.2, 2.2, 0))
    return picture + inside[..., None] * (smooth - picture), inside


def turned(random: Random, picture: Colours, place: Place) -> tuple[Colours, Plane]:
    """A patch of the same surface the wrong way round."""
    y, x = _about(picture, place)
    angle = random.uniform(0.6, 0.97) * np.pi / 2
    side = 0.85 * place[2]
    inside = _soft(side - np.maximum(np.abs(y), np.abs(x)))
    there = (place[0] + y * np.cos(angle) - x * np.sin(angle), place[1] + y * np.sin(angle) + x * np.cos(angle))
    other = np.stack(
        [ndimage.map_coordinates(c, there, order=1, mode="mirror") for c in np.moveaxis(picture, 2, 0)], -1
    )
    return np.asarray(picture + inside[..., None] * (other - picture), np.float32), inside


def thread(random: Random, picture: Colours, place: Place) -> tuple[Colours, Plane]:
    """A line that has been pulled out: along it everything is drawn to one shade."""
    y, x = _about(picture, place)
    lying = random.random() < 0.5
    across, along = (y, x) if lying else (x, y)
    inside = _soft(2.5 - np.abs(across)) * _soft(1.6 * place[2] - np.abs(along))
    drawn = ndimage.gaussian_filter(picture, (1, 14, 0) if lying else (14, 1, 0))
    return picture + inside[..., None] * (0.92 * drawn - picture), inside


def noise(random: Random, picture: Colours, place: Place) -> tuple[Colours, Plane]:
    """Grain that does not belong there, light and dark as often."""
    inside = _blot(random, picture, place)
    rough = 17 * ndimage.gaussian_filter(random.standard_normal(picture.shape[:2]), 0.5) / 0.56
    return picture + inside[..., None] * rough[..., None], inside


SURFACES: dict[str, Callable[..., Colours]] = {
    "weave": weave,
    "wood": wood,
    "speckle": speckle,
    "brick": brick,
    "paint": paint,
    "leather": leather,
}
ISOTROPIC = frozenset({"speckle", "paint", "leather"})  # on these nobody sees that a patch is turned
DEFECTS: dict[str, tuple[str, Callable[[Random, Colours, Place], tuple[Colours, Plane]]]] = {
    "blur": ("texture", blur),
    "turned": ("texture", turned),
    "thread": ("texture", thread),
    "noise": ("texture", noise),
    "stain": ("colour", stain),
    "faded": ("colour", faded),
    "scratch": ("both", scratch),
    "hole": ("both", hole),
}


def normal(surface: str, seed: int, shape: tuple[int, int] = SHAPE) -> NDArray[np.uint8]:
    """A picture of a surface without a defect."""
    return _photographed(*_piece(surface, seed, shape))


def planted(
    surface: str, defect: str, seed: int, shape: tuple[int, int] = SHAPE
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A picture of a surface with a defect, and where that is."""
    random, piece = _piece(surface, seed, shape)
    radius = random.uniform(9, 17) * min(shape) / 160
    place = (*(random.uniform(1.8 * radius, side - 1.8 * radius) for side in shape), radius)
    made, inside = DEFECTS[defect][1](random, piece, place)  # type: ignore[arg-type]
    return _photographed(random, made), np.asarray(inside > 0.5)


def _piece(surface: str, seed: int, shape: tuple[int, int]) -> tuple[Random, Colours]:
    random = np.random.default_rng((seed, list(SURFACES).index(surface)))
    return random, SURFACES[surface](random, shape)


def _photographed(random: Random, piece: Colours) -> NDArray[np.uint8]:
    """As a camera sees it: a little more or less light, and its noise."""
    light = random.uniform(0.97, 1.03)
    seen = light * ndimage.gaussian_filter(piece, (0.5, 0.5, 0)) + random.normal(0, 2, piece.shape)
    return np.asarray(np.clip(np.rint(seen), 0, 255), np.uint8)


def _coloured(level: NDArray[np.floating], bright: tuple[int, ...], dark: tuple[int, ...]) -> Colours:
    """From 0, dark, to 1, bright."""
    low = np.array(dark, np.float32)
    return np.asarray(low + level[..., None] * (np.array(bright, np.float32) - low), np.float32)


def _wavering(random: Random, shape: tuple[int, int], by: float) -> tuple[Plane, Plane]:
    """The y and x of every pixel, moved a little."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    return y + by * grain(random, shape, 12), x + by * grain(random, shape, 12)


def _about(picture: Colours, place: Place) -> tuple[Plane, Plane]:
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    return y - np.float32(place[0]), x - np.float32(place[1])


def _blot(random: Random, picture: Colours, place: Place) -> Plane:
    """A round thing with bays : (h, w) 0 to 1."""
    y, x = _about(picture, place)
    return _soft(place[2] * (1 + 0.14 * grain(random, picture.shape[:2], 7)) - np.hypot(y, x))


def _soft(depth: NDArray[np.floating]) -> Plane:
    """1 inside, 0 outside, by how deep inside."""
    return np.asarray(np.clip(depth + 0.5, 0, 1), np.float32)
