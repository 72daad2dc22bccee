"""Frames with what stands in front of their background."""

from __future__ import annotations

import numpy as np
import pytest

from gmmseg.arrays import Flags
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.foreground import activity_picture, eight_bit, foreground_alone, foreground_overlay


def frame_of(seed: int) -> tuple[Bytes, Flags, Flags]:
    """Noise, a mask and a shadow of blocks : (h, w, 3), (h, w), (h, w)."""
    random = np.random.default_rng(seed)
    h, w = random.integers(1, 60, 2)
    blocks = np.kron(random.integers(0, 3, (h, w)), np.ones((seed % 7 + 1,) * 2, np.int64))[:h, :w]
    return random.integers(0, 256, (h, w, 3), np.uint8), blocks == 1, blocks == 2


@pytest.mark.parametrize("seed", range(25))
def test_pixels_outside_stay(seed: int) -> None:
    """Where there is neither foreground nor shadow, not a bit of the frame changes, nor does what was given."""
    pixels, mask, shadow = frame_of(seed)
    before = pixels.copy()
    drawn = foreground_overlay(pixels, mask, shadow)
    np.testing.assert_array_equal(pixels, before)
    np.testing.assert_array_equal(drawn[~mask & ~shadow], pixels[~mask & ~shadow])
    alone = foreground_overlay(pixels, mask)
    np.testing.assert_array_equal(alone[~mask], pixels[~mask])
    np.testing.assert_array_equal(alone[mask], drawn[mask])


@pytest.mark.parametrize("seed", range(25))
def test_outline_is_the_edge(seed: int) -> None:
    """The bright line is where a pixel of the mask has a neighbour outside, and the frame's own edge is none."""
    pixels, mask, _ = frame_of(seed)
    padded = np.pad(mask, 1, mode="edge")
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    drawn = foreground_overlay(np.zeros_like(pixels), mask)
    line = (drawn == (255, 226, 92)).all(axis=2)
    np.testing.assert_array_equal(line, mask & ~inner)


@pytest.mark.parametrize("seed", range(10))
def test_foreground_alone(seed: int) -> None:
    """The foreground is kept as it is, and all else is black."""
    pixels, mask, _ = frame_of(seed)
    np.testing.assert_array_equal(foreground_alone(pixels, mask), np.where(mask[..., None], pixels, 0))


def test_boxes_are_drawn_where_they_are() -> None:
    """A box's line lies just within the box, and boxes at the edge of the frame or beyond do no harm."""
    pixels = np.full((50, 60, 3), 90, np.uint8)
    drawn = foreground_overlay(pixels, np.zeros((50, 60), np.bool_), boxes=[[10, 20, 15, 12]])
    line = (drawn == (255, 226, 92)).all(axis=2)
    y, x = np.nonzero(line)
    assert [x.min(), y.min(), np.ptp(x) + 1, np.ptp(y) + 1] == [10, 20, 15, 12]
    assert not line[21:31, 11:24].any()
    np.testing.assert_array_equal(drawn[22:30, 12:23], pixels[22:30, 12:23])
    edges = [[0, 0, 60, 50], [59, 49, 1, 1], [-5, -5, 400, 300], [0, 3, 0, 0]]
    assert foreground_overlay(pixels, np.zeros((50, 60), np.bool_), boxes=edges).shape == pixels.shape


def test_activity_glows_where_there_was_some() -> None:
    """Ground that was never covered is grey, and more activity is brighter."""
    plate = np.full((4, 5, 3), (200, 100, 20), np.uint8)
    share = np.zeros((4, 5), np.float32)
    share[1], share[2], share[3] = 0.1, 0.5, 0.9
    picture = activity_picture(plate, share, 0.9).astype(int)
    assert np.ptp(picture[0], axis=-1).max() == 0
    assert np.all(np.diff(picture[1:, 0].sum(axis=-1)) > 0)
    np.testing.assert_array_equal(activity_picture(plate, share, 0.5)[2], activity_picture(plate, share, 0.5)[3])


def test_frames_of_every_kind_can_be_seen() -> None:
    """Grey and 16-bit frames become eight bits of red, green and blue."""
    assert eight_bit(np.array([[0, 65535]], np.uint16)).tolist() == [[[0] * 3, [255] * 3]]
    warm = np.array([[900, 1000, 1080, 1200]], np.uint16)
    assert eight_bit(warm, (1000.0, 1200.0))[0, :, 0].tolist() == [0, 0, 102, 255]
    assert eight_bit(np.full((2, 3), 7, np.uint8)).shape == (2, 3, 3)


def test_what_does_not_fit_is_refused() -> None:
    """Masks and shares of another size or type are refused."""
    pixels = np.zeros((4, 5, 3), np.uint8)
    with pytest.raises(InputError, match="expected a mask"):
        foreground_overlay(pixels, np.zeros((5, 4), np.bool_))
    with pytest.raises(InputError, match="expected a mask"):
        foreground_alone(pixels, np.zeros((4, 5), np.uint8))
    with pytest.raises(InputError, match="expected shares"):
        activity_picture(pixels, np.zeros((5, 4), np.float32), 1.0)
