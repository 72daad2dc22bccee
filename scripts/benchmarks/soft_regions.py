"""Measures soft masks of regions: how near they come to exact alphas, by what means, and how long they take.

A textured disc with a sharp or a soft edge, and a hairy one, is laid over another texture; pictures of scikit-image
are the textures. The regions are the truth as a segmentation finds it: hairs lost, borders off by a pixel or two.
MSE is the mean square of what masks are off near borders, times 1,000, and SAD the sum of all that is off, in
thousands of pixels.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage import data, draw

from gmmseg.parts.softness.depth import depths
from gmmseg.parts.softness.gaussians import Gaussians, gaussians_of
from gmmseg.parts.softness.lattice import lattice_of
from gmmseg.parts.softness.mixing import mixed
from gmmseg.parts.softness.segmenting import segmentation_of
from gmmseg.parts.softness.shares import RegionShares
from gmmseg.parts.tree import RegionTree

Plane = NDArray[np.float64]
Method = Callable[[NDArray[np.uint8], NDArray[np.int32]], Plane]
PAIRS: tuple[tuple[str, str], ...] = (
    ("cat", "sky"),
    ("cat", "grass"),
    ("coffee", "gravel"),
    ("grass", "brick"),
    ("moon", "coffee"),
)
PAIRS += (("astronaut", "grass"), ("brick", "moon"), ("sky", "cat"))


def main() -> int:
    """Run the parts asked for, and print a table of each."""
    parts: dict[str, Callable[[], None]] = {"methods": methods, "sizes": sizes, "time": large}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=parts, help="leave out the other parts")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}")
    for name, part in parts.items():
        if options.only is None or name in options.only:
            part()
    return 0


def methods() -> None:
    """What each part of the method brings, on 24 pictures of 320 × 240."""
    several: dict[str, Method] = {"the regions themselves": lambda _, labels: labels.astype(np.float64)}
    for sigma in (1.0, 1.5, 2.0, 3.0):
        several[f"blurred by a Gaussian of {sigma:g} pixels"] = _blurring(sigma)
    for radius in (3, 5, 8):
        several[f"guided filter of the regions, radius {radius}"] = _guiding(radius)
    several["one Gaussian for all of a region"] = _of_whole_regions
    several["mixing alone, without linear functions"] = _mixed_alone
    several["ours"] = ours
    _table(several, list(made(1)))


def sizes() -> None:
    """The same scenes enlarged."""
    for scale in (2, 4):
        print(f"\n{320 * scale} × {240 * scale}")
        several: dict[str, Method] = {"the regions themselves": lambda _, labels: labels.astype(np.float64)}
        several |= {"blurred, as wide as the size": _blurring(2.0 * scale), "ours": ours}
        _table(several, list(made(scale, PAIRS[:3])))


def large() -> None:
    """Twelve megapixels in twelve regions."""
    random = np.random.default_rng(0)
    height, width = 3000, 4000
    scene = np.kron(data.coffee()[:375, :500], np.ones((8, 8, 1), np.uint8)).astype(np.int16)
    picture = np.clip(scene + random.integers(-4, 5, (height, width, 1)), 0, 255).astype(np.uint8)
    y, x = np.mgrid[:height, :width]
    down = np.clip(y + 150 * np.sin(x / 120), 0, height - 1).astype(np.int32) // 1000
    labels = 4 * down + np.clip(x + 100 * np.sin(y / 77), 0, width - 1).astype(np.int32) // 1000
    from gmmseg.files import image_of

    tree = RegionTree(image_of(picture), picture, labels, np.zeros((11, 2), np.int32), np.zeros(11), 0.0)
    for turn in range(3):
        begun = time.perf_counter()
        seg = segmentation_of(tree, labels)
        made_, begun = time.perf_counter() - begun, time.perf_counter()
        for _ in seg.shares.bands():
            pass
        if turn:
            print(f"12 megapixels, 12 regions: {made_:.2f} s, and {time.perf_counter() - begun:.2f} s for all masks")


def ours(picture: NDArray[np.uint8], labels: NDArray[np.int32]) -> Plane:
    """The soft mask of region 1."""
    shares = RegionShares.of(picture, labels.astype(np.int16), 2, ())
    return shares.band(0, len(labels))[..., 1].astype(np.float64)


def _blurring(sigma: float) -> Method:
    return lambda _, labels: ndimage.gaussian_filter(labels.astype(np.float64), sigma)


def _guiding(radius: int) -> Method:
    """The guided filter (He, Sun and Tang 2010) as it was published, with ε = 10⁻³."""

    def filtered(picture: NDArray[np.uint8], labels: NDArray[np.int32]) -> Plane:
        guide, plane = picture / 255, labels.astype(np.float64)

        def box(planes: NDArray[Any]) -> Any:
            return ndimage.uniform_filter(planes, (2 * radius + 1,) * 2 + (0,) * (planes.ndim - 2), mode="nearest")

        mean, own = box(guide), box(plane)
        products = guide[..., :, None] * guide[..., None, :]
        covariance = box(products.reshape(*plane.shape, 9)).reshape(products.shape)
        covariance += 1e-3 * np.eye(3) - mean[..., :, None] * mean[..., None, :]
        both = box(guide * plane[..., None]) - mean * own[..., None]
        slopes = np.linalg.solve(covariance, both[..., None])[..., 0]
        constants = own - (slopes * mean).sum(axis=2)
        return np.asarray(np.clip((box(slopes) * guide).sum(axis=2) + box(constants), 0, 1), np.float64)

    return filtered


def _mixed_alone(picture: NDArray[np.uint8], labels: NDArray[np.int32]) -> Plane:
    return _mixing(picture, labels, whole=False)


def _of_whole_regions(picture: NDArray[np.uint8], labels: NDArray[np.int32]) -> Plane:
    return _mixing(picture, labels, whole=True)


def _mixing(picture: NDArray[np.uint8], labels: NDArray[np.int32], *, whole: bool) -> Plane:
    """Shares as they are before linear functions smooth them; from the Gaussians of whole regions where asked."""
    lattice = lattice_of(picture, labels)
    depth = depths(lattice.labels, lattice.reach)
    local = gaussians_of(lattice, depth)
    if whole:
        sums = local.sums.copy()
        for region in (0, 1):
            mine = local.owners == region
            sums[mine, 1:] = sums[mine, 1:].sum(axis=0)
        local = Gaussians(local.owners, sums, local.step, local.top, local.left)
    _, shares = mixed(lattice, depth, local)
    other: Plane = shares[..., 0].astype(np.float64)
    return np.where(labels == 1, 1 - other, other)


def _table(several: dict[str, Method], scenes: list[tuple[str, NDArray[np.uint8], Plane, NDArray[np.int32]]]) -> None:
    shapes = sorted({shape for shape, *_ in scenes}, reverse=True)
    print(f"\n{'MSE · 1000, SAD / 1000':42s}" + "".join(f"{shape:>17s}" for shape in [*shapes, "mean"]))
    for name, method in several.items():
        found: dict[str, list[tuple[float, float]]] = {shape: [] for shape in shapes}
        for shape, picture, alpha, labels in scenes:
            off = method(picture, labels) - alpha
            near = ((alpha > 0.01) & (alpha < 0.99)) | ((alpha > 0.5) != (labels > 0))
            near = ndimage.binary_dilation(near, iterations=6 * len(alpha) // 240)
            found[shape].append((1e3 * float(np.mean(off[near] ** 2)), float(np.abs(off).sum()) / 1e3))
        means = [np.mean(values, axis=0) for values in found.values()]
        cells = "".join(f"{mse:9.2f} {sad:7.3f}" for mse, sad in [*means, np.mean(means, axis=0)])
        print(f"  {name:40s}{cells}")


def made(
    scale: int, pairs: tuple[tuple[str, str], ...] = PAIRS
) -> Iterator[tuple[str, NDArray[np.uint8], Plane, NDArray[np.int32]]]:
    """Shapes, pictures, alphas, and regions that were found."""
    height, width = 240 * scale, 320 * scale
    random = np.random.default_rng(0)
    cloths = _cloths(height, width, scale)
    alphas = {
        "sharp": _disc(height, width, 70 * scale, 1),
        "soft": _disc(height, width, 70 * scale, 9 * scale),
        "hairy": _hairy(random, height, width, scale),
    }
    for shape, alpha in alphas.items():
        for inside, outside in pairs:
            part = alpha[..., None]
            mixture = part * cloths[inside] + (1 - part) * cloths[outside] + random.normal(0, 2, (height, width, 3))
            picture = np.clip(np.rint(mixture), 0, 255).astype(np.uint8)
            yield shape, picture, alpha, _found(random, alpha, scale)


def _cloths(height: int, width: int, scale: int) -> dict[str, Plane]:
    def cut(pixels: NDArray[Any], top: int = 0, left: int = 0, tint: tuple[float, ...] = (1, 1, 1)) -> Plane:
        planes = pixels[..., None].repeat(3, axis=2) if pixels.ndim == 2 else pixels
        part = planes[top:, left:][: height // scale, : width // scale].astype(np.float64)
        missing = [(0, height // scale - part.shape[0]), (0, width // scale - part.shape[1]), (0, 0)]
        part = np.pad(part, missing, mode="reflect")
        return np.asarray(ndimage.zoom(part, (scale, scale, 1), order=1) * tint, np.float64)

    return {
        "sky": cut(data.rocket()),
        "cat": cut(data.chelsea(), 60, 120),
        "coffee": cut(data.coffee(), 120, 160),
        "grass": cut(data.grass(), tint=(0.62, 0.95, 0.4)),
        "brick": cut(data.brick(), tint=(1, 0.75, 0.62)),
        "gravel": cut(data.gravel(), tint=(0.9, 0.95, 1.05)),
        "moon": cut(data.moon(), 100, 100),
        "astronaut": cut(data.astronaut(), 0, 100),
    }


def _disc(height: int, width: int, radius: float, soft: float) -> Plane:
    y, x = np.mgrid[:height, :width]
    away = np.hypot((y - height / 2) * 1.1, x - width / 2)
    return np.asarray(np.clip((radius - away) / soft + 0.5, 0, 1), np.float64)


def _hairy(random: np.random.Generator, height: int, width: int, scale: int, hairs: int = 500) -> Plane:
    """A wavy disc with hairs, bent and thinner to their ends, drawn four times as large."""
    q = 4
    shape = (height * q, width * q)
    y, x = np.mgrid[: shape[0], : shape[1]]

    def radius(angle: Any) -> Any:
        return 62 * scale * q * (1 + 0.12 * np.sin(3 * angle + 1) + 0.06 * np.sin(7 * angle))

    body = np.hypot(y - shape[0] / 2, x - shape[1] / 2) < radius(np.arctan2(y - shape[0] / 2, x - shape[1] / 2))
    for _ in range(hairs):
        angle = random.uniform(-np.pi, np.pi)
        t = np.linspace(0, 1, int(random.uniform(8, 26) * q * scale))
        way = angle + random.uniform(-0.5, 0.5) + random.uniform(-0.6, 0.6) * t
        half = random.uniform(0.35, 0.8) * q * scale * (1 - 0.8 * t)
        down = shape[0] / 2 + 0.94 * radius(angle) * np.sin(angle) + np.cumsum(np.sin(way))
        right = shape[1] / 2 + 0.94 * radius(angle) * np.cos(angle) + np.cumsum(np.cos(way))
        for row, column, size in zip(down[::2], right[::2], half[::2], strict=True):
            body[draw.disk((row, column), max(0.6, size), shape=shape)] = True
    return np.asarray(body.reshape(height, q, width, q).mean(axis=(1, 3)), np.float64)


def _found(random: np.random.Generator, alpha: Plane, scale: int) -> NDArray[np.int32]:
    """Regions whose hairs are lost and whose borders are off by a pixel or two."""
    body = ndimage.gaussian_filter(alpha, 2.0 * scale) > 0.5
    moves = [ndimage.gaussian_filter(random.standard_normal(alpha.shape), 5 * scale) for _ in range(2)]
    y, x = np.mgrid[: alpha.shape[0], : alpha.shape[1]]
    places = [at + 0.9 * scale * move / move.std() for at, move in zip((y, x), moves, strict=True)]
    return np.asarray(ndimage.map_coordinates(body.astype(float), places, order=0, mode="nearest"), np.int32)


if __name__ == "__main__":
    raise SystemExit(main())
