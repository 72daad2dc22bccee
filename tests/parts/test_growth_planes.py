"""What trees of regions look at: planes of any picture, blurred and halved."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import correlate1d

from gmmseg.crew import Crew
from gmmseg.files import image_of
from gmmseg.parts.growth.blurring import blurred
from gmmseg.parts.growth.halving import doubled, halved
from gmmseg.parts.growth.planes import halved_mask, halved_picture, planes_of

CREW = Crew(1)
RANDOM = np.random.default_rng(0)
PIXELS = RANDOM.integers(0, 256, (13, 18, 3)).astype(np.uint8)


@pytest.mark.parametrize("sigma", [0.3, 0.7, 2.0, 7.0])
def test_a_blurred_constant_is_constant(sigma: float) -> None:
    """No blur changes a plane of one value, up to its edges."""
    assert np.allclose(blurred(np.full((2, 5, 9), 3.5, np.float32), sigma, CREW), 3.5, rtol=1e-6)


@pytest.mark.parametrize("sigma", [0.7, 1.0, 2.4])
def test_a_blur_is_a_gaussian(sigma: float) -> None:
    """A blur is a Gaussian of three deviations, its sum is one, and edges are repeated."""
    reach = max(1, round(3 * sigma))
    taps = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * sigma**2))
    stack = RANDOM.random((2, 11, 6)).astype(np.float32)
    expected = stack.astype(np.float64)
    for axis in (1, 2):
        expected = correlate1d(expected, taps / taps.sum(), axis, mode="nearest")
    assert np.allclose(blurred(stack, sigma, CREW), expected, atol=1e-6)
    point = np.zeros((1, 31, 31), np.float32)
    point[0, 15, 15] = 1
    assert blurred(point, sigma, CREW).sum() == pytest.approx(1, abs=1e-5)


def test_halving_keeps_means() -> None:
    """Of an even number of pixels halving takes means of two; of an odd number it keeps the sum of those inside."""
    stack = RANDOM.random((3, 8, 6)).astype(np.float32)
    assert np.allclose(halved(stack, CREW), stack.reshape(3, 4, 2, 3, 2).mean(axis=(2, 4)), atol=1e-6)
    odd = np.zeros((1, 9, 7), np.float32)
    odd[0, 3:6, 2:5] = RANDOM.random((3, 3))
    assert halved(odd, CREW).shape == (1, 5, 4)
    assert halved(odd, CREW).sum() == pytest.approx(odd.sum() / 4, abs=1e-5)


@pytest.mark.parametrize("shape", [(8, 6), (7, 5), (8, 5), (1, 4), (1, 1)])
def test_halving_and_doubling_are_blind_to_mirrors(shape: tuple[int, int]) -> None:
    """A mirrored plane has the mirrored half and the mirrored double, bit for bit."""
    stack = RANDOM.random((2, *shape)).astype(np.float32)
    half = halved(stack, CREW)
    for axis in (1, 2):
        assert np.array_equal(halved(np.flip(stack, axis), CREW), np.flip(half, axis))
        back = doubled(np.flip(half, axis), shape, CREW)
        assert np.array_equal(back, np.flip(doubled(half, shape, CREW), axis))


def test_doubling_meets_a_slope() -> None:
    """Between pixels a plane that slopes evenly keeps its slope."""
    for size in (9, 10):
        line = np.arange(size, dtype=np.float32)[None, None].repeat(size, axis=1)
        back = doubled(halved(line, CREW), (size, size), CREW)
        assert np.allclose(back[:, 2:-2, 2:-2], line[:, 2:-2, 2:-2], atol=1e-5)


def test_grey_pictures_are_lightness() -> None:
    """A grey picture has the lightness of the same picture in colour, and no colour."""
    grey, _ = planes_of(image_of(PIXELS[..., 0]), 1, CREW)
    same, _ = planes_of(image_of(np.repeat(PIXELS[..., :1], 3, axis=2)), 1, CREW)
    assert (grey[1:] == 0).all()
    assert np.allclose(grey[0], same[0], atol=0.02)
    assert np.abs(same[1:]).max() < 0.1


def test_more_bits_are_the_same_picture() -> None:
    """A picture in 16 bits or as floats from 0 to 1 has the planes of the one in 8 bits."""
    usual, _ = planes_of(image_of(PIXELS), 1, CREW)
    for other in (PIXELS.astype(np.uint16) * 257, PIXELS.astype(np.float32) / 255):
        assert np.allclose(planes_of(image_of(other), 1, CREW)[0], usual, atol=0.01)


def test_blocks_are_means_of_valid_pixels() -> None:
    """Blocks are means over their valid pixels; a block without any looks like the nearest."""
    pixels = np.full((5, 7, 3), 90, np.uint8)
    pixels[:, 4:] = 200
    valid = np.ones((5, 7), bool)
    valid[0, 0] = valid[:, 4:6] = False
    masked = np.ma.array(pixels, mask=np.repeat(~valid[..., None], 3, axis=2))
    planes, seen = planes_of(image_of(masked), 2, CREW)
    assert planes.shape == (3, 3, 4)
    assert np.array_equal(seen, [[True, True, False, True]] * 3)
    light = planes[0]
    assert np.allclose(light[:, :2], light[0, 0])
    assert (light[:, 3] > light[0, 0] + 30).all()
    assert np.isin(light[:, 2], [light[0, 0], light[0, 3]]).all()


def test_bands_are_looked_at_along_their_axes() -> None:
    """Bands become at most three uncorrelated planes, the first with a photo's contrast, whatever their units."""
    hidden = RANDOM.standard_normal((40, 30, 2))
    bands = (hidden @ RANDOM.standard_normal((2, 5))).astype(np.float32) * [1, 10, 1e-6, 1e6, 1]
    planes, seen = planes_of(image_of((bands + np.array([2, 20, 0, 0, -2])).astype(np.float32)), 1, CREW)
    assert seen.all()
    rows = planes.reshape(3, -1).astype(np.float64)
    assert rows[0].std() == pytest.approx(20, rel=1e-3)
    assert rows[2].std() < 0.01
    assert abs((rows[0] - rows[0].mean()) @ rows[1]) < 1e-3 * len(rows[0]) * rows[0].std() * rows[1].std()
    two, _ = planes_of(image_of(bands[..., :2].astype(np.float32)), 1, CREW)
    assert (two[2] == 0).all()


def test_small_pictures_and_masks() -> None:
    """Halved pictures are rounded means, and halved masks know of any valid pixel."""
    small = halved_picture(PIXELS, CREW)
    assert small.shape == (7, 9, 3)
    mean = PIXELS[:12].reshape(6, 2, 9, 2, 3).mean(axis=(1, 3))
    assert np.abs(small[:6] - mean).max() <= 0.5
    valid = np.zeros((5, 4), bool)
    valid[4, 3] = valid[1, 0] = True
    assert np.array_equal(halved_mask(valid), [[True, False], [False, False], [False, True]])


def test_planes_hang_on_no_thread() -> None:
    """Planes have the same bits with any number of threads."""
    image = image_of(RANDOM.integers(0, 256, (150, 40, 3)).astype(np.uint8))
    one = planes_of(image, 2, CREW)[0]
    with Crew(3) as crew:
        assert np.array_equal(one, planes_of(image, 2, crew)[0])
        assert np.array_equal(blurred(one, 2, CREW), blurred(one, 2, crew))
