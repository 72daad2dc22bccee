"""Trees of regions against annotations: every cut, the best of them, and people among themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from made_hierarchies import Labels, MadeTree, by_chance, cut, quarters
from numpy.typing import NDArray

from gmmseg import InputError
from gmmseg.arrays import Flags
from gmmseg.evaluate import (
    Agreement,
    TreeEvaluation,
    agreement,
    agreement_among,
    boundary_counts,
    evaluate_people,
    evaluate_trees,
    region_boundaries,
)
from gmmseg.evaluate.cuts import cut_agreements, cut_boundaries, cuts_of
from gmmseg.evaluate.trees import DETAILS

GRID = (0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.9, 1.0)
MEASURES = ("pri", "voi", "covering")


@dataclass(frozen=True)
class Drawn:
    """An image with what people drew, without files."""

    name: str
    drawings: tuple[Labels, ...] = field(repr=False)

    @property
    def path(self) -> Path:
        """No file: the trees here are made from nothing."""
        return Path(self.name)

    def truths(self) -> list[NDArray[np.int32]]:
        """What people drew."""
        if not self.drawings:
            raise InputError(f"expected the annotations of {self.name}; got none")
        return [drawing.astype(np.int32) for drawing in self.drawings]

    def boundaries(self) -> list[Flags]:
        """The lines between."""
        return [region_boundaries(drawing) for drawing in self.drawings]


def drawn_by_chance(seed: int, shape: tuple[int, int] = (9, 14)) -> list[Labels]:
    """Three annotations of which one leaves pixels out."""
    truths = list(np.random.default_rng(100 + seed).integers(1, 5, (3, *shape)))
    truths[1][0, 2:5] = -1
    return truths


@pytest.mark.parametrize("seed", range(4))
def test_scores_of_the_grid_are_those_of_the_cuts(seed: int) -> None:
    """Sums of the crumbs' table say of every cut what its label image says."""
    tree, truths = by_chance(seed), drawn_by_chance(seed)
    cuts = cuts_of(tree, GRID)
    for detail, found, row in zip(GRID, cut_agreements(tree, cuts, truths), cuts.at, strict=True):
        labels = cut(tree, detail)
        expected = agreement(labels, truths)
        for measure in MEASURES:
            assert getattr(found, measure) == pytest.approx(getattr(expected, measure), rel=0, abs=1e-12)
        assert cuts.regions[row] == len(np.unique(labels[labels >= 0]))


def test_boundaries_of_the_grid_are_those_of_the_cuts() -> None:
    """Boundaries of every cut are counted as those of its label image, of equal cuts once."""
    tree = quarters((60, 80))
    truths = [region_boundaries(cut(quarters((60, 80)), detail)) for detail in (0.3, 0.65)]
    cuts = cuts_of(tree, DETAILS)
    assert len(cuts.names) == 4
    for detail, found in zip(DETAILS, cut_boundaries(tree, cuts, truths), strict=True):
        assert found == boundary_counts(region_boundaries(cut(tree, detail)), truths)


def test_details_at_both_ends_are_all_and_nothing() -> None:
    """Detail 0 has one region, detail 1 has all crumbs but those parted by no border."""
    tree = by_chance(3)
    cuts = cuts_of(tree, (0.0, 1.0))
    assert cuts.regions[cuts.at].tolist() == [1, 1 + np.count_nonzero(tree.heights > 0)]
    assert cuts.names[cuts.at[0]].tolist() == [0] * 12


def test_height_on_the_threshold_is_merged() -> None:
    """A border as strong as 1 − d and no stronger is taken away."""
    assert cuts_of(quarters(), (0.2, 0.6, 0.7)).regions.tolist() == [3, 2, 1]
    assert cuts_of(quarters(), (0.21,)).regions.tolist() == [2]


def test_tree_of_one_crumb_has_one_cut() -> None:
    """A picture of one region has that region at every detail."""
    tree = MadeTree(np.zeros((3, 4), np.int64), np.zeros((0, 2), np.int32), np.zeros(0))
    cuts = cuts_of(tree, DETAILS)
    assert cuts.regions.tolist() == [1]
    assert cut_agreements(tree, cuts, [tree.crumbs])[7] == Agreement(1, 0, 1)


def evaluated(**options: object) -> TreeEvaluation:
    """Three pictures whose people drew quarters, halves, and both."""
    tree = quarters()
    fine, coarse = cut(tree, 0.9), cut(tree, 0.5)
    images = [Drawn("fine", (fine, fine)), Drawn("coarse", (coarse, coarse)), Drawn("both", (fine, coarse))]
    return evaluate_trees(images, lambda _path: tree, details=GRID, **options)  # type: ignore[arg-type]


def test_true_cut_scores_fully() -> None:
    """Where people drew one of the cuts, the best for each image is right in every pixel and boundary."""
    found = evaluated(boundaries=True)
    scores = {(s.image, s.setting): s for s in found.cuts.scores}
    assert scores["coarse", "detail 0.5"].agreement == Agreement(1, 0, 1)
    assert scores["fine", "detail 0.9"].agreement == Agreement(1, 0, 1)
    boundary = scores["fine", "detail 0.9"].boundary
    assert boundary is not None
    assert boundary.f == 1
    assert scores["fine", "detail 0.5"].agreement.covering == pytest.approx(0.5)
    assert (scores["fine", "detail 0.9"].regions, scores["fine", "detail 0.9"].seconds) == (4, 0.25)


