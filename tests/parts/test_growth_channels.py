"""Gradients across every direction, and the landscape that they make."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from gmmseg.crew import Crew
from gmmseg.parts.growth.channels import landscape, steps
from gmmseg.parts.growth.discs import DIRECTIONS, disc_gradients
from gmmseg.parts.growth.evidence import evidence_of, jets
from gmmseg.parts.growth.recipe import Recipe

CREW = Crew(1)
RANDOM = np.random.default_rng(0)
Y, X = np.mgrid[:40, :41]
# Where the second half lies, and the number of the tangent along which it begins.
HALVES = {
    "below": (Y >= 20, 0),
    "right": (X >= 20, DIRECTIONS // 2),
    "below the diagonal": (Y > X, DIRECTIONS // 4),
    "below the other diagonal": (X + Y > 40, 3 * DIRECTIONS // 4),
}


def of_halves(second: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Shares of two components, one in each half : (2, h, w)."""
    return np.stack([~second, second]).astype(np.float32)


@pytest.mark.parametrize("sigma", [1.7, 3.5, 8.0])
def test_nothing_differs_within_one_colour(sigma: float) -> None:
    """Where all shares are alike, no direction has a gradient, at the edges either."""
    stack = np.repeat(np.array([[0.2], [0.5], [0.3]], np.float32), 12 * 9, axis=1).reshape(3, 12, 9)
    assert np.abs(disc_gradients(stack, sigma, CREW)).max() < 1e-6


@pytest.mark.parametrize("name", HALVES)
def test_gradients_are_largest_along_a_border(name: str) -> None:
    """A border is seen best in the direction in which it runs, and there nearly as much as can be."""
    second, direction = HALVES[name]
    gradients = disc_gradients(of_halves(second), 3.0, CREW)
    assert gradients.min() >= 0
    assert gradients.max() <= 1 + 1e-5
    assert gradients[:, 20, 20].argmax() == direction
    assert gradients[direction, 20, 20] > 0.4
    assert gradients[direction, 20, 20] > 3 * gradients[(direction + DIRECTIONS // 2) % DIRECTIONS, 20, 20]


@pytest.mark.parametrize("name", HALVES)
def test_slopes_are_largest_along_a_border(name: str) -> None:
    """Steps of mean colour are seen best in the direction in which they run, from 0 to 1."""
    second, direction = HALVES[name]
    found = steps(np.where(second, 80, 20)[None].repeat(3, axis=0).astype(np.float32), 1.2, CREW)
    assert found[:, 20, 20].argmax() == direction
    assert 0 <= found.min() <= found.max() < 1
    assert found[direction, 20, 20] > 0.7


def test_mirrored_shares_have_mirrored_gradients() -> None:
    """Mirrored shares and planes have mirrored gradients, in mirrored directions."""
    back = -np.arange(DIRECTIONS) % DIRECTIONS
    stack = RANDOM.dirichlet(np.ones(4), (30, 27)).transpose(2, 0, 1).astype(np.float32)
    planes = (50 * RANDOM.random((3, 30, 27))).astype(np.float32)
    for there, here in (
        (disc_gradients(stack[:, :, ::-1], 2.3, CREW), disc_gradients(stack, 2.3, CREW)),
        (steps(planes[:, :, ::-1], 1.2, CREW), steps(planes, 1.2, CREW)),
    ):
        assert np.allclose(there[back][:, :, ::-1], here, atol=1e-5)


def test_the_landscape_is_a_weighted_sum() -> None:
    """Channels of one value make that value times the sum of the weights."""
    recipe = Recipe(emphasis=(1.0, 0.5, 0.25, 0, 0, 0, 0, 0, 2.0))
    found = landscape((np.full((DIRECTIONS, 7, 9), 0.5, np.float32),) * 9, recipe, CREW)
    assert found.shape == (7, 9)
    assert np.allclose(found, 0.5 * 3.75, atol=1e-5)


def test_the_landscape_takes_the_strongest_direction() -> None:
    """Directions are not mixed: two borders that cross do not add up."""
    recipe = Recipe(emphasis=(1.0, 1.0, 0, 0, 0, 0, 0, 0, 0))
    one, other = np.zeros((2, DIRECTIONS, 5, 5), np.float32)
    one[0], other[4] = 0.75, 0.5
    assert np.allclose(landscape((one, other, *[one] * 7), recipe, CREW), 0.75, atol=1e-5)


def test_jets_of_flat_lightness_are_nothing() -> None:
    """Lightness of one value has no texture, a slope has first derivatives alone."""
    assert np.abs(jets(np.full((9, 8), 40, np.float32), CREW)).max() < 1e-4
    slope = jets(np.tile(np.arange(40, dtype=np.float32), (40, 1)), CREW)[:, 8:12, 8:12]
    assert np.allclose(slope[0], np.log1p(0.5), atol=1e-4)
    assert np.allclose(slope[5], np.log1p(1.0), atol=1e-4)
    assert np.abs(np.delete(slope, [0, 5], axis=0)).max() < 1e-3


def test_shares_sum_to_one() -> None:
    """Responsibilities of colours and textures sum to one at every pixel, whatever there is to tell apart."""
    for planes in (np.zeros((3, 1, 1)), np.full((3, 6, 5), 7.0), 60 * RANDOM.random((3, 20, 31))):
        evidence = evidence_of(planes.astype(np.float32), Recipe(), 0, CREW)
        h, w = planes.shape[1:]
        assert evidence.palettes.shape[1:] == (h, w)
        assert evidence.textures.shape[1:] == ((h + 1) // 2, (w + 1) // 2)
        for shares in (evidence.palettes, evidence.textures):
            assert np.allclose(shares.sum(axis=0), 1, atol=1e-4)
