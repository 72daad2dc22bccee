"""How a tree of regions comes about."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arguments import generator
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.features import displayed
from gmmseg.files import Image, read
from gmmseg.parts.growth.ground import Ground, ground_of
from gmmseg.parts.growth.merging import merged
from gmmseg.parts.growth.numbering import in_reading_order
from gmmseg.parts.growth.odds import Odds, learnt
from gmmseg.parts.growth.planes import planes_of
from gmmseg.parts.growth.recipe import Recipe
from gmmseg.parts.growth.refining import refined
from gmmseg.parts.tree import RegionTree

_MOST = 420_000  # pixels that are looked at as they are; larger pictures at a half, a quarter, … of their size


def regions(
    source: Any,
    *,
    seed: int = 0,
    mask: Any = None,
    page: int = 1,
    threads: int | None = None,
    recipe: Recipe | None = None,
    odds: Odds | None = None,
) -> RegionTree:
    """Part a natural photo into a tree of regions.

    Parameters
    ----------
    source : path, array, Image, Pillow image, bytes or binary file
        The picture, as for `gmmseg.segment`.
    seed : int
    mask : array (h, w) or path, optional
        Pixels where it is 0 are left out.
    page : int
        Of a file with several pictures, from 1.
    threads : int, optional
        All processors by default; they change nothing else.
    recipe, odds : Recipe, Odds, optional
        Other constants, for those who measure what they are worth.

    Returns
    -------
    RegionTree
    """
    begun = time.perf_counter()
    image = read(source, page=page, mask=mask)
    if not image.valid.any():
        raise InputError(
            f"expected a picture with pixels to look at; all of {image.name or 'this picture'} are left out"
        )
    generator(seed)  # refuses what is no seed before anything is done
    recipe, odds = recipe or Recipe(), odds or learnt()
    picture = displayed(image)
    with Crew(threads) as crew:
        ground = ground_in(image, recipe, seed, crew)
        merges = merged(ground.graph, ground.statistics, ground.places, recipe.emphasis, odds.form)
        crumbs, pairs = ground.crumbs, merges.pairs
        doublings = doublings_of(image)
        if doublings:
            crumbs = refined(crumbs, picture, image.valid, doublings, crew)
            pairs = _renamed(pairs, in_reading_order(crumbs, len(pairs) + 1))
    return RegionTree(image, picture, crumbs, pairs, odds.heights(merges.costs), time.perf_counter() - begun)


def ground_in(image: Image, recipe: Recipe, seed: int, crew: Crew) -> Ground:
    """What there is to merge in a picture, at the size at which it is looked at."""
    planes, seen = planes_of(image, 1 << doublings_of(image), crew)
    return ground_of(planes, seen, recipe, seed, crew)


def doublings_of(image: Image) -> int:
    """How often the size is halved before the picture is looked at."""
    pixels, halves = image.valid.size, 0
    while pixels >> (2 * halves) > _MOST:
        halves += 1
    return halves


def _renamed(pairs: NDArray[np.int32], names: NDArray[np.int32]) -> NDArray[np.int32]:
    """Merges of crumbs that bear new names."""
    n = len(names)
    nodes = np.concatenate([names, np.arange(n, 2 * n - 1, dtype=np.int32)])
    renamed: NDArray[np.int32] = nodes[pairs]
    return renamed
