"""What synthetic scenes are made of: textures, swaying, people, and the truth of each pixel painted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

HEIGHT, WIDTH = 120, 160
BACKGROUND, SHADOW, UNKNOWN, FOREGROUND = 0, 50, 170, 255  # the values of CDnet's groundtruth

Colours = NDArray[np.float32]  # (h, w, 3) float32, 0 to 255
Plane = NDArray[np.float32]  # (h, w) float32
Truth = NDArray[np.uint8]  # (h, w) uint8


def canvas() -> tuple[Plane, Plane]:
    """The y and x of every pixel of a frame."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    return y, x


def grain(random: np.random.Generator, shape: tuple[int, int], scale: float) -> Plane:
    """Smooth noise of mean 0 and standard deviation 1, with blobs of about `scale` pixels."""
    noise = ndimage.gaussian_filter(random.standard_normal(shape).astype(np.float32), scale, mode="wrap")
    return np.asarray((noise - noise.mean()) / noise.std(), np.float32)


def ground(random: np.random.Generator, height: int = HEIGHT, width: int = WIDTH, contrast: float = 1.0) -> Colours:
    """Something detailed: rough patches, and things with sharp edges such as doors, windows, posts and stones."""
    level = 120 + contrast * (
        14 * np.floor(2.5 * grain(random, (height, width), 14))
        + 9 * grain(random, (height, width), 4)
        + 8 * grain(random, (height, width), 1)
    )
    tint = np.stack([5 * contrast * grain(random, (height, width), 20) for _ in range(3)], axis=-1)
    picture = level[..., None] + tint
    for _ in range(height * width // 500):
        high, wide = random.integers(2, 9) if random.random() < 0.7 else random.integers(9, 30), random.integers(2, 16)
        top, left = random.integers(0, height), random.integers(0, width)
        thing = contrast * (random.uniform(-55, 55) + random.uniform(-14, 14, 3))
        picture[top : top + high, left : left + wide] += thing
    return np.asarray(np.clip(picture, 8, 247), np.float32)


def foliage(random: np.random.Generator, height: int, width: int) -> tuple[Colours, Plane]:
    """Leaves that lie over each other, and how much of what is behind they hide, (height, width) 0 to 1."""
    picture = np.full((height, width, 3), (24, 30, 20), np.float32)
    hidden = np.zeros((height, width), np.float32)
    for _ in range(height * width // 16):
        y, x, angle = random.uniform(0, height), random.uniform(0, width), random.uniform(0, np.pi)
        length, broad = random.uniform(3, 7), random.uniform(1.2, 3)
        top, left = max(0, int(y - length - 1)), max(0, int(x - length - 1))
        window = (slice(top, int(y + length + 2)), slice(left, int(x + length + 2)))
        v, u = np.mgrid[window[0].start : min(height, window[0].stop), window[1].start : min(width, window[1].stop)]
        along = (u - x) * np.cos(angle) + (v - y) * np.sin(angle)
        across = (v - y) * np.cos(angle) - (u - x) * np.sin(angle)
        alpha = np.clip(broad * (1 - np.hypot(along / length, across / broad)) + 0.5, 0, 1)
        colour = random.uniform(45, 215) * random.uniform((0.6, 0.9, 0.35), (0.9, 1.05, 0.6))
        picture[window] += alpha[..., None] * (colour - picture[window])
        hidden[window] = np.maximum(hidden[window], alpha)
    return picture, hidden


def at(picture: NDArray[np.float32], y: Plane, x: Plane) -> NDArray[np.float32]:
    """A picture, (h, w) or (h, w, 3), read between its pixels; beyond its border it is mirrored."""
    planes = picture.reshape(*picture.shape[:2], -1)
    read = [ndimage.map_coordinates(planes[..., i], (y, x), order=1, mode="mirror") for i in range(planes.shape[2])]
    return np.stack(read, axis=-1).reshape(*y.shape, *picture.shape[2:])


class Waves:
    """A field that changes smoothly in place and time: travelling waves, stronger and weaker as gusts come and go."""

    def __init__(
        self,
        random: np.random.Generator,
        lengths: tuple[float, float],
        periods: tuple[float, float],
        count: int = 7,
    ) -> None:
        angle = random.uniform(0, 2 * np.pi, count)
        length = random.uniform(*lengths, count)
        self._ky, self._kx = 2 * np.pi * np.sin(angle) / length, 2 * np.pi * np.cos(angle) / length
        self._pace = 2 * np.pi / random.uniform(*periods, count)
        self._phase = random.uniform(0, 2 * np.pi, count)
        self._gust = random.uniform(0, 2 * np.pi, count), 2 * np.pi / random.uniform(30, 90, count)

    def at(self, time: float, y: Plane, x: Plane) -> Plane:
        """The field at a time, of standard deviation about 1."""
        field = np.zeros_like(y)
        gusts = 0.65 + 0.35 * np.sin(self._gust[0] + self._gust[1] * time)
        for ky, kx, pace, phase, gust in zip(self._ky, self._kx, self._pace, self._phase, gusts, strict=True):
            field += np.float32(gust) * np.sin(
                np.float32(ky) * y + np.float32(kx) * x + np.float32(phase - pace * time), dtype=np.float32
            )
        return field / np.float32(0.69 * np.sqrt(len(gusts) / 2))


@dataclass(frozen=True)
class Person:
    """Someone upright: how tall in pixels, and what they wear.

    Parameters
    ----------
    tall : float
    shirt, trousers, skin : (3,) float32
    cloth : (64, 64) float32
        The texture of the clothes, −1 to 1.
    """

    tall: float
    shirt: NDArray[np.float32]
    trousers: NDArray[np.float32]
    skin: NDArray[np.float32]
    cloth: Plane

    def seen(self, foot: float, x: float, phase: float, y_of: Plane, x_of: Plane) -> tuple[Plane, Colours]:
        """How much of each pixel they fill, (h, w) 0 to 1, and with which colours, (h, w, 3)."""
        u, v = (x_of - np.float32(x)) / self.tall, (np.float32(foot) - y_of) / self.tall
        swing = 0.16 * np.sin(phase)
        parts = [
            _ellipse(u, v, 0, 0.92, 0.06, 0.08),
            _ellipse(u, v, 0, 0.66, 0.12, 0.2),
            _limb(u, v, (0.0, 0.5), (swing, 0.03), 0.06),
            _limb(u, v, (0.0, 0.5), (-swing, 0.03), 0.06),
            _limb(u, v, (0.09, 0.78), (0.09 - 0.8 * swing, 0.48), 0.035),
            _limb(u, v, (-0.09, 0.78), (-0.09 + 0.8 * swing, 0.48), 0.035),
        ]
        alpha = np.clip(self.tall * np.maximum.reduce(parts) + 0.5, 0, 1).astype(np.float32)
        colours = np.where((v > 0.48)[..., None], self.shirt, self.trousers)
        cloth = self.cloth[(64 * v).astype(int) % 64, (64 * u).astype(int) % 64]
        colours = np.where((v > 0.83)[..., None], self.skin + 0 * colours, colours + 22 * cloth[..., None])
        return alpha, np.clip(colours, 0, 255).astype(np.float32)


def person(random: np.random.Generator, tall: float) -> Person:
    """Someone dressed at random."""
    cloth = grain(random, (64, 64), 2)
    if random.random() < 0.4:  # stripes
        cloth = np.where(np.arange(64)[:, None] % 12 < 6, 1, -1) + 0.3 * cloth
    return Person(
        tall,
        _dye(random, 25, 220),
        _dye(random, 15, 130),
        np.asarray((205, 160, 135), np.float32) * np.float32(random.uniform(0.5, 1.05)),
        np.clip(cloth, -2, 2).astype(np.float32),
    )


@dataclass(frozen=True)
class Passage:
    """Someone who walks through, from `first` on, at `speed` pixels a frame; negative goes to the left."""

    who: Person
    first: int
    foot: float
    speed: float
    start: float | None = None

    def at(self, time: int) -> tuple[float, float, float] | None:
        """Foot, x and phase of the gait; None while out of sight."""
        begin = self.start if self.start is not None else (-12 if self.speed > 0 else WIDTH + 12)
        x = begin + self.speed * (time - self.first)
        if time < self.first or not -40 < x < WIDTH + 40:
            return None
        return (
            self.foot + 0.5 * np.sin(0.4 * time),
            x,
            0.22 * abs(self.speed) * (time - self.first) * 60 / self.who.tall,
        )


def passages(
    random: np.random.Generator, frames: int, *, every: int = 38, begin: int = 10, tall: tuple[float, float] = (30, 62)
) -> list[Passage]:
    """People who walk through one after the other, those farther away smaller and first."""
    made = []
    for first in range(begin, frames, every):
        height = random.uniform(*tall)
        speed = random.uniform(1.0, 2.4) * random.choice((-1, 1))
        foot = np.interp(height, tall, (HEIGHT * 0.55, HEIGHT * 0.95))
        made.append(Passage(person(random, height), first + int(random.integers(0, 12)), float(foot), speed))
    return sorted(made, key=lambda one: one.foot)


def paint(frame: NDArray[np.float32], truth: Truth, alpha: Plane, colours: NDArray[np.float32]) -> None:
    """Put colours into a frame where alpha says so: more than three quarters of a pixel is foreground, some unknown."""
    share = alpha[..., None] if frame.ndim == 3 else alpha
    frame += share * (colours - frame)
    truth[(alpha > 0.05) & (truth != FOREGROUND)] = UNKNOWN
    truth[alpha > 0.75] = FOREGROUND


def blank() -> Truth:
    """All background."""
    return np.full((HEIGHT, WIDTH), BACKGROUND, np.uint8)


def photographed(random: np.random.Generator, frame: Colours, noise: float = 3.0) -> NDArray[np.uint8]:
    """What a camera makes of it: noise, a little more where it is bright, in whole levels."""
    deviation = np.float32(noise) * (np.float32(0.7) + frame / np.float32(400))
    noisy = frame + deviation * random.standard_normal(frame.shape, np.float32)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def _dye(random: np.random.Generator, dark: float, bright: float) -> NDArray[np.float32]:
    """A colour as people wear it: most are nearly grey."""
    vivid = 0.25 + 0.75 * random.random() ** 2
    return np.asarray((1 - vivid) * random.uniform(dark, bright) + vivid * random.uniform(dark, bright, 3), np.float32)


def _ellipse(u: Plane, v: Plane, at_u: float, at_v: float, broad: float, high: float) -> Plane:
    """About how far inside an ellipse each place is."""
    inside = 1 - np.hypot((u - at_u) / broad, (v - at_v) / high)
    return np.asarray(min(broad, high) * inside, np.float32)


def _limb(u: Plane, v: Plane, begin: tuple[float, float], end: tuple[float, float], radius: float) -> Plane:
    """How far inside a rod with round ends each place is."""
    along_u, along_v = end[0] - begin[0], end[1] - begin[1]
    share = ((u - begin[0]) * along_u + (v - begin[1]) * along_v) / (along_u**2 + along_v**2)
    share = np.clip(share, 0, 1)
    return np.asarray(radius - np.hypot(u - begin[0] - share * along_u, v - begin[1] - share * along_v), np.float32)
