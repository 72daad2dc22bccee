"""What came of several background models on several clips: scores, and their means as CDnet 2014 takes them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import reduce
from operator import add

from gmmseg.evaluate.detection import Detection, Rates, mean_rates
from gmmseg.evaluate.evaluation import Failure, Record
from gmmseg.evaluate.reliability import Reliability


@dataclass(frozen=True)
class VideoScore:
    """One setting on one clip.

    Parameters
    ----------
    setting, category, clip : str
    frames : int
        How many the model has seen.
    scored : tuple of (int, Detection)
        The number of each frame that has a truth, and what was counted in it.
    reliability : Reliability or None
        Of the probabilities in all of these; None where there are none.
    seconds : float
        Time on the clock for the model; more when several clips share the processors.
    """

    setting: str
    category: str
    clip: str
    frames: int
    scored: tuple[tuple[int, Detection], ...] = field(repr=False)
    reliability: Reliability | None
    seconds: float

    @property
    def detection(self) -> Detection:
        """What was counted in all frames."""
        return reduce(add, (counts for _, counts in self.scored), Detection())


@dataclass(frozen=True)
class VideoEvaluation:
    """All scores, in the order of the clips and then of the settings; failures likewise."""

    settings: tuple[str, ...]
    scores: tuple[VideoScore, ...]
    failures: tuple[Failure, ...] = ()

    def of(self, setting: str) -> tuple[VideoScore, ...]:
        """The scores of one setting."""
        return tuple(score for score in self.scores if score.setting == setting)

    def categories(self, setting: str) -> dict[str, Rates]:
        """For each category the mean of each measure over its clips."""
        rates: dict[str, list[Rates]] = {}
        for score in self.of(setting):
            rates.setdefault(score.category, []).append(score.detection.rates())
        return {category: mean_rates(own) for category, own in rates.items()}

    def overall(self, setting: str) -> Rates:
        """The mean of each measure over the categories, as CDnet takes it."""
        return mean_rates(list(self.categories(setting).values()))

    def over_clips(self, setting: str) -> Rates:
        """The mean of each measure over all clips."""
        return mean_rates([score.detection.rates() for score in self.of(setting)])

    def reliability(self, setting: str) -> Reliability | None:
        """The probabilities of all clips taken together; None where there are none."""
        found = [score.reliability for score in self.of(setting) if score.reliability is not None]
        return reduce(add, found) if found else None

    def records(self) -> list[Record]:
        """One plain dictionary a score, None for NaN; those of failures have "error" in place of scores."""
        return [
            {
                "setting": score.setting,
                "category": score.category,
                "clip": score.clip,
                "frames": score.frames,
                "scored": len(score.scored),
                "seconds": score.seconds,
                **asdict(score.detection),
                **_rates(score.detection.rates()),
                **_calibration(score.reliability),
            }
            for score in self.scores
        ] + [{"setting": one.setting, "clip": one.image, "error": one.reason} for one in self.failures]

    def summary(self) -> list[Record]:
        """One plain dictionary a setting and clip, then the means of each category and of all; NaN is None."""
        rows: list[Record] = []
        for setting in self.settings:
            scores = self.of(setting)
            for score in scores:
                rows.append(_row(setting, f"{score.category}/{score.clip}", 1, score.detection.rates()))
                rows[-1] |= _calibration(score.reliability)
            if len(scores) > 1:
                for category, rates in self.categories(setting).items():
                    rows.append(_row(setting, category, sum(score.category == category for score in scores), rates))
                rows.append(_row(setting, "mean of categories", len(scores), self.overall(setting)))
                rows.append(_row(setting, "mean of clips", len(scores), self.over_clips(setting)))
                rows[-1] |= _calibration(self.reliability(setting))
        return rows

    def frames(self) -> list[Record]:
        """One plain dictionary a setting, clip and frame that was scored."""
        return [
            {
                "setting": score.setting,
                "category": score.category,
                "clip": score.clip,
                "frame": number,
                **asdict(counts),
                "f": _number(counts.rates().f),
            }
            for score in self.scores
            for number, counts in score.scored
        ]


def _row(setting: str, of: str, clips: int, rates: Rates) -> Record:
    return {"setting": setting, "of": of, "clips": clips, **_rates(rates)}


def _rates(rates: Rates) -> Record:
    return {name: _number(value) for name, value in asdict(rates).items()}


def _calibration(found: Reliability | None) -> Record:
    return {} if found is None else {"calibration_error": _number(found.error), "brier": _number(found.brier)}


def _number(value: float) -> float | None:
    """JSON has no NaN, and a table has a blank for it."""
    return None if value != value else value  # noqa: PLR0124 - NaN alone differs from itself
