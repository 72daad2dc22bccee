"""The heat map with its legend, and the photo with what is odd."""

from __future__ import annotations

import numpy as np
import pytest

from gmmseg.errors import InputError
from gmmseg.figures.heat import heat_picture, odd_overlay
from gmmseg.figures.uncertainty import ramp


def test_heat_is_the_ramp_about_the_threshold() -> None:
    """The map stands at the left in its own size; the threshold has the middle of the ramp, NaN is hatched grey."""
    score = np.array([[0, 10, 20, 99]] * 3, np.float32)
    score[2, 0] = np.nan
    picture = heat_picture(score, 0.0, 10.0)
    colors = ramp()
    assert np.array_equal(picture[0, :4], colors[[0, 128, 255, 255]])
    assert np.ptp(picture[2, 0]) == 0
    assert picture.shape[0] > 3
    assert picture.shape[1] > 40


def test_the_bar_grows_with_the_picture() -> None:
    """A large map has a legend that can be read beside it, no taller than the map."""
    picture = heat_picture(np.zeros((600, 900), np.float32), 1.0, 2.0)
    assert picture.shape[0] == 600
    assert 950 < picture.shape[1] < 1300


def test_what_is_odd_keeps_its_colours() -> None:
    """Odd pixels stay as they are, the others are darker and greyer."""
    photo = np.full((60, 80, 3), (200, 120, 40), np.uint8)
    mask = np.zeros((60, 80), np.bool_)
    mask[20:30, 30:45] = True
    picture = odd_overlay(photo, mask)
    assert np.array_equal(picture[mask], photo[mask])
    assert picture[0, 0].max() < 100
    assert np.ptp(picture[0, 0].astype(int)) < 60
    boxed = odd_overlay(photo, mask, [(1, 30, 20, 15, 10)])
    assert np.array_equal(boxed[mask], photo[mask])
    assert (boxed != picture).any()
    assert np.array_equal(odd_overlay(photo, np.zeros_like(mask))[0, 0], picture[0, 0])


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3)])
def test_small_pictures_have_room_for_nothing(size: tuple[int, int]) -> None:
    """Boxes and numbers at the edges of a tiny picture are cut off, not refused."""
    photo = np.zeros((*size, 3), np.uint8)
    assert odd_overlay(photo, np.ones(size, np.bool_), [(12, 0, 0, size[1], size[0])]).shape == photo.shape
    assert heat_picture(np.ones(size, np.float32), 5.0, 5.0).shape[0] >= size[0]


def test_what_is_no_score_is_refused() -> None:
    """Scores are floats of two dimensions, masks are bool and of the photo's size."""
    with pytest.raises(InputError, match="scores"):
        heat_picture(np.zeros((3, 3), int), 0, 1)
    with pytest.raises(InputError, match="mask"):
        odd_overlay(np.zeros((3, 3, 3), np.uint8), np.zeros((2, 3), np.bool_))
