"""One polygon for each piece of a picture, holes and all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gmmseg.segmentation.pieces import Pieces

Ring = NDArray[np.int32]


def polygons(pieces: Pieces) -> Iterator[tuple[int, Ring]]:
    """Number and outline : (n, 2) of each piece, x and y of the corners of pixels.

    Formats that know no holes are satisfied with keyholes: from each hole's first corner a slit of no width runs
    straight up to what surrounds it, along which the outline goes in and out again. It adds nothing to the area, and
    fills to exactly the pixels of the piece.
    """
    from gmmseg.outputs.tracing import traced

    points, starts, owners = traced(pieces)
    order = np.argsort(owners, kind="stable")
    firsts = np.flatnonzero(np.diff(owners[order], prepend=-1))
    for group in np.split(order, firsts[1:]) if len(order) else []:
        rings = [points[starts[ring] : starts[ring + 1]] for ring in group]
        yield int(owners[group[0]]), _keyholed(rings)


def _keyholed(rings: list[Ring]) -> Ring:
    """The outer ring, which is the first, with the holes, the others, let in."""
    outline = rings[0]
    # What is above a hole's top is the outer ring or a hole that begins higher, and is part of the outline by then.
    holes = [np.roll(ring, -int(np.lexsort((ring[:, 0], ring[:, 1]))[0]), axis=0) for ring in rings[1:]]
    for hole in sorted(holes, key=lambda ring: int(ring[0, 1])):
        x, y = hole[0]
        ahead = np.roll(outline, -1, axis=0)
        flat = outline[:, 1] == ahead[:, 1]
        under = np.minimum(outline[:, 0], ahead[:, 0]) <= x
        over = np.maximum(outline[:, 0], ahead[:, 0]) >= x
        above = np.flatnonzero(flat & under & over & (outline[:, 1] < y))
        at = above[np.argmax(outline[above, 1])]
        landing = np.array([[x, outline[at, 1]]], np.int32)
        outline = np.concatenate([outline[: at + 1], landing, hole, hole[:1], landing, outline[at + 1 :]])
    return outline
