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
from gmmseg.features import FeatureSpec, features_of
from gmmseg.mixture import Mixture
from gmmseg.parts import RegionTree
from gmmseg.subjects.colours import Palette
from gmmseg.subjects.hints import Hints
from gmmseg.subjects.inheritance import inherited
from gmmseg.subjects.place import odds_by_place
from gmmseg.subjects.recipe import Recipe

_SURE = 20.0  # log-odds of what is known
_UNIT = 1000  # a box is worth so many independent looks, whatever its pixels
_FAR = 0.02  # what ground far away counts for at least


@dataclass(frozen=True, eq=False)
class Labelling:
    """What came of a picture.

    Attributes
    ----------
    odds : (h, w) float32
        Log-odds of each pixel being of the subject; −∞ where the picture has no valid pixel.
    subject, ground : Mixture
        Of colours in L*a*b*.
    """

    odds: Floats
    subject: Mixture
    ground: Mixture


def labelled(tree: RegionTree, hints: Hints, recipe: Recipe, seed: int) -> Labelling:
    """The odds of every pixel of a tree's picture, which has 8 bits of sRGB; hints are of its size."""
    from scipy.special import expit

    valid = tree.crumbs >= 0
    crumbs, count = tree.crumbs[valid], len(tree.merges) + 1
    sure, never = hints.foreground[valid], hints.background[valid]
    open_ = ~(sure | never)
    palette = Palette.of(features_of(tree.image, FeatureSpec.parse("lab")))
    place = odds_by_place(hints, recipe)[valid]
    known = _known_ground(hints, valid, recipe)
    marks = _SURE * _votes(crumbs, count, sure, hints.marked[valid])
    unit = _UNIT / max(1, int((~never).sum()))
    odds, subject, ground = place, None, None
    for _ in range(recipe.rounds):
        share = np.where(sure, 1.0, np.where(never, 0.0, expit(odds)))
        subject = palette.mixture(_raised(share, sure), recipe.k, seed)
        ground = palette.mixture(_raised(known + (1 - share) * open_, hints.marked[valid]), recipe.k, seed)
        seen = recipe.colours * palette.ratio(subject, ground, recipe.most) + recipe.place * place
        evidence = np.bincount(crumbs, np.where(never, -_SURE, np.where(sure, _SURE, seen)), count) * unit
        odds = inherited(evidence + marks, tree.merges, tree.heights, recipe.borders)[crumbs]
    spread = np.full(valid.shape, -np.inf, np.float32)
    spread[valid] = odds
    return Labelling(spread, subject, ground)


def _known_ground(hints: Hints, valid: Flags, recipe: Recipe) -> Doubles:
    """What each valid pixel that is no subject counts for among the ground's colours : (n,).

    What lies close to the box is the likeliest to go on within.
    """
    never = hints.background
    if hints.box is None or not never.any():
        return never[valid].astype(np.float64)
    x, y, w, h = hints.box
    rows, columns = np.arange(never.shape[0]), np.arange(never.shape[1])
    down = np.maximum(np.maximum(y - rows, rows - (y + h - 1)), 0)
    across = np.maximum(np.maximum(x - columns, columns - (x + w - 1)), 0)
    distance = np.hypot(down[:, None], across[None, :])[valid]
    weights: Doubles = (np.exp(-distance / (recipe.near * np.sqrt(w * h))) + _FAR) * never[valid]
    return weights


def _votes(crumbs: NDArray[np.int32], count: int, sure: Flags, never: Flags) -> Doubles:
    """Which way the marks on each crumb point : (count,), −1, 0 or 1."""
    ballots = np.bincount(crumbs, sure.astype(np.float64), count) - np.bincount(crumbs, never.astype(np.float64), count)
    return np.sign(ballots)


def _raised(weights: Doubles, marks: Flags) -> Doubles:
    """Weights with those of marked pixels raised to an equal part of all: a stroke says more than what is around."""
    own, others = float(weights[marks].sum()), float(weights[~marks].sum())
    if own == 0 or own >= others:
        return weights
    return np.where(marks, weights * (others / own), weights)
