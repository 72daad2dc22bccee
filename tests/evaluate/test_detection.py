"""Counts and rates of foreground masks."""

from __future__ import annotations

from dataclasses import asdict
from math import isnan, nan

import numpy as np
import pytest

from gmmseg.errors import InputError
from gmmseg.evaluate import Detection, Rates, detection, mean_rates

TRUTH = np.array([[255, 255, 255, 255, 0, 0, 0, 50, 50, 85, 170]], np.uint8)
MASK = np.array([[1, 1, 1, 0, 0, 0, 1, 1, 0, 1, 1]], bool)


def test_counts() -> None:
    """Shadow is background, and what is outside or unknown does not count."""
    assert detection(MASK, TRUTH) == Detection(tp=3, fp=2, fn=1, tn=3, shadow=2, shadow_fp=1)


def test_inside() -> None:
    """Only what is inside counts."""
    inside = np.arange(11)[None] < 5
    assert detection(MASK, TRUTH, inside) == Detection(tp=3, fn=1, tn=1)


def test_rates() -> None:
    """The measures are those of CDnet 2014."""
    rates = Detection(tp=3, fp=2, fn=1, tn=3, shadow=2, shadow_fp=1).rates()
    assert asdict(rates) == pytest.approx(
        {
            "recall": 3 / 4,
            "specificity": 3 / 5,
            "fpr": 2 / 5,
            "fnr": 1 / 4,
            "pwc": 100 * 3 / 9,
            "precision": 3 / 5,
            "f": 2 * 0.75 * 0.6 / 1.35,
            "shadow_fpr": 1 / 2,
        }
    )


def test_counts_agree_with_their_definition() -> None:
    """On random masks and truths the counts are those that comparing pixel by pixel gives."""
    random = np.random.default_rng(0)
    truth = random.choice(np.array([0, 50, 85, 170, 255], np.uint8), (40, 50))
    mask = random.random((40, 50)) < 0.4
    inside = random.random((40, 50)) < 0.7
    positive, negative = inside & (truth == 255), inside & ((truth == 0) | (truth == 50))
    assert detection(mask, truth, inside) == Detection(
        int((mask & positive).sum()),
        int((mask & negative).sum()),
        int((~mask & positive).sum()),
        int((~mask & negative).sum()),
        int((inside & (truth == 50)).sum()),
        int((mask & inside & (truth == 50)).sum()),
    )


def test_sums() -> None:
    """The counts of two frames add up to those of both together."""
    both = detection(np.vstack([MASK, ~MASK]), np.vstack([TRUTH, TRUTH]))
    assert detection(MASK, TRUTH) + detection(~MASK, TRUTH) == both


def test_nothing_to_measure() -> None:
    """Where nothing is there and nothing was found F is not a number; where all was missed it is 0."""
    empty = Detection(tn=10).rates()
    assert isnan(empty.recall)
    assert isnan(empty.precision)
    assert isnan(empty.f)
    assert empty.pwc == 0
    missed = Detection(fn=4, tn=10).rates()
    assert (missed.recall, missed.f) == (0, 0)
    assert isnan(missed.precision)
    assert isnan(Detection().rates().pwc)


def test_means_leave_out_what_is_no_number() -> None:
    """A mean is that of the numbers there are."""
    found = mean_rates([Rates(1, 1, 0, 0, 10, nan, 0.5, nan), Rates(0, 1, 0, 1, 20, 0.5, nan, nan)])
    assert (found.recall, found.pwc, found.precision, found.f) == (0.5, 15, 0.5, 0.5)
    assert isnan(found.shadow_fpr)


@pytest.mark.parametrize(
    ("mask", "truth", "inside", "told"),
    [
        (MASK.astype(np.uint8), TRUTH, None, "of bool"),
        (MASK[:, :5], TRUTH, None, "expected a mask"),
        (MASK, TRUTH // 2, None, r"got \[25, 42, 127\]"),
        (MASK, TRUTH.astype(int), None, "int64"),
        (MASK, TRUTH, MASK[:, :5], "of one shape"),
    ],
)
def test_refusals(mask: np.ndarray, truth: np.ndarray, inside: np.ndarray | None, told: str) -> None:
    """Masks of another type or shape, and truths with other values, are refused."""
    with pytest.raises(InputError, match=told):
        detection(mask, truth, inside)
