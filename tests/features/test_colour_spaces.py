"""Colour spaces against scikit-image's, and their properties."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.color.colorconv import rgb2hsv, rgb2lab, rgb2luv

from gmmseg.features.colour import converted

SAMPLES = np.random.default_rng(0).integers(0, 256, (4000, 3), np.uint8)


@pytest.mark.parametrize(("space", "reference"), [("lab", rgb2lab), ("luv", rgb2luv)])
def test_perceptual_spaces_agree_with_scikit_image(space: str, reference: object) -> None:
    """Lab and Luv are those of scikit-image, to a hundredth of a just visible step."""
    expected = reference(SAMPLES[None])[0]  # type: ignore[operator]
    np.testing.assert_allclose(converted(SAMPLES, space), expected, atol=0.02)


def test_grey_is_the_lightness_of_lab() -> None:
    """The grey feature is L* from 0 to 100."""
    np.testing.assert_allclose(converted(SAMPLES, "grey")[:, 0], converted(SAMPLES, "lab")[:, 0], atol=1e-4)


def test_rgb_is_a_percentage() -> None:
    """RGB runs from 0 to 100."""
    np.testing.assert_allclose(converted(SAMPLES, "rgb"), SAMPLES / 2.55, atol=1e-4)


@pytest.mark.parametrize("space", ["rgb", "lab", "luv", "hsv", "grey"])
def test_bytes_and_fractions_of_one_are_the_same_colours(space: str) -> None:
    """The same colour as 8-bit numbers and as floats from 0 to 1 has the same features."""
    floats = SAMPLES.astype(np.float32) / 255
    np.testing.assert_allclose(converted(SAMPLES, space), converted(floats, space), atol=2e-3)


def test_the_hue_cone_has_the_chroma_and_value_of_hsv() -> None:
    """The radius is saturation times value, the height the value, and the direction turns with the hue."""
    cone = converted(SAMPLES, "hsv") / 100
    hsv = rgb2hsv(SAMPLES[None])[0]
    np.testing.assert_allclose(np.hypot(cone[:, 0], cone[:, 1]), hsv[:, 1] * hsv[:, 2], atol=1e-5)
    np.testing.assert_allclose(cone[:, 2], hsv[:, 2], atol=1e-6)
    reds = converted(np.array([[255, 0, 4], [255, 4, 0]], np.uint8), "hsv")
    assert np.linalg.norm(reds[0] - reds[1]) < 4


@pytest.mark.parametrize("space", ["rgb", "lab", "luv", "hsv", "grey"])
def test_black_and_white_have_no_colour(space: str) -> None:
    """Black is the origin, and white is 100 on the axes of light alone."""
    black, white = converted(np.array([[0, 0, 0], [255, 255, 255]], np.uint8), space)
    np.testing.assert_allclose(black, 0, atol=1e-3)
    expected = {"rgb": [100] * 3, "lab": [100, 0, 0], "luv": [100, 0, 0], "hsv": [0, 0, 100], "grey": [100]}[space]
    np.testing.assert_allclose(white, expected, atol=0.02)
