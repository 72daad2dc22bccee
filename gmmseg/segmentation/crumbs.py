"""Pieces too small to matter, absorbed by their neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gmmseg.segmentation.pieces import Pieces, areas_of, borders_of, labelled, labels_of, pieces_of, united


def absorbed(pieces: Pieces, count: int, least: float) -> NDArray[np.int64]:
    """The piece that each piece ends up in : (count,), when those of fewer than `least` pixels join a neighbour.

    A crumb joins the neighbour with which it shares the longest border, the larger one of equals; in rounds, until
    what joined is large enough or has no neighbours left. A piece keeps the name of its largest part.
    """
    names = np.arange(count)
    areas = areas_of(pieces, count)
    if count == 0 or areas.min() >= least:
        return names
    original = areas.copy()
    borders = borders_of(pieces)
    while len(borders.pairs):
        either = np.concatenate([borders.pairs, borders.pairs[:, ::-1]])
        lengths = np.concatenate([borders.lengths, borders.lengths])
        small = areas[either[:, 0]] < least
        if not small.any():
            break
        either, lengths = either[small], lengths[small]
        # The last of each crumb's borders in this order is the one it gives way to.
        order = np.lexsort((-either[:, 1], areas[either[:, 1]], lengths, either[:, 0]))
        crumbs = either[order, 0]
        last = np.append(crumbs[1:] != crumbs[:-1], True)
        joined = united(count, either[order[last]], original)
        names = joined[names]
        borders = borders.renamed(joined)
        areas = np.bincount(joined, areas, minlength=count).astype(np.int64)
    return names


def cleaned(labels: NDArray[np.int16], least: float) -> NDArray[np.int16]:
    """The label image with its crumbs absorbed."""
    pieces, count = pieces_of(labels)
    names = absorbed(pieces, count, least)
    if (names == np.arange(count)).all():
        return labels
    own = labels_of(pieces, count, labels)
    return labelled(pieces, own[names])
