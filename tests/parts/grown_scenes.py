"""Pictures whose regions are known to the pixel, all made here, and how far two cuts of one are apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gmmseg.evaluate.agreement import variation_of_information
from gmmseg.evaluate.contingency import contingency

IMAGES = Path(__file__).resolve().parents[2] / "images"

Labels = NDArray[np.int32]
Pixels = NDArray[np.uint8]


def apart(one: NDArray[np.integer], other: NDArray[np.integer]) -> float:
    """The variation of information between two label images, in bits."""
    return variation_of_information(contingency(one, other))


def shapes(h: int, w: int) -> Labels:
    """A ground, a disc, a tilted bar and a wedge in a corner : (h, w), from 0 to 3."""
    y, x = np.mgrid[:h, :w] / min(h, w)
    labels = np.zeros((h, w), np.int32)
    labels[(y - 0.45) ** 2 + (x - 0.4) ** 2 < 0.06] = 1
    labels[(np.abs(y - 0.5 - 0.4 * (x - 1.1)) < 0.12) & (x > 0.75)] = 2
    labels[x + 1.5 * y < 0.3] = 3
    return labels


def quarters(h: int, w: int) -> Labels:
    """Four fields with a square in the middle : (h, w), from 0 to 4."""
    y, x = np.mgrid[:h, :w]
    labels: Labels = (2 * (y >= h // 2) + (x >= w // 2)).astype(np.int32)
    labels[h // 3 : h - h // 3, w // 3 : w - w // 3] = 4
    return labels


def painted(labels: Labels, colours: list[tuple[int, int, int]], grain: float = 0.0, seed: int = 0) -> Pixels:
    """Each label in its colour, with noise : (h, w, 3) uint8."""
    plain = np.array(colours, np.float64)[labels]
    noise = grain * np.random.default_rng(seed).standard_normal(plain.shape)
    return np.clip(np.rint(plain + noise), 0, 255).astype(np.uint8)


def woven(labels: Labels, seed: int = 0) -> Pixels:
    """Each label filled with a texture: fur, wood, stripes, grain, checks, fine before coarse : (h, w, 3) uint8."""
    h, w = labels.shape
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:h, :w]
    stripes = 120 + 40 * np.sin((x + 2 * y) / 2.2)
    checks = 110 + 50 * np.sign(np.sin(x / 2.5) * np.sin(y / 2.5))
    grain = 130 + 22 * random.standard_normal((h, w))
    fills = [
        cropped("chelsea", 130, 60, h, w),
        stripes[..., None] * [1.0, 0.95, 0.8],
        cropped("coffee", 10, 330, h, w),
        grain[..., None] * [0.8, 1.0, 0.9],
        checks[..., None] * [0.9, 0.9, 1.1],
    ]
    picked = np.stack(fills)[labels, y, x]
    made: Pixels = np.clip(picked + 2 * random.standard_normal(picked.shape), 0, 255).astype(np.uint8)
    return made


def cropped(name: str, top: int, left: int, h: int, w: int) -> NDArray[np.float64]:
    """A small crop of a sample photo, mirrored to and fro until it is large enough : (h, w, 3)."""
    with Image.open(IMAGES / f"{name}.jpg") as image:
        crop = np.asarray(image.convert("RGB"), np.float64)[top : top + 48, left : left + 48]
    tile = np.concatenate([crop, crop[:, ::-1]], axis=1)
    tile = np.concatenate([tile, tile[::-1]])
    return np.tile(tile, (h // 96 + 1, w // 96 + 1, 1))[:h, :w]
