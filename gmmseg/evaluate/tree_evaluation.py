"""What came of trees of regions on several images: the usual cut, the best detail for all, the best for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gmmseg.evaluate.evaluation import Evaluation, Failure, Record, Summary

USUAL = 0.5  # the detail of a cut when nobody asks for another

_MEASURES: dict[str, Callable[[Summary], float]] = {
    "pri": lambda row: row.agreement.pri,
    "voi": lambda row: -row.agreement.voi,
    "covering": lambda row: row.agreement.covering,
    "f": lambda row: row.boundary.f if row.boundary is not None else 0.0,
}


def setting_of(detail: float) -> str:
    """What a cut is called among the settings of an `Evaluation`."""
    return f"detail {detail:g}"


@dataclass(frozen=True)
class TreeEvaluation:
    """All cuts of all images, scored.

    Parameters
    ----------
    details : tuple of float
        In rising order; 0.5 is among them.
    cuts : Evaluation
        Each detail is a setting. The seconds of a cut are those of its tree.
    """

    details: tuple[float, ...]
    cuts: Evaluation

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The images without scores."""
        return self.cuts.failures

    def default(self) -> Summary | None:
        """The usual cut of every image; None without scores."""
        rows = [row for row in self.cuts.fixed() if row.setting == setting_of(USUAL)]
        return replace(rows[0], setting=f"default ({USUAL:g})") if rows else None

    def best_detail(self) -> Summary | None:
        """The one detail that is best over all images, chosen anew for each measure (ODS); None without scores."""
        best = self.cuts.best_setting()
        return replace(best, setting="best detail") if best is not None else None

    def best_per_image(self) -> Summary | None:
        """The best detail of every image, chosen anew for each measure (OIS); None without scores."""
        return self.cuts.best_per_image()

    def best_details(self) -> dict[str, float]:
        """Which detail is best over all images, for each measure; empty without scores."""
        rows = self.cuts.fixed()
        if not rows:
            return {}
        measures = [name for name in _MEASURES if name != "f" or rows[0].boundary is not None]
        return {name: self.details[int(np.argmax([_MEASURES[name](row) for row in rows]))] for name in measures}

    def gap(self) -> float | None:
        """The covering that the usual cut lacks of the best cut of every image; None without scores."""
        usual, each = self.default(), self.best_per_image()
        return each.agreement.covering - usual.agreement.covering if usual is not None and each is not None else None

    def average_precision(self) -> float | None:
        """The area under precision over recall of all images' boundaries; None where none were matched.

        As the benchmark has it: precision between two details is interpolated over recall, in steps of 0.01; where no
        detail has so little or so much recall, nothing is added.
        """
        counts = [row.boundary for row in self.cuts.fixed() if row.boundary is not None]
        if not counts:
            return None
        recall, first = np.unique([one.recall for one in counts], return_index=True)
        precision = np.array([one.precision for one in counts])[first]
        return float(np.interp(np.arange(101) / 100, recall, precision, left=0, right=0).sum() / 100)

    def summary(self) -> list[Record]:
        """One plain dictionary each for the usual cut, the best detail, and the best for each image."""
        return [row.record() for row in (self.default(), self.best_detail(), self.best_per_image()) if row is not None]

    def record(self) -> dict[str, object]:
        """What the rows of the summary do not say, for JSON."""
        return {
            "gap": self.gap(),
            "best_details": self.best_details(),
            "average_precision": self.average_precision(),
        }

    def words(self) -> str:
        """The same in a line; empty without scores."""
        best = self.best_details()
        if not best:
            return ""
        parts = [f"best details: {', '.join(f'{name} {detail:.2f}' for name, detail in best.items())}"]
        parts.append(f"covering lacks {self.gap():.3f} of the best per image")
        precision = self.average_precision()
        if precision is not None:
            parts.append(f"average precision {precision:.3f}")
        return "; ".join(parts)