def test_freer_choice_is_no_worse() -> None:
    """The best per image is at least as good as the best detail, and that as the usual cut and any other."""
    found = evaluated(boundaries=True)
    usual, best, each = found.default(), found.best_detail(), found.best_per_image()
    assert usual is not None
    assert best is not None
    assert each is not None
    assert best.boundary is not None
    assert each.boundary is not None
    for row in (usual, *found.cuts.fixed()):
        assert row.boundary is not None
        assert row.agreement.pri <= best.agreement.pri <= each.agreement.pri
        assert row.agreement.voi >= best.agreement.voi >= each.agreement.voi
        assert row.agreement.covering <= best.agreement.covering <= each.agreement.covering
        assert row.boundary.f <= best.boundary.f <= each.boundary.f
    assert found.gap() == each.agreement.covering - usual.agreement.covering
    assert found.gap() == pytest.approx(1 / 6)


def test_best_details_are_named() -> None:
    """For each measure the detail of the best cut is told, and summary, record and line are plain."""
    found = evaluated(boundaries=True)
    rows = {row.setting: row.agreement.covering for row in found.cuts.fixed()}
    best = found.best_details()
    assert set(best) == {*MEASURES, "f"}
    assert rows[f"detail {best['covering']:g}"] == max(rows.values())
    assert [row["setting"] for row in found.summary()] == ["default (0.5)", "best detail", "best per image"]
    assert json.loads(json.dumps(found.record())) == found.record()
    assert "average precision" in found.words()
    assert "f" not in evaluated().best_details()
    assert evaluated().average_precision() is None


def test_usual_detail_is_always_there() -> None:
    """A grid without 0.5 gets it."""
    tree = quarters()
    found = evaluate_trees([Drawn("one", (tree.crumbs,))], lambda _path: tree, details=[0.9])
    assert found.details == (0.5, 0.9)
    assert found.default() is not None


def test_average_precision_by_hand() -> None:
    """Precision is integrated over the recall that is reached, in steps of a hundredth."""
    tree = quarters((60, 80))
    truth = cut(tree, 0.9)
    found = evaluate_trees([Drawn("one", (truth,))], lambda _path: tree, boundaries=True)
    # All cuts have precision 1 but that of one region, which has neither precision nor recall.
    recalls = sorted({row.boundary.recall for row in found.cuts.fixed() if row.boundary is not None})
    steps = np.arange(101) / 100
    assert found.average_precision() == pytest.approx(np.minimum(steps / recalls[1], 1).sum() / 100)


def test_failing_image_does_not_stop_the_others() -> None:
    """An image whose tree or annotations fail is one failure, and the rest counts."""
    tree = quarters()

    def grow(path: Path) -> MadeTree:
        if path.name == "wrong":
            raise InputError("expected a picture")
        return tree

    images = [Drawn("good", (tree.crumbs,)), Drawn("wrong", (tree.crumbs,)), Drawn("nobody", ())]
    found = evaluate_trees([*images, Drawn("other", (tree.crumbs[:3],))], grow, jobs=2)
    assert [failure.image for failure in found.failures] == ["wrong", "nobody", "other"]
    assert found.failures[0].reason == "expected a picture"
    usual = found.default()
    assert usual is not None
    assert usual.images == 1
    nothing = evaluate_trees(images[1:], grow)
    assert nothing.summary() == []
    assert (nothing.gap(), nothing.average_precision(), nothing.words()) == (None, None, "")


def test_number_of_jobs_does_not_matter() -> None:
    """One photo at a time or three give the same scores."""
    assert evaluated(jobs=1) == evaluated(jobs=3)


def test_strange_requests_are_refused() -> None:
    """No images, details beyond the ends and heights that fall are refused in words."""
    tree = quarters()
    with pytest.raises(InputError, match="got none"):
        evaluate_trees([], lambda _path: tree)
    with pytest.raises(InputError, match="got none"):
        evaluate_people([])
    with pytest.raises(InputError, match="details from 0 to 1"):
        evaluate_trees([Drawn("one", (tree.crumbs,))], lambda _path: tree, details=[1.5])
    with pytest.raises(InputError, match="never falling"):
        cuts_of(MadeTree(tree.crumbs, tree.merges, tree.heights[::-1]), (0.5,))
    with pytest.raises(InputError, match="at least one annotation"):
        cut_agreements(tree, cuts_of(tree, (0.5,)), [])


def test_people_among_themselves() -> None:
    """People are scored against the others of their image; who is alone, and who cannot be read, is left out."""
    tree = quarters((60, 80))
    fine, coarse = cut(tree, 0.9), cut(tree, 0.5)
    images = [Drawn("two", (fine, coarse)), Drawn("alone", (fine,)), Drawn("nobody", ())]
    found = evaluate_people(images, boundaries=True)
    (score,) = found.scores
    assert (score.image, score.regions) == ("two", 3)
    assert score.agreement == agreement_among([fine, coarse])
    one, other = region_boundaries(fine), region_boundaries(coarse)
    assert score.boundary == boundary_counts(one, [other]) + boundary_counts(other, [one])
    assert [failure.image for failure in found.failures] == ["nobody"]
    assert evaluate_people(images[:1]).scores[0].boundary is None
