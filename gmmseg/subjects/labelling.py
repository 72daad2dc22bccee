"""Which pixels are the subject's: colours, place, marks, and the tree of regions, in rounds.

Each round fits a mixture to the subject's colours and one to the ground's, every pixel counting as far as it is of
either, and finds new odds for all crumbs of the tree, in the manner of GrabCut (Rother, Kolmogorov and Blake 2004) but
with soft shares, and with a tree that carries what is known of a region to all of it in place of a cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Flags, Floats
from gmmseg.mixture import Mixture
from gmmseg.parts import RegionTree
from gmmseg.subjects.colours import Palette
from gmmseg.subjects.hints import Hints
from gmmseg.subjects.inheritance import inherited
from gmmseg.subjects.pixels import settled
from gmmseg.subjects.place import odds_by_place
from gmmseg.subjects.recipe import Recipe
from gmmseg.subjects.tidying import tidied

_SURE = 20.0  # log-odds of what is known
_MARKED = 8.0  # a crumb is sure to be what marks on an eighth of it say
_ACROSS = 6.0  # what a crumb can have against it for lying across the box
_FAR = 0.02  # what ground far away counts for at least


@dataclass(frozen=True, eq=False)
class Labelling:
    """What came of a picture.

    Attributes
    ----------
    odds : (h, w) float32
        Log-odds of each pixel being of the subject; −∞ where the picture has no valid pixel.
    subject, ground : tuple of Mixture
        Of colours in L*a*b*, of several sizes.
    """

    odds: Floats
    subject: tuple[Mixture, ...]
    ground: tuple[Mixture, ...]


def labelled(tree: RegionTree, hints: Hints, recipe: Recipe, seed: int) -> Labelling:
    """The odds of every pixel of a tree's picture, which has 8 bits of sRGB; hints are of its size."""
    from scipy.special import expit

    valid = tree.crumbs >= 0
    crumbs, count = tree.crumbs[valid], len(tree.merges) + 1
    sure, never = hints.foreground[valid], hints.background[valid]
    open_ = ~(sure | never)
    palette = Palette.of(tree.picture, valid)
    place = odds_by_place(hints, recipe)[valid]
    known = _known_ground(hints, valid, recipe)
    unit = recipe.looks / max(1, int((~never).sum()))
    told = _told(crumbs, count, hints, valid, unit)
    odds, subject, ground = place, list[Mixture](), list[Mixture]()
    for _ in range(max(1, recipe.rounds)):
        share = np.where(never, 0, expit(odds))
        subject = palette.mixtures(np.where(sure, recipe.marks, share), recipe.sizes, subject, seed)
        ground = palette.mixtures(known + (1 - share) * open_, recipe.sizes, ground, seed)
        colours = palette.ratio(subject, ground, recipe.most)
        evidence = np.bincount(crumbs, np.where(open_, colours + recipe.place * place, 0), count) * unit
        odds = inherited(evidence + told, tree.merges, tree.heights, recipe.borders)[crumbs]
        if hints.box is None:
            odds = np.where(_rooted(odds, valid, hints.foreground), odds, -np.abs(odds))
    alone = np.clip(odds, -recipe.firm, recipe.firm) + recipe.own * colours
    alone[sure], alone[never] = _SURE, -_SURE
    spread = np.zeros(valid.shape)
    spread[valid] = alone
    settling = settled(tree.picture, valid, spread, recipe.pull)
    settling[~valid] = -np.inf
    return Labelling(tidied(settling, hints, recipe), tuple(subject), tuple(ground))


def _known_ground(hints: Hints, valid: Flags, recipe: Recipe) -> Doubles:
    """What each valid pixel that is no subject counts for among the ground's colours : (n,).

    What lies close to the box is the likeliest to go on within.
    """
    marks = recipe.marks * hints.marked[valid]
    if hints.box is None:
        return np.asarray(marks)
    x, y, w, h = hints.box
    rows, columns = np.arange(valid.shape[0]), np.arange(valid.shape[1])
    down = np.maximum(np.maximum(y - rows, rows - (y + h - 1)), 0)
    across = np.maximum(np.maximum(x - columns, columns - (x + w - 1)), 0)
    distance = np.hypot(down[:, None], across[None, :])
    outside = hints.background & ~hints.marked
    near = ((np.exp(-distance / (recipe.near * np.sqrt(w * h))) + _FAR) * outside)[valid]
    return np.asarray(near + marks)


def _rooted(odds: Doubles, valid: Flags, marks: Flags) -> Flags:
    """Which valid pixels of the subject hang together with marks on it : (n,).

    Without a box, all the picture's things of its colours would be subjects too.
    """
    from scipy.ndimage import label

    likely = np.zeros(valid.shape, np.bool_)
    likely[valid] = odds > 0
    pieces, count = label(likely | marks)
    rooted = np.zeros(count + 1, np.bool_)
    rooted[pieces[marks]] = True
    return np.asarray(rooted[pieces][valid])


def _told(crumbs: NDArray[np.int32], count: int, hints: Hints, valid: Flags, unit: float) -> Doubles:
    """Log-odds of each crumb by the marks on it, and by how much of it lies outside of the box : (count,).

    A crumb that lies across a side is rather outside; but crumbs are not so exact that this were sure.
    """

    def area(flags: Flags) -> Doubles:
        return np.asarray(np.bincount(crumbs, flags[valid].astype(np.float64), count), np.float64)

    own, beside, outside = area(hints.foreground), area(hints.marked), area(hints.background & ~hints.marked)
    size = np.bincount(crumbs, minlength=count)
    ground = np.where(outside == size, _SURE, np.minimum(_SURE * unit * outside, _ACROSS))
    return np.asarray(_SURE * np.clip(_MARKED * (own - beside) / size, -1, 1) - ground)
