"""Learn the odds that people part two regions from what they drew: what odds.json in gmmseg/parts/growth is made by.

Trees are grown over the photos, first by odds put down by hand and then by those learnt so far; every pair of regions
that merging looks at is an example, parted or not by each of the annotators. A quadratic form of its features is fitted
to the log odds (logistic regression, a ridge on standardised terms). The usual cut parts at the log odds that do best
on photos that were not learnt from, in four turns.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.crew import Crew
from gmmseg.evaluate import Annotated, annotated
from gmmseg.evaluate.agreement import Agreement, mean_agreement
from gmmseg.evaluate.contingency import numbered
from gmmseg.evaluate.cuts import cut_agreements, cuts_of
from gmmseg.evaluate.side_by_side import side_by_side
from gmmseg.files import read
from gmmseg.parts.growing import ground_in
from gmmseg.parts.growth.ground import Ground
from gmmseg.parts.growth.merging import Merges, Record, merged
from gmmseg.parts.growth.odds import Odds, form_of, terms_of
from gmmseg.parts.growth.pairing import FEATURES
from gmmseg.parts.growth.recipe import Recipe

Doubles = NDArray[np.float64]

BY_HAND = {
    "one × log strength": 0.5,
    "one × palette distance": 0.5,
    "one × texture distance": 0.5,
    "one × Gaussian distance": 0.2,
    "one × spectral distance": 0.6,
    "one × log smaller area": 0.15,
    "one × embrace": -0.3,
}
ROUNDS = 2
RIDGE = 1e-2
LAST = 6000  # pairs of each photo that are looked at last, which are those of large regions
KEPT = 1000  # of these, by chance
WEIGHT = 0.75  # examples count as this power of their smaller region's area
GRID = np.linspace(-1.5, 1.5, 61)  # log odds at which trees are cut


@dataclass(frozen=True, eq=False)
class Photo:
    """A photo that was looked at, and what people drew on it."""

    ground: Ground
    truths: tuple[NDArray[np.int32], ...]
    tables: tuple[Doubles, ...]  # pixels of each crumb in each region, for each annotator


@dataclass(frozen=True, eq=False)
class Cut:
    """As much of a tree as is asked for when it is scored."""

    crumbs: NDArray[np.int32]
    merges: NDArray[np.int32]
    heights: Doubles
    seconds: float = 0.0


def main() -> int:
    """Learn from a data set and write the odds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of the Berkeley data set (images/, groundTruth/)")
    parser.add_argument("--split", default="train", help="photos to learn from (train)")
    parser.add_argument("--limit", type=int, help="the first photos alone")
    parser.add_argument("--out", type=Path, default=Path("odds.json"), help="where the odds go (odds.json)")
    options = parser.parse_args()
    photos = looked_at(annotated(options.data, options.split)[: options.limit], Recipe())
    print(f"looked at {len(photos)} photos")
    usual, score = usual_cut(photos)
    print(f"not learnt from: PRI {score.pri:.4f}, VoI {score.voi:.4f}, covering {score.covering:.4f} at {usual:.2f}")
    form = learnt_form(photos)
    terms = terms_of(form)
    content = {"usual": round(usual, 3), "terms": terms}
    options.out.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"wrote {options.out}: {len(terms)} terms")
    return 0


def looked_at(dataset: Sequence[Annotated], recipe: Recipe, seed: int = 0) -> list[Photo]:
    """What there is to merge in each photo, and how the annotators part it."""

    def look(one: Annotated) -> Photo:
        with Crew(1) as crew:
            ground = ground_in(read(one.path), recipe, seed, crew)
        truths = one.truths()
        return Photo(ground, truths, tuple(_table(ground.crumbs, truth) for truth in truths))

    return side_by_side(dataset, look, None)


def grown(photo: Photo, form: Doubles, record: Record | None = None) -> Merges:
    """The photo's tree by these odds."""
    ground = photo.ground
    return merged(ground.graph, ground.statistics, ground.places, Recipe().emphasis, form, record)


def learnt_form(photos: Sequence[Photo], left_out: Collection[str] = (), rounds: int = ROUNDS) -> Doubles:
    """Odds learnt from photos, without the features that are left out."""
    form = form_of(BY_HAND)
    seen: list[tuple[Doubles, Doubles, Doubles]] = []
    for turn in range(rounds):
        look = partial(_examples, form=form, turn=turn)
        seen += side_by_side(photos, look, None)
        features, parted, weights = (np.concatenate(parts) for parts in zip(*seen, strict=True))
        form = fitted_form(features, parted, weights, left_out)
    return form


