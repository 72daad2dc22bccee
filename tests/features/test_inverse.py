"""Colours back from the spaces that they are compared in."""

from __future__ import annotations

import numpy as np
import pytest

from gmmseg import InputError
from gmmseg.features import FeatureSpec
from gmmseg.features.colour import converted
from gmmseg.features.imagery import swatches_of
from gmmseg.features.inverse import rgb_of


@pytest.mark.parametrize("space", ["rgb", "lab", "luv", "hsv"])
def test_round_trip(space: str) -> None:
    """Every colour comes back from every space as it was, to the bit."""
    steps = np.array([0, 1, 2, 3, 7, 12, 31, 64, 100, 128, 199, 254, 255], np.uint8)
    some = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(-1, 3)
    colours = np.concatenate([some, np.random.default_rng(0).integers(0, 256, (20_000, 3), dtype=np.uint8)])
    np.testing.assert_array_equal(rgb_of(converted(colours, space), space), colours)


def test_round_trip_of_grey() -> None:
    """Every grey comes back from its lightness."""
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    np.testing.assert_array_equal(rgb_of(converted(greys, "grey"), "grey"), greys)


def test_colours_that_no_screen_shows_are_clipped() -> None:
    """Colours outside of sRGB are clipped: beyond white is white, below black is black."""
    far = np.array([[140.0, 0.0, 0.0], [-30.0, 0.0, 0.0], [50.0, 300.0, -300.0]])
    found = rgb_of(far, "lab")
    assert found[0].tolist() == [255, 255, 255]
    assert found[1].tolist() == [0, 0, 0]
    assert rgb_of(np.array([[-1.0, 5.0, 5.0], [0.0, 0.0, 0.0]]), "luv").tolist() == [[0, 0, 0], [0, 0, 0]]
    for wrong, space in ((far, "xyz"), (far[:, :2], "lab"), (far[0], "lab")):
        with pytest.raises(InputError, match="expected colours"):
            rgb_of(wrong, space)


def test_swatches_are_the_colours_among_features() -> None:
    """Rows with colours among their features have a swatch each, wherever the colours stand; others have none."""
    colours = np.array([[200, 30, 40], [0, 90, 255]], np.uint8)
    lab = converted(colours, "lab")
    swatches = swatches_of(lab, FeatureSpec.parse("lab"))
    assert swatches is not None
    np.testing.assert_array_equal(swatches, colours[:, None, None])
    placed = np.concatenate([np.zeros((2, 2)), lab], axis=1)
    swatches = swatches_of(placed, FeatureSpec.parse("xy:0.5,lab"))
    assert swatches is not None
    np.testing.assert_array_equal(swatches, colours[:, None, None])
    assert swatches_of(lab, FeatureSpec.parse("bands")) is None
