"""Soft evidence of what each pixel shows: responsibilities of a mixture of its colours and of one of its textures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles, Floats
from gmmseg.crew import Crew
from gmmseg.mixture import Mixture, fit
from gmmseg.mixture.distinct import distinct_up_to
from gmmseg.mixture.rows import checked
from gmmseg.parts.growth.blurring import blurred
from gmmseg.parts.growth.recipe import Recipe

_CELL = 2.0  # of the colour space, that stand for one row
_TEXTURES = 6000  # rows that stand for all
_ROUGH = 1e-3  # gain in log-likelihood a row still to come
_SHARP = 2.0  # where the jets' logarithm takes over from a line


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known of each pixel.

    Attributes
    ----------
    lab : (3, h, w) float32
        The picture, slightly blurred.
    palettes : (k, h, w) float32
        Responsibilities of the mixture of its colours.
    textures : (m, ⌈h/2⌉, ⌈w/2⌉) float32
        Responsibilities of the mixture of its textures.
    """

    lab: Floats
    palettes: Floats
    textures: Floats


def evidence_of(planes: Floats, recipe: Recipe, seed: int, crew: Crew) -> Evidence:
    """The evidence in a picture in CIE Lab : (3, h, w) float32."""
    lab = blurred(planes, recipe.blur, crew)
    palette = _fitted(*_cells(lab), recipe.palettes, recipe.palette_floor, seed, crew)
    described = jets(planes[0], crew)
    rows = _rows(described)
    some = rows if len(rows) <= _TEXTURES else rows[_spread(len(rows), _TEXTURES, seed)]
    texture = _fitted(some, np.ones(len(some)), recipe.textures, recipe.texture_floor, seed, crew)
    return Evidence(lab, _shares(palette, lab, crew), _shares(texture, described, crew))


def jets(lightness: Floats, crew: Crew) -> Floats:
    """First and second derivatives of L* : (h, w) at two scales, at half the size : (10, ⌈h/2⌉, ⌈w/2⌉) float32.

    For s = 1, 2: s·gₓ, s·g_y, s²·gₓₓ, s²·g_yy, 2s²·gₓ_y, each compressed as sign(r)·log(1 + |r|/2): contrast is seen in
    ratios.
    """
    planes = []
    for s in (1, 2):
        soft = np.pad(blurred(lightness[None], s, crew)[0], 1, mode="edge")
        here, up, down = soft[1:-1, 1:-1], soft[:-2, 1:-1], soft[2:, 1:-1]
        left, right = soft[1:-1, :-2], soft[1:-1, 2:]
        corners = soft[2:, 2:] - soft[2:, :-2] - soft[:-2, 2:] + soft[:-2, :-2]
        planes += [s * (right - left) / 2, s * (down - up) / 2]
        planes += [s * s * (right - 2 * here + left), s * s * (down - 2 * here + up), s * s * corners / 2]
    stack = np.stack([plane[::2, ::2] for plane in planes]).astype(np.float32)
    compressed: Floats = np.sign(stack) * np.log1p(np.abs(stack) / np.float32(_SHARP))
    return compressed


def _cells(lab: Floats) -> tuple[Floats, Doubles]:
    """The mean colour in each occupied cell of the colour space, and how many pixels it stands for.

    They do not depend on where the pixels are, so a mirrored picture has the same.
    """
    places = np.floor(lab / np.float32(_CELL)).astype(np.int64).reshape(3, -1)
    codes = ((places[0] + 1024) * 2048 + places[1] + 1024) * 2048 + places[2] + 1024
    found, index, counts = np.unique(codes, return_inverse=True, return_counts=True)
    means = [np.bincount(index, plane.ravel(), minlength=len(found)) / counts for plane in lab]
    return np.stack(means, axis=1).astype(np.float32), counts.astype(np.float64)


def _spread(n: int, count: int, seed: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """One of each of `count` equal stretches of range(n)."""
    places = (np.arange(count) + np.random.default_rng(seed).random(count)) * (n / count)
    return np.minimum(places.astype(np.int64), n - 1)


def _fitted(rows: Floats, weights: Doubles, k: int, floor: float, seed: int, crew: Crew) -> Mixture:
    few = distinct_up_to(checked(rows, None), k)
    return fit(
        rows,
        few,
        weights=weights,
        start="kmeans++",
        resolution=np.sqrt(floor),
        tolerance=_ROUGH,
        max_iterations=15,
        seed=seed,
        threads=crew.threads,
    ).mixture


def _rows(planes: Floats) -> Floats:
    return np.ascontiguousarray(planes.reshape(len(planes), -1).T)


def _shares(mixture: Mixture, planes: Floats, crew: Crew) -> Floats:
    """Responsibilities at every pixel : (k, h, w)."""
    shares = mixture.responsibilities(_rows(planes), threads=crew.threads)
    return np.ascontiguousarray(shares.T).reshape(mixture.k, *planes.shape[1:])