def fitted_form(features: Doubles, parted: Doubles, weights: Doubles, left_out: Collection[str] = ()) -> Doubles:
    """The quadratic form of features : (m, f) that tells best which share of people parted each pair : (m,)."""
    middle, spread = features.mean(axis=0), features.std(axis=0)
    middle[0], spread[0] = 0, 1
    used = [i for i, name in enumerate(FEATURES) if name not in left_out]
    terms = [(i, j) for i in used for j in used if i <= j]
    standard = (features - middle) / spread
    found = np.zeros(len(terms))
    weights = weights / weights.sum()
    for _ in range(6):  # Newton's steps
        slope, bend = np.zeros(len(terms)), np.zeros((len(terms), len(terms)))
        for begin in range(0, len(standard), 20_000):
            piece = slice(begin, begin + 20_000)
            design = np.stack([standard[piece, i] * standard[piece, j] for i, j in terms], axis=1)
            odds = 1 / (1 + np.exp(-design @ found))
            slope += design.T @ (weights[piece] * (odds - parted[piece]))
            bend += (design * (weights[piece] * odds * (1 - odds))[:, None]).T @ design
        ridge = np.full(len(terms), RIDGE)
        ridge[0] = 0
        found -= np.linalg.solve(bend + np.diag(ridge), slope + ridge * found)
    form = np.zeros((len(FEATURES),) * 2)
    for (i, j), value in zip(terms, found, strict=True):
        form[i, j] = value
    # Of the features themselves: standard = turn @ features, as the first of them is 1.
    turn = np.diag(1 / np.where(spread > 0, spread, 1))
    turn[1:, 0] -= (middle / np.where(spread > 0, spread, 1))[1:]
    whole = turn.T @ form @ turn
    return np.triu(whole) + np.tril(whole, -1).T


def usual_cut(photos: Sequence[Photo], left_out: Collection[str] = (), turns: int = 4) -> tuple[float, Agreement]:
    """The log odds to cut at that do best on photos that were not learnt from, and how well."""
    scores: list[list[Agreement]] = [[] for _ in GRID]
    for turn in range(turns):
        form = learnt_form([photo for i, photo in enumerate(photos) if i % turns != turn], left_out)
        for own in side_by_side(photos[turn::turns], partial(scored, form=form), None):
            for kept, score in zip(scores, own, strict=True):
                kept.append(score)
    means = [mean_agreement(kept) for kept in scores]
    worth = np.array([worth_of(mean) for mean in means])
    smooth = np.convolve(np.pad(worth, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    best = int(smooth.argmax())
    return float(GRID[best]), means[best]


def scored(photo: Photo, form: Doubles) -> list[Agreement]:
    """How well the photo's tree does, cut at each of GRID."""
    merges = grown(photo, form)
    tree = Cut(photo.ground.crumbs, merges.pairs, Odds(form, 0.0).heights(merges.costs))
    return cut_agreements(tree, cuts_of(tree, 1 / (1 + np.exp(GRID))), photo.truths)


def worth_of(score: Agreement) -> float:
    """All measures as one number."""
    return score.covering - 0.1 * score.voi + 0.3 * score.pri


def _examples(photo: Photo, form: Doubles, turn: int) -> tuple[Doubles, Doubles, Doubles]:
    """Features of pairs that merging looks at, the share of people who part them, and how much each counts."""
    record = Record.of(LAST)
    merges = grown(photo, form, record)
    held = np.flatnonzero(record.pairs[:, 0] >= 0)
    some = np.random.default_rng(turn).permutation(held)[:KEPT]
    i, j = record.pairs[some].T
    areas = _of_nodes(photo.ground.statistics.areas[:, None], merges.pairs)[:, 0]
    together = np.zeros(len(some))
    for table in photo.tables:
        nodes = _of_nodes(table, merges.pairs)
        together += (nodes[i] * nodes[j]).sum(axis=1) / (nodes[i].sum(axis=1) * nodes[j].sum(axis=1))
    weights = (np.minimum(areas[i], areas[j]) / photo.ground.statistics.areas.sum()) ** WEIGHT
    return record.features[some], 1 - together / len(photo.tables), weights


def _of_nodes(crumbs: Doubles, merges: NDArray[np.int32]) -> Doubles:
    """Sums over all nodes of a tree, of those over its crumbs : (n, m) to (2n − 1, m)."""
    sums = np.concatenate([crumbs, np.zeros((len(merges), crumbs.shape[1]))])
    for t, (i, j) in enumerate(merges):
        sums[len(crumbs) + t] = sums[i] + sums[j]
    return sums


def _table(crumbs: NDArray[np.int32], truth: NDArray[np.int32]) -> Doubles:
    """Pixels of each crumb in each region that a person drew : (n, m)."""
    drawn: Any = numbered(truth)
    n, m = int(crumbs.max()) + 1, int(drawn.max()) + 1
    inside = (crumbs >= 0) & (drawn >= 0)
    codes = crumbs[inside].astype(np.int64) * m + drawn[inside]
    return np.bincount(codes, minlength=n * m).reshape(n, m).astype(np.float64)


if __name__ == "__main__":
    sys.exit(main())
