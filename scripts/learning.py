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
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from gmmseg.crew import Crew
from gmmseg.errors import GmmsegError, InputError
from gmmseg.evaluate import Annotated, annotated
from gmmseg.evaluate.agreement import Agreement, mean_agreement
from gmmseg.evaluate.contingency import numbered
from gmmseg.evaluate.cuts import cut_agreements, cuts_of
from gmmseg.evaluate.side_by_side import side_by_side
from gmmseg.files import read, write_text
from gmmseg.parts.growing import ground_in
from gmmseg.parts.growth.ground import Ground
from gmmseg.parts.growth.merging import Merges, Record, merged
from gmmseg.parts.growth.odds import Odds, form_of, terms_of
from gmmseg.parts.growth.pairing import FEATURES
from gmmseg.parts.growth.recipe import Recipe

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Places = NDArray[np.int64]
Terms = tuple[tuple[int, int], ...]  # pairs of features by number, the smaller first

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
STEPS = 6  # of Newton's
PIECE = 2048  # examples whose products are kept at a time
LAST = 6000  # pairs of each photo that are looked at last, which are those of large regions
KEPT = 1000  # of these, by chance
WEIGHT = 0.75  # examples count as this power of their smaller region's area
TURNS = 4  # each photo is left out once
GRID = np.linspace(-1.5, 1.5, 61)  # log odds at which trees are cut


@dataclass(frozen=True, eq=False)
class Photo:
    """A photo that was looked at, and what people drew on it."""

    recipe: Recipe
    ground: Ground
    truths: tuple[NDArray[np.int32], ...]
    tables: tuple[Doubles, ...]  # pixels of each crumb in each region, for each annotator
    seconds: float  # that looking at it took


@dataclass(frozen=True, eq=False)
class Cut:
    """As much of a tree as is asked for when it is scored."""

    crumbs: NDArray[np.int32]
    merges: NDArray[np.int32]
    heights: Doubles
    seconds: float = 0.0


