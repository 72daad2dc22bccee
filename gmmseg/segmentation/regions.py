"""The connected parts of a picture: pieces of its segments, with crumbs absorbed and faint borders dissolved."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles
from gmmseg.segmentation.contrast import contrasts, lab_cells
from gmmseg.segmentation.crumbs import absorbed
from gmmseg.segmentation.pieces import Borders, Pieces, areas_of, pieces_of, renumbered, united

_DIAGONAL = 578  # of the picture, in steps
_CRUMB = 60 / (481 * 321)  # share of the picture under which a region is a crumb
_UNLIKE = 0.2  # what wholly different colours add to the cost of a border
_BLUR = 25.0  # variance in CIE Lab that regions are granted when their colours are compared
_SIZE = 0.0975  # power of the regions' joint size
_POINT = 9e-5  # share of the picture below which smaller makes no difference
_PRODUCTS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
_WHOLE = [0, 1, 2, 1, 3, 4, 2, 4, 5]  # a symmetric matrix from these


def regions_of(labels: NDArray[np.int16], picture: NDArray[np.uint8], join: float) -> Pieces:
    """Regions, numbered from 0 in reading order : (h, w) int32, −1 where left out.

    Neighbouring pieces are joined, the cheapest first, until joining costs more than `join` everywhere:

        c = [C̄ + 0.2 (1 − e^−D)] · (a b / (a + b) + 9·10⁻⁵)^0.0975

    with C̄ the mean contrast along their border, D the Bhattacharyya distance of the Gaussians of their colours, and a
    and b their areas as shares of the picture: what one Gaussian explains as well as two, with no edge between, is one
    region, and small ones give way earlier. (Colour distances, histograms of components, texture and spectral
    embeddings of the graph of regions were tried beside these two terms, and added nothing.)

    picture : (h, w, 3) uint8 sRGB. join : 0 joins none.
    """
    pieces, count = pieces_of(labels)
    pieces, count = renumbered(pieces, absorbed(pieces, count, _CRUMB * labels.size))
    if join > 0 and count > 1:
        step = max(1, round(hypot(*labels.shape) / _DIAGONAL))
        lab = lab_cells(picture, step)
        # A quarter of the cells says as much about the colours of a region as all.
        looks = slice(step // 2, None, 2 * step)
        colours = _Colours.of(pieces[looks, looks], lab[::2, ::2], count)
        names = _joined(contrasts(pieces, picture, lab, step), areas_of(pieces, count), colours, join)
        pieces, _ = renumbered(pieces, names)
    return pieces


@dataclass(frozen=True, eq=False)
class _Colours:
    """Sums over the pixels of each region: how many, colours, and their products; they add up when regions join."""

    counts: Doubles
    sums: Doubles
    products: Doubles

    @classmethod
    def of(cls, pieces: Pieces, lab: NDArray[np.float32], count: int) -> _Colours:
        """From pieces : (h, w) and colours : at least (h, w, 3)."""
        inside = pieces >= 0
        names, values = pieces[inside], lab[: pieces.shape[0], : pieces.shape[1]][inside].astype(np.float64)
        values -= values.mean(axis=0)

        def totals(column: Doubles) -> Doubles:
            return np.bincount(names, column, minlength=count).astype(np.float64)

        sums = np.stack([totals(column) for column in values.T], axis=1)
        products = np.stack([totals(values[:, i] * values[:, j]) for i, j in _PRODUCTS], axis=1)
        return cls(totals(np.ones(len(names))), sums, products)

    def joined(self, names: NDArray[np.int64]) -> _Colours:
        """After region i became a part of names[i]."""

        def added(columns: Doubles) -> Doubles:
            sums = np.zeros_like(columns)
            np.add.at(sums, names, columns)
            return sums

        return _Colours(added(self.counts), added(self.sums), added(self.products))

    def unlike(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> Doubles:
        """1 − e^−D for pairs of regions : (e,), from 0 for the same colours to 1."""
        first, second = self._gaussian(a), self._gaussian(b)
        both = (first[1] + second[1]) / 2
        apart = first[0] - second[0]
        mahalanobis = np.einsum("ei,ei->e", apart, np.linalg.solve(both, apart[..., None])[..., 0])
        volumes = np.linalg.det(both) / np.sqrt(np.linalg.det(first[1]) * np.linalg.det(second[1]))
        return np.asarray(1 - np.exp(-mahalanobis / 8) / np.sqrt(volumes))

    def _gaussian(self, i: NDArray[np.int64]) -> tuple[Doubles, Doubles]:
        # A region too thin to have been looked at has the picture's mean colour.
        counts = np.maximum(self.counts[i], 1)
        means = self.sums[i] / counts[:, None]
        squares = (self.products[i] / counts[:, None])[:, _WHOLE].reshape(-1, 3, 3)
        covariances = squares - means[:, :, None] * means[:, None, :]
        return means, covariances + _BLUR * np.eye(3)


def _joined(borders: Borders, areas: NDArray[np.int64], colours: _Colours, limit: float) -> NDArray[np.int64]:
    """The region each becomes a part of. In every round all pairs join that are each other's cheapest neighbour."""
    names = np.arange(len(areas))
    original, total = areas, areas.sum()
    while len(borders.pairs):
        a, b = borders.pairs.T
        size = (areas[a] / total * (areas[b] / (areas[a] + areas[b])) + _POINT) ** _SIZE
        costs = (borders.totals / borders.lengths + _UNLIKE * colours.unlike(a, b)) * size
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
        borders, colours = borders.renamed(joined), colours.joined(joined)
        areas = np.bincount(joined, areas, minlength=len(areas)).astype(np.int64)
    return names
