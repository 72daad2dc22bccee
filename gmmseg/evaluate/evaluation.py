"""What came of several settings on several images: scores, means, and the best choices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from gmmseg.evaluate.agreement import Agreement, mean_agreement
from gmmseg.evaluate.boundaries import BoundaryCounts

Record = dict[str, str | int | float | None]


@dataclass(frozen=True)
class Score:
    """One setting on one image.

    Parameters
    ----------
    setting, image : str
    agreement : Agreement
        The mean over the annotators.
    regions : int
        How many different labels there are.
    seconds : float
        Time on the clock for the segmentation; more when several images share the processors.
    boundary : BoundaryCounts or None
        None where boundaries were not asked for.
    """

    setting: str
    image: str
    agreement: Agreement
    regions: int
    seconds: float
    boundary: BoundaryCounts | None


@dataclass(frozen=True)
class Failure:
    """One setting on one image that gave no score, and why."""

    setting: str
    image: str
    reason: str


@dataclass(frozen=True)
class Summary:
    """Scores of many images taken together: the mean of every measure, F of the added-up boundary counts.

    `regions` and `seconds` are None where the images' scores come from different settings for different measures.
    """

    setting: str
    images: int
    agreement: Agreement
    regions: float | None
    seconds: float | None
    boundary: BoundaryCounts | None

    def record(self) -> Record:
        """A row of a table."""
        return {
            "setting": self.setting,
            "images": self.images,
            **_measures(self.agreement, self.boundary),
            "regions": self.regions,
            "seconds": self.seconds,
        }


@dataclass(frozen=True)
class Evaluation:
    """All scores, in the order of the images and then of the settings; failures likewise."""

    settings: tuple[str, ...]
    scores: tuple[Score, ...]
    failures: tuple[Failure, ...] = ()

    def fixed(self) -> tuple[Summary, ...]:
        """Each setting used on all images; a setting without any score is left out."""
        groups = [(name, [s for s in self.scores if s.setting == name]) for name in self.settings]
        return tuple(_summary(name, scores) for name, scores in groups if scores)

    def best_setting(self) -> Summary | None:
        """The setting that is best over all images, chosen anew for each measure (ODS); None without scores.

        Only settings that failed least are compared: one that fails on the hard images would look better than it is.
        """
        fixed = self.fixed()
        if not fixed:
            return None
        most = max(summary.images for summary in fixed)
        full = [summary for summary in fixed if summary.images == most]
        agreement = _best([summary.agreement for summary in full])
        return Summary("best setting", most, agreement, None, None, _best_boundary(s.boundary for s in full))

    def best_per_image(self) -> Summary | None:
        """The best setting of every image, chosen anew for each measure (OIS); None without scores.

        Images without a score are left out. F is that of the counts added up over the choices, as in the benchmark.
        """
        images: dict[str, list[Score]] = {}
        for score in self.scores:
            images.setdefault(score.image, []).append(score)
        if not images:
            return None
        agreements = [_best([s.agreement for s in scores]) for scores in images.values()]
        boundaries = [_best_boundary(s.boundary for s in scores) for scores in images.values()]
        return Summary("best per image", len(images), mean_agreement(agreements), None, None, _total(boundaries))

    def records(self) -> list[Record]:
        """One plain dictionary a score, for JSON or CSV; those of failures have "error" in place of scores."""
        return [
            {
                "setting": score.setting,
                "image": score.image,
                **_measures(score.agreement, score.boundary),
                "regions": score.regions,
                "seconds": score.seconds,
            }
            for score in self.scores
        ] + [{"setting": one.setting, "image": one.image, "error": one.reason} for one in self.failures]

    def summary(self) -> list[Record]:
        """One plain dictionary a setting; with several settings, also the best setting and the best per image."""
        rows: list[Summary | None] = list(self.fixed())
        if len(rows) > 1:
            rows += [self.best_setting(), self.best_per_image()]
        return [row.record() for row in rows if row is not None]


def _measures(agreement: Agreement, boundary: BoundaryCounts | None) -> Record:
    measures: Record = {"pri": agreement.pri, "voi": agreement.voi, "covering": agreement.covering}
    if boundary is not None:
        measures |= {"precision": boundary.precision, "recall": boundary.recall, "f": boundary.f}
    return measures


def _summary(name: str, scores: Sequence[Score]) -> Summary:
    return Summary(
        name,
        len(scores),
        mean_agreement([s.agreement for s in scores]),
        float(np.mean([s.regions for s in scores])),
        float(np.mean([s.seconds for s in scores])),
        _total([s.boundary for s in scores]),
    )


def _best(of: Sequence[Agreement]) -> Agreement:
    return Agreement(max(a.pri for a in of), min(a.voi for a in of), max(a.covering for a in of))


def _best_boundary(of: Iterable[BoundaryCounts | None]) -> BoundaryCounts | None:
    return max((counts for counts in of if counts is not None), key=lambda counts: counts.f, default=None)


def _total(of: Sequence[BoundaryCounts | None]) -> BoundaryCounts | None:
    there = [counts for counts in of if counts is not None]
    return reduce(add, there) if there else None
