"""Small clips made by rule, each hard in a way of its own, with the exact truth of every pixel.

A scene yields frames, (120, 160, 3) uint8 (thermal: (120, 160) uint16), each with its truth, (120, 160) uint8 in
CDnet's values: 255 foreground, 50 shadow, 0 background, 170 where nobody can say, such as at an edge or before
anything could be learnt. The same seed makes the same clip.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from props import (
    FOREGROUND,
    HEIGHT,
    SHADOW,
    UNKNOWN,
    WIDTH,
    Colours,
    Passage,
    Plane,
    Truth,
    Waves,
    at,
    blank,
    canvas,
    foliage,
    grain,
    ground,
    paint,
    passages,
    person,
    photographed,
)
from scipy import ndimage

Clip = Iterator[tuple[NDArray[Any], Truth]]


def shapes(seed: int = 0, frames: int = 200) -> Clip:
    """Textured discs and boxes that bounce about over a still background."""
    random = np.random.default_rng((seed, 1))
    y, x = canvas()
    background = ground(random)
    count = 4
    place = random.uniform((20, 20), (HEIGHT - 20, WIDTH - 20), (count, 2))
    pace = random.uniform(1, 2.5, (count, 2)) * random.choice((-1, 1), (count, 2))
    size = random.uniform(8, 16, count)
    cloth = [ground(random, 48, 48, 1.3) + random.uniform(-70, 70, 3).astype(np.float32) for _ in range(count)]
    for time in range(frames):
        frame, truth = background.copy(), blank()
        for i in range(count if time >= 20 else 0):
            place[i] += pace[i]
            pace[i] = np.where((place[i] < 0) | (place[i] > (HEIGHT, WIDTH)), -pace[i], pace[i])
            near = np.s_[_near(place[i, 0], 18), _near(place[i, 1], 18)]
            v, u = y[near] - np.float32(place[i, 0]), x[near] - np.float32(place[i, 1])
            away = np.hypot(v, u) if i % 2 else np.maximum(abs(v), abs(u))
            alpha = np.clip(np.float32(size[i]) - away + 0.5, 0, 1)
            paint(frame[near], truth[near], alpha, at(cloth[i], v + 24, u + 24))
        yield photographed(random, frame), _unknown_before(20, time, truth)


def waving(seed: int = 0, frames: int = 300) -> Clip:
    """Leaves in the wind in all of the frame, glinting, and people who walk in front of them."""
    random = np.random.default_rng((seed, 2))
    y, x = canvas()
    far, near = foliage(random, HEIGHT + 40, WIDTH + 40), foliage(random, HEIGHT + 40, WIDTH + 40)
    gaps = np.clip(2.5 * grain(random, (HEIGHT + 40, WIDTH + 40), 7), 0, 1) * near[1]  # the nearer leaves have gaps
    sways = [Waves(random, (40, 160), (9, 45)) for _ in range(4)]
    glint = Waves(random, (14, 60), (6, 25), 9)
    people = passages(random, frames, every=34, begin=60)
    for time in range(frames):
        move = [3.6 * sway.at(time, y, x) for sway in sways]
        frame = 0.75 * at(far[0], y + 20 + 0.6 * move[0], x + 20 + 0.6 * move[1])
        share = at(gaps, y + 20 + move[2], x + 20 + move[3])[..., None]
        frame += share * (at(near[0], y + 20 + move[2], x + 20 + move[3]) - frame)
        light = np.maximum(1 + 0.36 * glint.at(time, y, x), 0.3)
        frame = np.clip(frame * light[..., None], 0, 255)
        truth = blank()
        _walk(frame, truth, people, time, y, x)
        yield photographed(random, frame), _unknown_before(80, time, truth)


def jitter(seed: int = 0, frames: int = 240) -> Clip:
    """A camera shaken by up to five pixels before detailed ground, on which cars and people pass."""
    random = np.random.default_rng((seed, 3))
    y, x = canvas()
    background = ground(random, HEIGHT + 40, WIDTH + 40, 1.3)
    people = passages(random, frames, every=45, begin=30)
    cars = [(40 + 60 * i, random.uniform(2.5, 4), ground(random, 30, 60) + random.uniform(-80, 80)) for i in range(4)]
    shake = np.zeros(2)
    for time in range(frames):
        shake = np.clip(0.6 * shake + random.normal(0, 2.2, 2), -5, 5)
        v, u = y + np.float32(shake[0]), x + np.float32(shake[1])
        frame, truth = at(background, v + 20, u + 20), blank()
        for first, speed, paintwork in cars:
            if time >= first:
                left = v - 52, u - np.float32(speed * (time - first) - 60)
                paint(frame, truth, _box(left[0], left[1], 22, 46), _car(paintwork, *left))
        _walk(frame, truth, people, time, v, u)
        yield photographed(random, frame), _unknown_before(40, time, truth)


def light(seed: int = 0, frames: int = 300) -> Clip:
    """The light goes down at once, comes back slowly, a lamp is lit, clouds pass; people walk all the while."""
    random = np.random.default_rng((seed, 4))
    y, x = canvas()
    background = ground(random)
    lamp = np.exp(-((y - 30) ** 2 + (x - 120) ** 2) / np.float32(2 * 28**2))[..., None]
    warm = np.asarray((1.0, 0.85, 0.55), np.float32)
    clouds = Waves(random, (150, 400), (40, 90), 4)
    people = passages(random, frames, every=32, begin=30)
    for time in range(frames):
        frame, truth = background.copy(), blank()
        _walk(frame, truth, people, time, y, x)
        gain = np.interp(time, (99, 101, 140, 180, 240, 244), (1, 0.7, 0.7, 1, 1, 1.25))
        shine = np.float32(gain) * np.ones((HEIGHT, WIDTH, 1), np.float32)
        if time >= 200:
            shine = shine + 0.6 * lamp * warm
        if time >= 215:
            shine = shine * (1 + 0.1 * clouds.at(time, y, x)[..., None])
        yield photographed(random, np.clip(frame * shine, 0, 255)), _unknown_before(40, time, truth)


def shadow(seed: int = 0, frames: int = 240) -> Clip:
    """People in the sun, each with a soft bluish shadow on the ground."""
    random = np.random.default_rng((seed, 5))
    y, x = canvas()
    background = np.clip(1.25 * ground(random), 0, 250)
    people = passages(random, frames, every=30, begin=20)
    tint = np.asarray((0.50, 0.55, 0.62), np.float32)
    for time in range(frames):
        frame, truth = background.copy(), blank()
        dark = np.zeros((HEIGHT, WIDTH), np.float32)
        for one in people:
            where = one.at(time)
            if where is not None:
                # The shadow is the figure laid down to the right and away from the sun: half as high, and slanted.
                foot, middle, phase = where
                up = (np.float32(foot) - y) * np.float32(2.2)
                alpha, _ = one.who.seen(foot, middle, phase, np.float32(foot) - up, x - np.float32(0.55) * up)
                dark = np.maximum(dark, ndimage.gaussian_filter(alpha, 1.3))
        frame *= 1 - dark[..., None] * (1 - tint)
        truth[dark > 0.1] = UNKNOWN
        truth[dark > 0.5] = SHADOW
        _walk(frame, truth, people, time, y, x)
        yield photographed(random, frame), _unknown_before(30, time, truth)


def bootstrap(seed: int = 0, frames: int = 240) -> Clip:
    """People who move about from the first frame on; it is never empty."""
    random = np.random.default_rng((seed, 6))
    y, x = canvas()
    background = ground(random)
    crowd = []
    for first in range(-110, frames, 14):
        height = random.uniform(34, 62)
        speed = random.uniform(0.8, 2.2) * random.choice((-1, 1))
        crowd.append(Passage(person(random, height), first, float(np.interp(height, (34, 62), (70, 114))), speed))
    crowd.sort(key=lambda one: one.foot)
    for time in range(frames):
        frame, truth = background.copy(), blank()
        _walk(frame, truth, crowd, time, y, x)
        yield photographed(random, frame), _unknown_before(50, time, truth)


def ghost(seed: int = 0, frames: int = 300) -> Clip:
    """Someone who stands there from the first frame leaves after a third; what is put down later stays."""
    random = np.random.default_rng((seed, 7))
    y, x = canvas()
    background = ground(random)
    stander, porter = person(random, 58), person(random, 52)
    parcel = ground(random, 24, 24) + random.uniform(-90, 90, 3).astype(np.float32)
    leaves, arrives, lies = frames // 3, frames // 2, frames // 2 + 40
    bring = Passage(porter, arrives, 88, 2.2)
    for time in range(frames):
        frame, truth = background.copy(), blank()
        if time >= lies:
            paint(frame, truth, _box(y - 76, x - 68, 14, 18), at(parcel, y - 76, x - 68))
        where = bring.at(time)
        if where is not None:
            paint(frame, truth, *porter.seen(*where, y, x))
            if time < lies:  # carried
                paint(frame, truth, _box(y - 60, x - where[1] + 8, 14, 18), at(parcel, y - 60, x - where[1] + 8))
        away = max(0, time - leaves)
        mine = blank()
        paint(frame, mine, *stander.seen(104, 110 + 1.8 * away, 0.3 * away, y, x))
        # Until they move nobody can know that they are no statue.
        truth = np.where(mine == FOREGROUND, UNKNOWN if away == 0 else FOREGROUND, np.maximum(mine, truth))
        yield photographed(random, frame), _unknown_before(30, time, truth.astype(np.uint8))


def water(seed: int = 0, frames: int = 240) -> Clip:
    """A shore above rippling water with glints, and a boat that crosses."""
    random = np.random.default_rng((seed, 8))
    y, x = canvas()
    background = ground(random)
    shore = 50
    # Waves farther away look smaller and flatter: rows are counted in perspective.
    depth = np.asarray(60 / np.maximum(y - (shore - 12), 1), np.float32)
    ripples, swell = Waves(random, (5, 14), (7, 22), 9), Waves(random, (30, 70), (30, 60), 4)
    paintwork = ground(random, 30, 60) + np.asarray((70, -20, -50), np.float32)
    rower = person(random, 30)
    for time in range(frames):
        frame, truth = background.copy(), blank()
        slope = ripples.at(time, 26 * depth, x * (0.35 + 0.25 * depth)) + 0.7 * swell.at(time, 30 * depth, x)
        mirrored = at(background, np.clip(2 * shore - y + 3 * slope, 0, shore), x + 2 * slope)
        level = 0.35 * mirrored + np.asarray((48, 62, 74), np.float32) + (17 * slope)[..., None]
        level += (90 * np.clip(slope - 1.7, 0, 1))[..., None]
        frame[shore:] = np.clip(level[shore:], 0, 255)
        left = 0.9 * (time - 60) - 50 if time < 190 else 67 - 1.6 * (time - 190)
        if time >= 60:
            bob = 1.2 * np.sin(0.25 * time)
            paint(frame, truth, *rower.seen(88 + bob, left + 24, 0.2 * time, y, x))
            v, u = y - np.float32(80 + bob), x - np.float32(left)
            hull = np.minimum(_box(v, u - 0.5 * v, 13, 48), _box(v, u + 0.5 * v - 6, 13, 46))
            paint(frame, truth, hull, at(paintwork, v, u))
        yield photographed(random, frame), _unknown_before(50, time, truth)


def majority(seed: int = 0, frames: int = 260) -> Clip:
    """People close to the camera, who cover more than half of the frame for most of the time."""
    random = np.random.default_rng((seed, 9))
    y, x = canvas()
    background = ground(random)
    people = [person(random, tall) for tall in (150, 165, 180, 200)]
    for time in range(frames):
        frame, truth = background.copy(), blank()
        for i, one in enumerate(people):
            # Each comes in after 40 frames, sways to and fro across half of the frame, and stands still now and then.
            inwards = np.interp(time, (30 + 6 * i, 60 + 10 * i), (1, 0))
            stroll = 40 * i + 20 + 26 * np.sin(0.05 * time * (1 + 0.3 * i) + 2.1 * i + np.sin(0.09 * time))
            side = -120 if i < 2 else 120
            foot = 150 + 14 * i
            paint(frame, truth, *one.seen(foot, stroll + side * inwards, 0.06 * time + i, y, x))
        yield photographed(random, frame), _unknown_before(25, time, truth)


def thermal(seed: int = 0, frames: int = 200) -> Clip:
    """Warm bodies seen by a thermal camera, in 16 bits of which few are used; all drifts slowly."""
    random = np.random.default_rng((seed, 10))
    y, x = canvas()
    background = 7600 + 2.2 * (ground(random, contrast=0.8).mean(axis=-1) - 120)
    people = passages(random, frames, every=30, begin=20)
    warmth = [random.uniform(140, 420) for _ in people]
    for time in range(frames):
        frame, truth = background + np.float32(12 * np.sin(0.02 * time)), blank()
        for one, heat in zip(people, warmth, strict=True):
            where = one.at(time)
            if where is not None:
                alpha, colours = one.who.seen(*where, y, x)
                frame += 0.06 * np.float32(heat) * ndimage.gaussian_filter(alpha, 5)  # the glow of the lens
                paint(frame, truth, alpha, frame + np.float32(heat) + 0.8 * (colours.mean(axis=-1) - 90))
        frame = frame + 18 * random.standard_normal(frame.shape, np.float32)
        yield np.clip(np.rint(frame), 0, 65535).astype(np.uint16), _unknown_before(30, time, truth)


SCENES: dict[str, Callable[..., Clip]] = {
    scene.__name__: scene
    for scene in (shapes, waving, jitter, light, shadow, bootstrap, ghost, water, majority, thermal)
}


def _unknown_before(first: int, time: int, truth: Truth) -> Truth:
    """The truth of a frame, which nobody can know before there was something to learn from."""
    return np.full_like(truth, UNKNOWN) if time < first else truth


def _near(middle: float, reach: float) -> slice:
    """The rows or columns within reach of a place that may lie outside."""
    return slice(max(0, int(middle - reach)), max(0, int(middle + reach) + 1))


def _walk(frame: Colours, truth: Truth, people: list[Passage], time: int, y: Plane, x: Plane) -> None:
    """Paint those who are in sight, the farther first, each within a window that holds them."""
    for one in people:
        where = one.at(time)
        if where is not None:
            foot, middle, _ = where
            high, wide = 1.1 * one.who.tall + 8, 0.4 * one.who.tall + 8
            window = np.s_[_near(foot - high / 2, high / 2 + 8), _near(middle, wide)]
            paint(frame[window], truth[window], *one.who.seen(*where, y[window], x[window]))


def _box(v: Plane, u: Plane, height: float, width: float) -> Plane:
    """How much of each pixel is in a box that begins at v = u = 0."""
    inside = np.minimum(np.minimum(v, height - v), np.minimum(u, width - u))
    return np.asarray(np.clip(inside + 0.5, 0, 1), np.float32)


def _car(paintwork: Colours, v: Plane, u: Plane) -> Colours:
    """The colours of a car: paint, windows above, wheels below."""
    colours = at(paintwork, v, u)
    colours[(v < 8) & (abs(u - 23) < 15)] = (60, 75, 90)
    colours[np.minimum(np.hypot(v - 20, u - 9), np.hypot(v - 20, u - 37)) < 5] = 25
    return np.clip(colours, 0, 255)
