"""Soft evidence of what each pixel shows: responsibilities of a mixture of its colours and of one of its textures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles, Floats
from gmmseg.crew import Crew
from gmmseg.mixture import Mixture, fit
from gmmseg.parts.growth.blurring import blurred
from gmmseg.parts.growth.halving import halved
from gmmseg.parts.growth.recipe import Recipe
from gmmseg.parts.growth.splitting import split
from gmmseg.parts.growth.starting import seeded

_CELL = 2.0  # of the colour space, that stand for one row
_TEXTURES = 6000  # rows that stand for all
_STEPS = 20  # of EM, at most
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
    colours, counts = _cells(lab)
    start = split(colours, counts, recipe.palettes, recipe.palette_floor)
    palette = _climbed(colours, counts, start, recipe.palette_floor, crew)
    described = jets(planes[0], crew)
    some = _some(_rows(described))
    alike = np.ones(len(some))
    begun = seeded(some, alike, recipe.textures, recipe.texture_floor, seed)
    texture = _climbed(some, alike, begun, recipe.texture_floor, crew)
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
        # Bracketed so that a mirrored picture has the same bits.
        corners = (soft[2:, 2:] - soft[2:, :-2]) - (soft[:-2, 2:] - soft[:-2, :-2])
        planes += [s * (right - left) / 2, s * (down - up) / 2]
        planes += [s * s * ((right + left) - 2 * here), s * s * ((down + up) - 2 * here), s * s * corners / 2]
    stack = np.stack(planes).astype(np.float32, copy=False)
    return halved(np.sign(stack) * np.log1p(np.abs(stack) / np.float32(_SHARP)), crew)


def _cells(lab: Floats) -> tuple[Floats, Doubles]:
    """The mean colour in each occupied cell of the colour space, and how many pixels it stands for.

    They do not depend on where the pixels are, so a mirrored picture has the same.
    """
    places = np.floor(lab / np.float32(_CELL)).astype(np.int64).reshape(3, -1)
    codes = ((places[0] + 1024) * 2048 + places[1] + 1024) * 2048 + places[2] + 1024
    found, index, counts = np.unique(codes, return_inverse=True, return_counts=True)
    means = [np.bincount(index, plane.ravel(), minlength=len(found)) / counts for plane in lab]
    return np.stack(means, axis=1).astype(np.float32), counts.astype(np.float64)


def _some(rows: Floats) -> Floats:
    """At most so many rows, from the weakest contrast to the strongest, an equal number of rows apart.

    They do not depend on where the pixels are either.
    """
    contrast = np.einsum("nd,nd->n", rows, rows)
    order = np.argsort(contrast, kind="stable")
    places = (np.arange(min(_TEXTURES, len(rows))) + 0.5) * (len(rows) / min(_TEXTURES, len(rows)))
    return rows[order[places.astype(np.int64)]]


def _climbed(rows: Floats, weights: Doubles, start: Mixture, floor: float, crew: Crew) -> Mixture:
    return fit(
        rows,
        start.k,
        weights=weights,
        start=start,
        resolution=np.sqrt(floor),
        tolerance=_ROUGH,
        max_iterations=_STEPS,
        threads=crew.threads,
    ).mixture


def _rows(planes: Floats) -> Floats:
    return np.ascontiguousarray(planes.reshape(len(planes), -1).T)


def _shares(mixture: Mixture, planes: Floats, crew: Crew) -> Floats:
    """Responsibilities at every pixel : (k, h, w)."""
    shares = mixture.responsibilities(_rows(planes), threads=crew.threads)
    return np.ascontiguousarray(shares.T).reshape(mixture.k, *planes.shape[1:])
