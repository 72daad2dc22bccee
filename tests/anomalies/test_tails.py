"""The calibration: how often normal pixels score so high."""

from __future__ import annotations

import numpy as np
import pytest
from defects import normal

from gmmseg import AnomalyModel, InputError
from gmmseg.anomalies import Tail

RATES = (1e-2, 1e-3, 1e-4)


@pytest.mark.parametrize("shape", [1.0, 4.0, 20.0])
def test_rates_are_met_on_further_draws(shape: float) -> None:
    """Of a million further draws, the share above thresholds is within a factor of two; of the bulk's, more roughly."""
    random = np.random.default_rng(0)
    tails = [Tail.of(random.gamma(shape, 2, 50_000)) for _ in range(4)]
    bulks = [Tail.of_bulk(random.gamma(shape, 2, 50_000)) for _ in range(4)]
    fresh = random.gamma(shape, 2, 1_000_000)

    def met(several: list[Tail], rate: float) -> float:
        return float(np.mean([(fresh > tail.threshold(rate)).mean() / rate for tail in several]))

    for rate in RATES:
        assert 0.5 < met(tails, rate) < 2
    assert 0.4 < met(bulks, 1e-2) < 2
    assert 0.05 < met(bulks, 1e-3) < 5


@pytest.mark.parametrize("pictures", [3, 4, 8])
def test_the_rates_of_the_next_picture_are_foreseen(pictures: int) -> None:
    """Where pictures differ in level, rates of further ones are met on average, which those of pooled scores are not.

    Of three pictures few tell too little of what differs, and are made up for by the rest: the mean over 60 is low.
    """
    random = np.random.default_rng(5)
    met, pooled = [], []
    for _ in range(60):
        seen = [(random.normal(0, 2) + random.gamma(4, 1, 2000)).astype(np.float32) for _ in range(pictures)]
        further = np.concatenate([random.normal(0, 2) + random.gamma(4, 1, 2000) for _ in range(60)])
        met.append([(further > Tail.of_pieces(seen).threshold(rate)).mean() / rate for rate in RATES])
        pooled.append([(further > Tail.of(np.concatenate(seen)).threshold(rate)).mean() / rate for rate in RATES])
    assert (np.mean(met, axis=0) < 2).all()
    if pictures > 4:
        assert (np.mean(met, axis=0)[:2] > 0.5).all()
    assert (np.mean(pooled, axis=0)[1:] > 2 * np.mean(met, axis=0)[1:]).all()


def test_pieces_that_are_alike_have_the_tail_of_all() -> None:
    """The threshold of pieces of one distribution is that of all their scores together, and a little more."""
    scores = np.random.default_rng(6).gamma(4, 2, (40, 5000)).astype(np.float32)
    apart, together = Tail.of_pieces(list(scores)), Tail.of(scores)
    for rate in RATES:
        assert together.threshold(rate) * 0.97 < apart.threshold(rate) < together.threshold(rate) * 1.05
    rates = apart.rate(np.linspace(0, 500, 300))
    assert (np.diff(rates) <= 0).all()
    assert 0 <= rates[-1] < 1e-9


def test_threshold_and_rate_are_inverse() -> None:
    """The rate of a threshold is the rate asked for, in the body and in the tail."""
    tail = Tail.of(np.random.default_rng(1).gamma(3, 2, 50_000))
    for rate in (0.5, 0.1, 0.02, 1e-2, 1e-3, 1e-6):
        assert tail.rate(tail.threshold(rate)) == pytest.approx(rate, rel=0.05)


def test_rates_fall_with_scores() -> None:
    """Whoever scores higher is rarer, down to nothing."""
    tail = Tail.of(np.random.default_rng(2).standard_normal(5000))
    rates = tail.rate(np.linspace(-10, 40, 500))
    assert (np.diff(rates) <= 0).all()
    assert rates[0] == 1
    assert 0 <= rates[-1] < 1e-6


def test_adding_to_all_scores_moves_the_threshold_alone() -> None:
    """Scores that are all larger by a constant have a threshold larger by as much."""
    scores = np.random.default_rng(3).gamma(2, 3, 10_000)
    for make in (Tail.of, Tail.of_bulk):
        assert make(scores + 1000).threshold(1e-4) == pytest.approx(make(scores).threshold(1e-4) + 1000, abs=1e-6)


def test_the_bulk_does_not_see_what_is_odd() -> None:
    """However huge the scores of a twenty-fifth are, they raise the threshold of the bulk no more than twofold."""
    scores = np.random.default_rng(4).gamma(4, 2, 20_000)
    spoilt = scores.copy()
    spoilt[:800] += 1000
    assert Tail.of_bulk(spoilt).threshold(1e-3) < 2.1 * Tail.of_bulk(scores).threshold(1e-3)


def test_equal_scores_have_a_threshold_just_above() -> None:
    """Where all pixels score alike, hardly more is odd."""
    for make in (Tail.of, Tail.of_bulk):
        assert 7 < make(np.full(1000, 7.0)).threshold(1e-4) < 7.3
        assert 7 < make(np.array([7.0])).threshold(1e-4) < 7.3


@pytest.mark.parametrize("bad", [[], [np.nan], [1.0, np.inf]])
def test_scores_that_are_none_are_refused(bad: list[float]) -> None:
    """There is no tail of nothing, nor of NaN."""
    with pytest.raises(InputError, match="finite scores"):
        Tail.of(bad)


def test_rates_out_of_range_are_refused() -> None:
    """A rate lies between 0 and 1."""
    tail = Tail.of([1.0, 2.0, 3.0])
    for rate in (0, 1, -1, np.nan, "many"):
        with pytest.raises(InputError, match="false alarms"):
            tail.threshold(rate)  # type: ignore[arg-type]


def test_false_alarms_on_further_pictures_are_as_asked() -> None:
    """On pictures that were not fitted to, rates are met within a factor of two on average.

    Half of the runs have no such rare pixel at all: a few pictures unlike those that were seen make the mean.
    """
    shape, found = (112, 140), []
    for surface in ("weave", "speckle", "leather"):
        for first in (0, 50):
            model = AnomalyModel.fit([normal(surface, first + seed, shape) for seed in range(5)], k=4)
            scores = [model.apply(normal(surface, first + 10 + seed, shape)).score for seed in range(5)]
            found.append([np.mean([score > model.tail.threshold(rate) for score in scores]) for rate in RATES])
    for rate, met in zip(RATES, np.mean(found, axis=0), strict=True):
        assert 0.5 < met / rate < 2, (rate, met)
