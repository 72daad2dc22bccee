"""Pictures in two or three regions whose exact soft masks are known, all made here."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.files import image_of
from gmmseg.parts.tree import RegionTree

Plane = NDArray[np.float64]


def blurred(plane: Plane, times: int) -> Plane:
    """Binomial blurs along both axes."""
    for _ in range(times):
        for axis in (0, 1):
            padded = np.pad(plane, [(1, 1) if a == axis else (0, 0) for a in range(plane.ndim)], mode="edge")
            n = plane.shape[axis]
            parts = [np.take(padded, np.arange(i, n + i), axis) for i in range(3)]
            plane = parts[0] / 4 + parts[1] / 2 + parts[2] / 4
    return plane


def cloth(random: np.random.Generator, h: int, w: int, colour: Any, coarse: int, strength: float) -> Plane:
    """A texture about a colour : (h, w, 3)."""
    grain = blurred(random.standard_normal((h, w)), coarse)
    tint = blurred(random.standard_normal((h, w, 3)), coarse)
    made: Plane = np.asarray(colour) + strength * (grain[..., None] / grain.std() + 0.4 * tint / tint.std())
    return made


def disc(h: int, w: int, radius: float, soft: float) -> Plane:
    """Alpha of a disc whose edge is so many pixels wide."""
    y, x = np.mgrid[:h, :w]
    made: Plane = np.clip((radius - np.hypot(y - (h - 1) / 2, x - (w - 1) / 2)) / soft + 0.5, 0, 1)
    return made


def furry(random: np.random.Generator, h: int, w: int, radius: float, hairs: int = 260) -> Plane:
    """Alpha of a disc with hairs, bent and thinner to their ends, drawn four times as large."""
    q = 4
    body = disc(h * q, w * q, radius * q, 1) > 0.5
    for _ in range(hairs):
        angle = random.uniform(-np.pi, np.pi)
        length = random.uniform(6, 18) * q
        t = np.linspace(0, 1, int(length))
        way = angle + random.uniform(-0.5, 0.5) + random.uniform(-0.6, 0.6) * t
        y = h * q / 2 + 0.95 * radius * q * np.sin(angle) + np.cumsum(np.sin(way))
        x = w * q / 2 + 0.95 * radius * q * np.cos(angle) + np.cumsum(np.cos(way))
        half = random.uniform(0.4, 0.8) * q * (1 - 0.8 * t)
        for down in range(-3, 4):
            for right in range(-3, 4):
                on = np.hypot(down, right) <= half
                rows, columns = np.rint(y[on]).astype(int) + down, np.rint(x[on]).astype(int) + right
                seen = (rows >= 0) & (rows < h * q) & (columns >= 0) & (columns < w * q)
                body[rows[seen], columns[seen]] = True
    made: Plane = body.reshape(h, q, w, q).mean(axis=(1, 3))
    return made


def disturbed(random: np.random.Generator, alpha: Plane) -> NDArray[np.int32]:
    """Labels as a segmentation finds them: hairs lost, and borders off by a pixel or two."""
    h, w = alpha.shape
    body = blurred(alpha, 8) > 0.5
    moves = [blurred(random.standard_normal((h, w)), 40) for _ in range(2)]
    y, x = np.mgrid[:h, :w]
    rows = np.clip(np.rint(y + moves[0] / moves[0].std()), 0, h - 1).astype(int)
    columns = np.clip(np.rint(x + moves[1] / moves[1].std()), 0, w - 1).astype(int)
    found: NDArray[np.int32] = body[rows, columns].astype(np.int32)
    return found


def composed(random: np.random.Generator, alpha: Plane, inside: Plane, outside: Plane) -> NDArray[np.uint8]:
    """The picture of one cloth over another, with grain of its own."""
    noise = random.normal(0, 2, (*alpha.shape, 3))
    mixed = alpha[..., None] * inside + (1 - alpha[..., None]) * outside + noise
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def scenes(h: int = 150, w: int = 200) -> dict[str, tuple[NDArray[np.uint8], Plane, NDArray[np.int32]]]:
    """Pictures, alphas and disturbed labels by name."""
    random = np.random.default_rng(7)
    cloths = {
        "fur on grass": (cloth(random, h, w, (190, 150, 110), 2, 14), cloth(random, h, w, (70, 120, 50), 3, 16)),
        "smoke on stone": (cloth(random, h, w, (225, 225, 230), 30, 6), cloth(random, h, w, (110, 100, 95), 2, 20)),
    }
    made = {}
    for name, (inside, outside) in cloths.items():
        shapes = {
            "sharp": disc(h, w, 45, 1),
            "soft": disc(h, w, 45, 8),
            "hairy": furry(random, h, w, 42),
        }
        for shape, alpha in shapes.items():
            picture = composed(random, alpha, inside, outside)
            made[f"{shape} {name}"] = (picture, alpha, disturbed(random, alpha))
    return made


def tree_of(pixels: Any, labels: NDArray[np.integer[Any]], valid: Any = None) -> RegionTree:
    """A tree whose crumbs are these regions."""
    from dataclasses import replace

    from gmmseg.features import displayed

    image = image_of(pixels, name="scene.png")
    if valid is not None:
        image = replace(image, valid=valid)
        labels = np.where(valid, labels, -1)
    n = int(labels.max()) + 1
    merges = np.array([(n + t - 1 if t else 0, t + 1) for t in range(n - 1)], np.int32).reshape(-1, 2)
    heights = np.linspace(0.2, 0.9, n - 1)
    return RegionTree(image, displayed(image), labels.astype(np.int32), merges, heights, 0.1)


def stripes(h: int = 60, w: int = 90, k: int = 3) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Upright stripes with blurred borders, and a region across them: picture and labels."""
    random = np.random.default_rng(1)
    labels = np.repeat((np.arange(w) * k // w)[None], h, axis=0).astype(np.int32)
    labels[h // 2 :] = k
    colours = np.array([(40 + 190 * i // k, 200 - 150 * i // k, 60 + 50 * (i % 3)) for i in range(k + 1)], np.float64)
    plane = blurred(colours[labels], 2) + random.normal(0, 3, (h, w, 3))
    return np.clip(np.rint(plane), 0, 255).astype(np.uint8), labels
