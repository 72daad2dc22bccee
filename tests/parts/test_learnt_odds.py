"""Odds learnt from what people drew."""

from __future__ import annotations

import numpy as np
import pytest
from grown_scenes import Labels, apart, painted, quarters, shapes
from learning import (
    BY_HAND,
    Photo,
    best_cut,
    by_hand,
    fitted_form,
    grown,
    learnt_form,
    products,
    scored,
    single_features,
    tabled,
    usual_cut,
)

from gmmseg.crew import Crew
from gmmseg.files import image_of
from gmmseg.parts.growing import ground_in
from gmmseg.parts.growth.odds import terms_of
from gmmseg.parts.growth.pairing import FEATURES
from gmmseg.parts.growth.recipe import Recipe

COLOURS = [(120, 120, 120), (150, 120, 120), (120, 150, 120), (110, 130, 150), (140, 140, 110)]
F = len(FEATURES)


def drawn(labels: Labels, grain: float, seed: int) -> Photo:
    """A picture that one person has parted so."""
    image = image_of(painted(labels, COLOURS, grain, seed))
    with Crew(1) as crew:
        ground = ground_in(image, Recipe(), 0, crew)
    return Photo(Recipe(), ground, (labels,), (tabled(ground.crumbs, labels),), 0.0)


def examples(form: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features of chance, the share of people who part them by a form, and weights."""
    random = np.random.default_rng(seed)
    features = 2 * random.standard_normal((5000, F)) + random.standard_normal(F)
    features[:, 0] = 1
    return features, 1 / (1 + np.exp(-np.einsum("ni,ij,nj->n", features, form, features))), random.random(5000)


def test_a_form_is_found_again() -> None:
    """From shares that follow a form, the odds that are fitted follow it, but for the ridge; always the same bits."""
    truth = np.zeros((F, F))
    truth[0, 0], truth[0, 3], truth[0, 14], truth[3, 14] = 0.3, 0.5, -0.4, 0.05
    given = examples(truth)
    found = fitted_form(*given)
    assert np.array_equal(found, fitted_form(*given))
    assert np.array_equal(found, np.triu(found))
    odds, true = (np.einsum("ni,ij,nj->n", given[0], form, given[0]) for form in (found, truth))
    assert np.corrcoef(odds, true)[0, 1] > 0.98
    assert fitted_form(*given, single_features())[1:, 1:].any() == False  # noqa: E712 - of NumPy's


def test_the_slope_is_flat_where_it_stops() -> None:
    """What is fitted is the best there is: a step in any direction makes it worse."""
    features, parted, weights = examples(np.diag(np.linspace(-0.1, 0.1, F)))
    terms = products(FEATURES[4:])
    found = fitted_form(features, parted, weights, terms)
    middle, spread = features[:, 1:].mean(axis=0), features[:, 1:].std(axis=0)

    def worth(form: np.ndarray) -> float:
        odds = np.einsum("ni,ij,nj->n", features, form, features)
        turn = np.diag([1, *spread])
        turn[1:, 0] = middle  # features = turn @ standard
        whole = turn.T @ form @ turn
        standard = np.triu(whole) + np.tril(whole, -1).T
        loss = (weights * (np.logaddexp(0, odds) - parted * odds)).sum() / weights.sum()
        return float(loss + 0.005 * ((standard**2).sum() - standard[0, 0] ** 2))

    least = worth(found)
    for i, j in terms:
        for step in (-1e-3, 1e-3):
            other = found.copy()
            other[i, j] += step
            assert worth(other) > least


def test_features_left_out_have_no_terms() -> None:
    """What is left out is in no term, of the odds to begin with either."""
    terms = products(("embrace", "rise"))
    assert len(terms) == (F - 2) * (F - 1) // 2
    assert not any("embrace" in name for name in terms_of(by_hand(terms)))
    assert terms_of(by_hand()) == BY_HAND
    features, parted, weights = examples(np.zeros((F, F)))
    told = terms_of(fitted_form(features, parted, weights, terms))
    assert not any("embrace" in name or "rise" in name for name in told)


def test_learning_from_a_few_pictures() -> None:
    """Odds that were learnt from made pictures part another of the kind as it should be, at the cut that was chosen."""
    photos = [drawn(made(90, 120), 6, seed) for seed, made in enumerate((shapes, quarters) * 2)]
    usual, score = usual_cut(photos, single_features(), turns=2)
    assert score.covering > 0.9
    form = learnt_form(photos, single_features())
    other = drawn(shapes(90, 120), 6, 9)
    merges = grown(other, form)
    n = len(merges.costs) + 1
    labels = np.arange(n)
    for t in range(int((np.maximum.accumulate(merges.costs) <= usual).sum())):
        labels[np.isin(labels, merges.pairs[t])] = n + t
    assert apart(labels[other.ground.crumbs], other.truths[0]) < 0.3
    at, best = best_cut([scored(other, form)])
    assert best.covering == pytest.approx(max(own.covering for own in scored(other, form)), abs=0.05)
    assert -1.5 <= at <= 1.5
