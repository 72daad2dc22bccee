"""The connected parts of a picture: pieces of its segments, with crumbs absorbed and faint borders dissolved."""

from __future__ import annotations

from math import hypot

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats
from gmmseg.features.colour import converted
from gmmseg.segmentation.crumbs import absorbed
from gmmseg.segmentation.pieces import Borders, Pieces, areas_of, borders_of, pieces_of, renumbered, united

_DIAGONAL = 578  # of the picture, in cells of about a pixel, on which contrast is measured
_REACH = 3  # cells to either side of a border
_CRUMB = 60 / (481 * 321)  # share of the picture under which a region is a crumb
_SIZE = 0.0975  # power of the regions' joint size in the cost of joining them
_POINT = 9e-5  # share of the picture below which smaller makes no difference


def regions_of(labels: NDArray[np.int16], picture: NDArray[np.uint8], join: float) -> Pieces:
    """Regions, numbered from 0 in reading order : (h, w) int32, −1 where left out.

    Neighbouring pieces whose border is faintest are joined, until what it costs is more than `join` everywhere:

        c = C̄ · (a b / (a + b) + 9·10⁻⁵)^0.0975

    with C̄ the mean contrast e / (e + 4) along the border, e being the distance of the colours (CIE Lab) on its two
    sides, and a and b the areas as shares of the picture. Small regions so give way earlier. Of the terms tried beside
    contrast (distance of mean colours, of histograms of components, of Gaussians) none is worth its place.

    picture : (h, w, 3) uint8 sRGB. join : 0 joins none.
    """
    pieces, count = pieces_of(labels)
    pieces, count = renumbered(pieces, absorbed(pieces, count, _CRUMB * labels.size))
    if join > 0 and count > 1:
        step = max(1, round(hypot(*labels.shape) / _DIAGONAL))
        lab = _blurred(_lab_cells(picture, step))
        names = _joined(borders_of(pieces, lab, step, _REACH), areas_of(pieces, count), join)
        pieces, _ = renumbered(pieces, names)
    return pieces


def _joined(borders: Borders, areas: NDArray[np.int64], limit: float) -> NDArray[np.int64]:
    """The region each becomes a part of. In every round all pairs join that are each other's cheapest neighbour."""
    names = np.arange(len(areas))
    original, total = areas, areas.sum()
    while len(borders.pairs):
        a, b = borders.pairs.T
        size = (areas[a] / total * (areas[b] / (areas[a] + areas[b])) + _POINT) ** _SIZE
        costs = borders.totals / borders.lengths * size
        # Rank makes equal costs different, so that mutual choices cannot run in a circle.
        rank = np.empty(len(costs), np.int64)
        rank[np.argsort(costs, kind="stable")] = np.arange(len(costs))
        cheapest = np.full(len(areas), len(costs))
        np.minimum.at(cheapest, a, rank)
        np.minimum.at(cheapest, b, rank)
        mutual = (cheapest[a] == rank) & (cheapest[b] == rank) & (costs <= limit)
        if not mutual.any():
            break
        joined = united(len(areas), borders.pairs[mutual], original)
        names = joined[names]
        borders = borders.renamed(joined)
        areas = np.bincount(joined, areas, minlength=len(areas)).astype(np.int64)
    return names


def _lab_cells(picture: NDArray[np.uint8], step: int) -> Floats:
    """CIE Lab of the mean colour of cells : (h', w', 3) float32."""
    if step == 1:
        return converted(picture.reshape(-1, 3), "lab").reshape(picture.shape)
    h, w, _ = picture.shape
    down = np.arange(0, h, step)
    across = np.arange(0, w, step)
    rows = np.stack([picture[y : y + step].sum(axis=0, dtype=np.uint32) for y in down])
    sums = np.add.reduceat(rows, across, axis=1)
    sizes = np.diff(np.append(down, h))[:, None, None] * np.diff(np.append(across, w))[None, :, None]
    means = (sums / (255 * sizes)).astype(np.float32)
    return converted(means.reshape(-1, 3), "lab").reshape(means.shape)


def _blurred(planes: Floats) -> Floats:
    """Three passes of the binomial (1 4 6 4 1)/16, a Gaussian of σ = 1.7, along both axes."""
    for _ in range(3):
        for axis in (0, 1):
            pad = [(0, 0)] * 3
            pad[axis] = (2, 2)
            padded = np.moveaxis(np.pad(planes, pad, mode="edge"), axis, 0)
            n = planes.shape[axis]
            mixed = padded[2 : n + 2] * np.float32(6 / 16)
            mixed += (padded[1 : n + 1] + padded[3 : n + 3]) * np.float32(4 / 16)
            mixed += (padded[:n] + padded[4 : n + 4]) * np.float32(1 / 16)
            planes = np.moveaxis(mixed, 0, axis)
    return np.ascontiguousarray(planes)
