"""Whether probabilities of foreground are what they say, and the picture of it."""

from __future__ import annotations

from math import isnan
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from gmmseg.errors import InputError
from gmmseg.evaluate import Reliability, reliability
from gmmseg.figures.reliability import reliability_diagram


def drawn(sharpness: float) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities, and truths drawn by them; sharper ones say more than they know."""
    random = np.random.default_rng(1)
    known = random.random((300, 300))
    truth = np.where(random.random((300, 300)) < known, 255, 0).astype(np.uint8)
    odds = (known / (1 - known)) ** sharpness
    return (odds / (1 + odds)).astype(np.float32), truth


def test_honest_probabilities() -> None:
    """Probabilities by which the truth was drawn have next to no calibration error."""
    found = reliability(*drawn(1.0))
    assert found.error < 0.01
    np.testing.assert_allclose(found.means, found.shares, atol=0.03)
    assert found.brier == pytest.approx(1 / 6, abs=0.01)  # the mean of p(1 − p)


def test_overconfident_probabilities() -> None:
    """Probabilities that are too sure lie off the diagonal and cost more."""
    honest, sure = reliability(*drawn(1.0)), reliability(*drawn(3.0))
    assert sure.error > 0.1
    assert sure.brier > honest.brier
    assert sure.shares[2] > sure.means[2] + 0.1


def test_by_hand() -> None:
    """Four pixels in two bins give the numbers that a pencil gives; unknown ones do not count, shadow is background."""
    truth = np.array([[0, 50, 255, 255, 170, 85]], np.uint8)
    found = reliability(np.array([[0.1, 0.3, 0.4, 1.0, 0.9, 0.0]]), truth, bins=2)
    assert found.pixels.tolist() == [3, 1]
    assert found.foreground.tolist() == [1, 1]
    assert found.means == pytest.approx([0.8 / 3, 1])
    assert found.error == pytest.approx(3 / 4 * abs(0.8 / 3 - 1 / 3))
    assert found.brier == pytest.approx((0.01 + 0.09 + 0.36) / 4)


def test_frames_add_up() -> None:
    """Two halves of a frame give together what the whole gives, and what is not inside gives nothing."""
    probability, truth = drawn(1.0)
    whole = reliability(probability, truth)
    halves = reliability(probability[:100], truth[:100]) + reliability(probability[100:], truth[100:])
    assert (whole.pixels == halves.pixels).all()
    assert halves.error == pytest.approx(whole.error)
    assert halves.brier == pytest.approx(whole.brier)
    upper = np.arange(300)[:, None] < 100 * np.ones(300)
    assert (reliability(probability, truth, upper).pixels == reliability(probability[:100], truth[:100]).pixels).all()


def test_nothing_labelled() -> None:
    """Without any labelled pixel the measures are no numbers."""
    found = reliability(np.zeros((2, 2)), np.full((2, 2), 170, np.uint8))
    assert isnan(found.error)
    assert isnan(found.brier)
    assert np.isnan(found.means).all()
    assert isnan(Reliability().error)


@pytest.mark.parametrize(
    "wrong", [np.full((2, 2), 1.1), np.full((2, 2), np.nan), np.zeros((2, 3)), np.zeros((2, 2), int)]
)
def test_refusals(wrong: np.ndarray) -> None:
    """Only probabilities are taken: floats from 0 to 1, as many as there are pixels."""
    with pytest.raises(InputError, match="expected probabilities"):
        reliability(wrong, np.zeros((2, 2), np.uint8))


def test_diagram() -> None:
    """The picture is an SVG with a curve and a line of the legend for each name, whatever the name."""
    found = [reliability(*drawn(sharpness)) for sharpness in (1.0, 3.0)]
    names = ["honest", "sure <&>"]
    text = reliability_diagram(
        names, [one.means for one in found], [one.shares for one in found], [one.pixels for one in found]
    )
    root = ET.fromstring(text)  # noqa: S314 - our own
    curves = [node for node in root.iter() if node.get("class") == "curve"]
    assert len(curves) == 2
    assert {"honest", "sure <&>"} <= {node.text for node in root.iter() if node.text}
    assert "nan" not in text


def test_diagram_of_nothing() -> None:
    """Bins without pixels are left out, and curves that do not fit together are refused."""
    empty = Reliability()
    text = reliability_diagram(["none"], [empty.means], [empty.shares], [empty.pixels])
    assert 'class="curve"' not in text
    for means, shares in (([0.5], [0.5, 1]), ([2.0, 0.0], [0.5, 1])):
        with pytest.raises(InputError):
            reliability_diagram(["x"], [means], [shares], [[1, 1]])
    with pytest.raises(InputError):
        reliability_diagram([], [], [], [])