def main() -> int:
    """Learn from a data set and write the odds."""
    parser = argparse.ArgumentParser(
        "learn_regions", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder of the Berkeley data set (images/, groundTruth/)")
    parser.add_argument("--split", default="train", help="photos to learn from (train)")
    parser.add_argument("--limit", type=int, help="the first photos alone")
    parser.add_argument("--out", type=Path, default=Path("odds.json"), help="where the odds go (odds.json)")
    options = parser.parse_args()
    if options.limit is not None and options.limit < TURNS:
        parser.error(f"expected --limit of at least {TURNS}, a photo for each turn; got {options.limit}")
    if options.out.is_dir() or not options.out.absolute().parent.is_dir():  # told now rather than after hours
        parser.error(f"expected --out as a file in a folder that is there; got {options.out}")
    try:
        return learn(options)
    except GmmsegError as error:
        print(f"learn_regions: {error}", file=sys.stderr)
        return 1


def learn(options: argparse.Namespace) -> int:
    """What is asked for."""
    dataset = annotated(options.data, options.split)[: options.limit]
    if len(dataset) < TURNS:
        raise InputError(f"expected at least {TURNS} photos, one for each turn; got {len(dataset)}; draw on more")
    photos = looked_at(dataset, Recipe())
    print(f"looked at {len(photos)} photos", flush=True)
    usual, score = usual_cut(photos)
    print(
        f"not learnt from: PRI {score.pri:.4f}, VoI {score.voi:.4f}, covering {score.covering:.4f} at {usual:.2f}",
        flush=True,
    )
    form = learnt_form(photos)
    terms = terms_of(form)
    content = {"usual": round(usual, 3), "terms": terms}
    write_text(options.out, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    print(f"wrote {options.out}: {len(terms)} terms")
    return 0


def looked_at(dataset: Sequence[Annotated], recipe: Recipe, seed: int = 0) -> list[Photo]:
    """What there is to merge in each photo, and how the annotators part it."""

    def look(one: Annotated) -> Photo:
        image = read(one.path)
        begun = time.perf_counter()
        with Crew(1) as crew:
            ground = ground_in(image, recipe, seed, crew)
        seconds = time.perf_counter() - begun
        truths = one.truths()
        return Photo(recipe, ground, truths, tuple(tabled(ground.crumbs, truth) for truth in truths), seconds)

    return side_by_side(dataset, look, None)


def grown(photo: Photo, form: Doubles, record: Record | None = None) -> Merges:
    """The photo's tree by these odds."""
    ground = photo.ground
    return merged(ground.graph, ground.statistics, ground.places, photo.recipe.emphasis, form, record)


def products(left_out: Collection[str] = ()) -> Terms:
    """All pairs of features, by number, without those that are left out."""
    used = [i for i, name in enumerate(FEATURES) if name not in left_out]
    return tuple((i, j) for i in used for j in used if i <= j)


def single_features() -> Terms:
    """Each feature by itself: one times it."""
    return tuple((0, j) for j in range(len(FEATURES)))


def by_hand(terms: Terms | None = None) -> Doubles:
    """The odds put down by hand, as far as they have these terms, or all."""
    form = form_of(BY_HAND)
    if terms is None:
        return form
    kept = np.zeros_like(form)
    kept[tuple(np.array(terms).T)] = 1
    return form * kept


def learnt_form(photos: Sequence[Photo], terms: Terms | None = None, rounds: int = ROUNDS) -> Doubles:
    """Odds learnt from photos, made of these terms, or of all products."""
    terms = products() if terms is None else terms
    form = by_hand(terms)
    seen: list[tuple[Doubles, Doubles, Doubles]] = []
    for turn in range(rounds):
        look = partial(_examples, form=form, turn=turn)
        seen += side_by_side(photos, look, None)
        features, parted, weights = (np.concatenate(parts) for parts in zip(*seen, strict=True))
        form = fitted_form(features, parted, weights, terms)
    return form


def fitted_form(features: Doubles, parted: Doubles, weights: Doubles, terms: Terms | None = None) -> Doubles:
    """The quadratic form of features : (m, f) that tells best which share of people parted each pair : (m,).

    Newton's steps. The slope of a quadratic form is one as well, so it takes no table of products; the curvature does,
    piece by piece in 32 bits, which are enough for where to step though not for where to stop.
    """
    first, second = np.array(products() if terms is None else terms).T
    middle, spread = features.mean(axis=0), features.std(axis=0)
    middle[0], spread[0] = 0, 1
    spread = np.where(spread > 0, spread, 1)
    standard = np.ascontiguousarray(((features - middle) / spread).T)
    coarse = standard.astype(np.float32)
    weights = weights / weights.sum()
    ridge = np.where((first == 0) & (second == 0), 0.0, RIDGE)
    form = np.zeros((len(FEATURES),) * 2)
    with threadpool_limits(1, user_api="blas"):  # the bits must not depend on BLAS's threads
        for _ in range(STEPS):
            odds = 1 / (1 + np.exp(-((form @ standard) * standard).sum(axis=0)))
            slope = ((weights * (odds - parted) * standard) @ standard.T)[first, second]
            bend = _curvature(coarse, (weights * odds * (1 - odds)).astype(np.float32), first, second)
            bend[np.diag_indices_from(bend)] += ridge
            form[first, second] -= np.linalg.solve(bend, slope + ridge * form[first, second])
    # Of the features themselves: standard = turn @ features, as the first of them is 1.
    turn = np.diag(1 / spread)
    turn[1:, 0] -= (middle / spread)[1:]
    whole = turn.T @ form @ turn
    return np.triu(whole) + np.tril(whole, -1).T


def _curvature(features: Floats, weights: Floats, first: Places, second: Places) -> Doubles:
    """Σ weight · t tᵀ over examples, t being the products of features : (f, m) with these numbers."""
    bend = np.zeros((len(first),) * 2)
    roots = np.sqrt(weights)
    for begin in range(0, len(weights), PIECE):
        piece = features[:, begin : begin + PIECE]
        table = piece[first] * (piece * roots[begin : begin + PIECE])[second]
        bend += table @ table.T
    return bend


def usual_cut(photos: Sequence[Photo], terms: Terms | None = None, turns: int = TURNS) -> tuple[float, Agreement]:
    """The log odds to cut at that do best on photos that were not learnt from, and how well."""
    scores: list[list[Agreement]] = []
    for turn in range(turns):
        form = learnt_form([photo for i, photo in enumerate(photos) if i % turns != turn], terms)
        scores += side_by_side(photos[turn::turns], partial(scored, form=form), None)
    return best_cut(scores)


def best_cut(scores: Sequence[Sequence[Agreement]]) -> tuple[float, Agreement]:
    """The log odds of GRID that do best over all photos, and how well; what `scored` says of each is given."""
    means = [mean_agreement(own) for own in zip(*scores, strict=True)]
    worth = np.array([worth_of(mean) for mean in means])
    smooth = np.convolve(np.pad(worth, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    best = int(smooth.argmax())
    return float(GRID[best]), means[best]


def tree_of(photo: Photo, form: Doubles) -> Cut:
    """The photo's tree by these odds, as far as it takes to score it."""
    begun = time.perf_counter()
    merges = grown(photo, form)
    seconds = photo.seconds + time.perf_counter() - begun
    return Cut(photo.ground.crumbs, merges.pairs, Odds(form, 0.0).heights(merges.costs), seconds)


def cut_scores(tree: Cut, photo: Photo) -> list[Agreement]:
    """How well the photo's tree does, cut at each of GRID."""
    return cut_agreements(tree, cuts_of(tree, 1 / (1 + np.exp(GRID))), photo.truths)


def scored(photo: Photo, form: Doubles) -> list[Agreement]:
    """How well the tree that these odds grow does, cut at each of GRID."""
    return cut_scores(tree_of(photo, form), photo)


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


def tabled(crumbs: NDArray[np.int32], truth: NDArray[np.int32]) -> Doubles:
    """Pixels of each crumb in each region that a person drew : (n, m)."""
    drawn: Any = numbered(truth)
    n, m = int(crumbs.max()) + 1, int(drawn.max()) + 1
    inside = (crumbs >= 0) & (drawn >= 0)
    codes = crumbs[inside].astype(np.int64) * m + drawn[inside]
    return np.bincount(codes, minlength=n * m).reshape(n, m).astype(np.float64)


if __name__ == "__main__":
    sys.exit(main())
