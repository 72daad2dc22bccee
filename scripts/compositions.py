"""Made pictures of a subject over a ground, with the exact share of the subject in every pixel.

Both are quilts of textures: pieces of scikit-image's pictures, tinted. How many textures of the subject are among the
ground's too is what makes a scene easy or hard. Outlines are blobs, stars with thin rays, rings, people and twigs, as
soft as a lens out of focus by half a pixel to three makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from props import grain
from scipy import ndimage
from skimage import data

SHAPE = (240, 320)
SCENES = 30
_FINE = 2  # outlines are drawn at so many times the size

Colours = NDArray[np.float32]  # (h, w, 3) float32, 0 to 255
Plane = NDArray[np.float32]  # (h, w) float32
Random = np.random.Generator


@dataclass(frozen=True)
class Composition:
    """A made picture.

    Attributes
    ----------
    name : str
    picture : (h, w, 3) uint8
    alpha : (h, w) float32
        The exact share of the subject in each pixel.
    box : (x, y, width, height)
        Around all pixels of which the subject has more than half.
    """

    name: str
    picture: NDArray[np.uint8]
    alpha: Plane
    box: tuple[int, int, int, int]


def compositions(count: int = SCENES) -> Iterator[Composition]:
    """Scenes from easy to hard, in turn of every outline."""
    textures = known_textures()
    outlines: tuple[Callable[[Random], Plane], ...] = (blob, star, ring, person, twig)
    for number in range(count):
        outline = outlines[number % len(outlines)]
        shared = (number // len(outlines)) % 3
        yield composed(np.random.default_rng((11, number)), outline, textures, shared, f"{outline.__name__}-{number}")


def composed(
    random: Random, outline: Callable[[Random], Plane], textures: list[Colours], shared: int, name: str
) -> Composition:
    """One scene: three textures of the subject, of which `shared` are among the three of the ground."""
    chosen = random.permutation(len(textures))[: 6 - shared]
    tinted = [_tinted(random, textures[i]) for i in chosen]
    subject = quilt(random, tinted[:3], 26)
    ground = quilt(random, tinted[3 - shared :], 60)
    alpha = outline(random)
    alpha = ndimage.gaussian_filter(alpha, random.choice([0.5, 1.0, 3.0]) * _FINE)
    alpha = alpha.reshape(SHAPE[0], _FINE, SHAPE[1], _FINE).mean(axis=(1, 3))
    alpha[alpha < 0.002], alpha[alpha > 0.998] = 0, 1
    picture = alpha[..., None] * subject + (1 - alpha[..., None]) * ground
    picture += 2.5 * random.standard_normal(picture.shape, np.float32)
    rows, columns = np.flatnonzero((alpha > 0.5).any(axis=1)), np.flatnonzero((alpha > 0.5).any(axis=0))
    y, x = int(rows[0]), int(columns[0])
    box = (x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y)
    return Composition(name, np.clip(np.rint(picture), 0, 255).astype(np.uint8), alpha.astype(np.float32), box)


def known_textures() -> list[Colours]:
    """Surfaces of many kinds, at least as large as a scene."""
    cat, cup, tissue = data.chelsea(), data.coffee(), data.immunohistochemistry()
    pieces = [
        np.repeat(data.brick()[..., None], 3, axis=2),
        np.repeat(data.grass()[..., None], 3, axis=2),
        np.repeat(data.gravel()[..., None], 3, axis=2),
        cat[120:300, 100:340],
        cup[:150, 380:600],
        cup[300:, :300],
        tissue[:260, :340],
        data.retina()[500:900, 500:900],
        data.astronaut()[300:, :250],
        data.rocket()[:200, :300],
    ]
    textures = []
    for piece in pieces:
        tiles = -(-SHAPE[0] // piece.shape[0]), -(-SHAPE[1] // piece.shape[1])
        mirrored = np.pad(
            piece.astype(np.float32),
            ((0, (tiles[0] - 1) * piece.shape[0]), (0, (tiles[1] - 1) * piece.shape[1]), (0, 0)),
            mode="symmetric",
        )
        textures.append(mirrored[: SHAPE[0], : SHAPE[1]])
    return textures


def quilt(random: Random, textures: list[Colours], scale: float) -> Colours:
    """Smooth patches of textures, each the one whose noise is strongest there."""
    fields = np.stack([grain(random, SHAPE, scale) for _ in textures])
    order = fields.argmax(axis=0)
    made = np.zeros((*SHAPE, 3), np.float32)
    for number, texture in enumerate(textures):
        shift = random.integers(0, 200, 2)
        made[order == number] = np.roll(texture, tuple(shift), axis=(0, 1))[order == number]
    return np.asarray(ndimage.gaussian_filter(made, (0.6, 0.6, 0)), np.float32)


def _tinted(random: Random, texture: Colours) -> Colours:
    """A texture in a light and a colour of its own, about half as rough."""
    mean = texture.mean(axis=(0, 1))
    colour = random.uniform(50, 205) + random.uniform(-45, 45, 3)
    return np.asarray(np.clip(colour + 0.6 * (texture - mean), 0, 255), np.float32)


def _canvas() -> tuple[Plane, Plane]:
    """The y and x of the fine grid, in pixels of the scene."""
    y, x = np.mgrid[: SHAPE[0] * _FINE, : SHAPE[1] * _FINE].astype(np.float32)
    return (y + 0.5) / _FINE, (x + 0.5) / _FINE


def _middle(random: Random) -> tuple[float, float]:
    return random.uniform(0.42, 0.58) * SHAPE[0], random.uniform(0.35, 0.65) * SHAPE[1]


def blob(random: Random) -> Plane:
    """A lump with dents."""
    y, x = _canvas()
    cy, cx = _middle(random)
    angle, radius = np.arctan2(y - cy, x - cx), np.hypot(y - cy, x - cx)
    edge = sum(random.uniform(-0.4, 0.4) / n**0.7 * np.sin(n * angle + random.uniform(0, 6.3)) for n in range(2, 7))
    return np.asarray(radius < random.uniform(55, 75) * (1 + 0.45 * edge), np.float32)


def star(random: Random) -> Plane:
    """A disc with thin rays."""
    y, x = _canvas()
    cy, cx = _middle(random)
    made = np.hypot(y - cy, x - cx) < random.uniform(26, 42)
    rays = random.integers(5, 9)
    for i in range(rays):
        angle = 2 * np.pi * (i + random.uniform(-0.2, 0.2)) / rays
        along = (x - cx) * np.cos(angle) + (y - cy) * np.sin(angle)
        across = np.abs((y - cy) * np.cos(angle) - (x - cx) * np.sin(angle))
        length = random.uniform(70, 95)
        made |= (along > 0) & (along < length) & (across < 2 + 7 * (1 - along / length))
    return np.asarray(made, np.float32)


def ring(random: Random) -> Plane:
    """A lump with one or two holes."""
    made = blob(random)
    y, x = _canvas()
    middle = ndimage.center_of_mass(made)
    for _ in range(random.integers(1, 3)):
        cy, cx = (m / _FINE + random.uniform(-22, 22) for m in middle)
        made[np.hypot(y - cy, (x - cx) * random.uniform(0.7, 1.4)) < random.uniform(11, 22)] = 0
    return made


def person(random: Random) -> Plane:
    """A head, a trunk, arms and legs."""
    y, x = _canvas()
    cy, cx = _middle(random)
    tall = random.uniform(150, 200)
    made = np.hypot(y - (cy - 0.4 * tall), x - cx) < 0.085 * tall
    limbs = [
        ((-0.3, 0.0), (0.1, 0.0), 0.1),
        ((-0.26, 0.06), (0.05 - random.uniform(0, 0.3), 0.3), 0.035),
        ((-0.26, -0.06), (0.05 - random.uniform(0, 0.3), -0.3), 0.035),
        ((0.08, 0.04), (0.48, random.uniform(0.05, 0.2)), 0.045),
        ((0.08, -0.04), (0.48, -random.uniform(0.05, 0.2)), 0.045),
    ]
    for (top, left), (bottom, right), thick in limbs:
        made |= _stroke(
            y, x, (cy + top * tall, cx + left * tall), (cy + bottom * tall, cx + right * tall), thick * tall
        )
    return np.asarray(made, np.float32)


def twig(random: Random) -> Plane:
    """A trunk that forks into ever thinner branches, with leaves at their ends."""
    y, x = _canvas()
    made = np.zeros(y.shape, np.bool_)
    ends = [(0.9 * SHAPE[0], 0.5 * SHAPE[1], -np.pi / 2, 60.0, 7.0)]
    while ends:
        cy, cx, angle, length, thick = ends.pop()
        tip = cy + length * np.sin(angle), cx + length * np.cos(angle)
        made |= _stroke(y, x, (cy, cx), tip, thick)
        if thick < 2.6:
            made |= np.hypot(y - tip[0], x - tip[1]) < random.uniform(8, 15)
            continue
        forks = [(*tip, angle + side * random.uniform(0.3, 0.7), length * 0.78, thick * 0.62) for side in (-1, 1)]
        ends += forks
    return np.asarray(made, np.float32)


def _stroke(
    y: Plane, x: Plane, begin: tuple[float, float], end: tuple[float, float], thick: float
) -> NDArray[np.bool_]:
    """A thick line with round ends."""
    dy, dx = end[0] - begin[0], end[1] - begin[1]
    along = np.clip(((y - begin[0]) * dy + (x - begin[1]) * dx) / (dy * dy + dx * dx), 0, 1)
    made: NDArray[np.bool_] = np.hypot(y - begin[0] - along * dy, x - begin[1] - along * dx) < thick
    return made
