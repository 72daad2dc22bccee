"""Small trees of regions, made by hand and by chance; and what a cut is, word for word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gmmseg import RegionTree
from gmmseg.files import GeoTag, image_of
from gmmseg.segmentation.pieces import pieces_of

GEO = (
    GeoTag(33550, 12, 3, (10.0, 10.0, 0.0)),
    GeoTag(33922, 12, 6, (0.0, 0.0, 0.0, 399960.0, 5800020.0, 0.0)),
    GeoTag(34735, 3, 8, (1, 1, 0, 1, 1024, 0, 1, 1)),
    GeoTag(34737, 2, 7, "WGS 84|"),
    GeoTag(42112, 2, 43, '<GDALMetadata><Item name="a">x</Item></GDALMetadata>'),
    GeoTag(42113, 2, 6, "-9999"),
)


def tree_of(labels: Any, heights: Sequence[float] | None = None, seed: int = 0, **fields: Any) -> RegionTree:
    """A tree of the connected parts of a label image, merged in an order of chance; −1 is left out.

    heights : as many as merges, or fewer, then some are the same; by default all different, up to 0.9
    fields : of the picture
    """
    crumbs, n = pieces_of(np.asarray(labels, np.int16))
    random = np.random.default_rng(seed)
    live, merges = list(range(n)), []
    for t in range(n - 1):
        a, b = (live.pop(random.integers(len(live))) for _ in range(2))
        merges.append((a, b))
        live.append(n + t)
    steps = np.arange(1, n) / n * 0.9 if heights is None else np.sort(np.resize(np.asarray(heights, float), n - 1))
    picture = random.integers(0, 256, (n + 1, 3)).astype(np.uint8)[crumbs]
    image = replace(image_of(picture), **({"name": "made.png", "valid": crumbs >= 0} | fields))
    return RegionTree(image, picture, crumbs, np.array(merges, np.int32).reshape(-1, 2), steps, 0.25, seed)


def stripes(k: int, heights: Sequence[float] | None = None, seed: int = 0, **fields: Any) -> RegionTree:
    """A tree of k columns of three pixels each."""
    return tree_of(np.repeat(np.arange(k), 3)[None].repeat(4, axis=0), heights, seed, **fields)


@st.composite
def trees(draw: st.DrawFn) -> RegionTree:
    """Any small tree: holes, equal heights and those at both ends are likely."""
    shape = draw(st.tuples(st.integers(1, 7), st.integers(1, 7)))
    labels = draw(arrays.arrays(np.int16, shape, elements=st.integers(-1, 3)))
    labels[draw(st.integers(0, shape[0] - 1)), draw(st.integers(0, shape[1] - 1))] = 0
    some = st.one_of(st.sampled_from([0.0, 1e-30, 0.25, 0.5, 1 - 1e-9, 1.0]), st.floats(0, 1))
    return tree_of(labels, draw(st.lists(some, min_size=1, max_size=30)), draw(st.integers(0, 99)))


def cut_by_hand(tree: RegionTree, taken: int) -> np.ndarray:
    """The labels after the first merges, one after the other."""
    n = len(tree.merges) + 1
    members = {i: [i] for i in range(n)}
    for t, (a, b) in enumerate(tree.merges[:taken].tolist()):
        members[n + t] = members.pop(a) + members.pop(b)
    labels = np.full(tree.crumbs.shape, -1)
    for number, crumbs in enumerate(sorted(members.values(), key=min)):
        labels[np.isin(tree.crumbs, crumbs)] = number
    return labels


def borders_by_hand(labels: np.ndarray) -> np.ndarray:
    """Where the right or the lower neighbour has another label; what was left out has no border."""
    border = np.zeros(labels.shape, bool)
    for axis in (0, 1):
        here, there = np.moveaxis(labels, axis, 0)[:-1], np.moveaxis(labels, axis, 0)[1:]
        np.moveaxis(border, axis, 0)[:-1] |= (here != there) & (here >= 0) & (there >= 0)
    return border
