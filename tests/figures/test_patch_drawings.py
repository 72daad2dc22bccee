"""Pictures beside each other, and dictionaries of patches."""

from __future__ import annotations

import numpy as np
import pytest

from gmmseg import InputError
from gmmseg.figures.dictionary import dictionary_picture
from gmmseg.figures.side_by_side import side_by_side

PHOTO = np.random.default_rng(0).integers(0, 256, (60, 90, 3), np.uint8)


def test_pictures_stand_in_one_row() -> None:
    """Pictures are shown as they are, from left to right, with a gap of paper between them."""
    row = side_by_side([PHOTO, 255 - PHOTO])
    assert row.shape == (60, 183, 3)
    np.testing.assert_array_equal(row[:, :90], PHOTO)
    np.testing.assert_array_equal(row[:, 93:], 255 - PHOTO)
    assert (row[:, 90:93] == 255).all()


def test_titles_stand_above() -> None:
    """Titles have a strip of their own, and change nothing below it; pictures too narrow for them go without."""
    row = side_by_side([PHOTO, PHOTO], ["", "k = 5"])
    head = len(row) - 60
    assert head > 8
    np.testing.assert_array_equal(row[head:, :90], PHOTO)
    assert (row[:head, :90] == 255).all()
    assert row[:head, 93:].min() < 100
    assert side_by_side([PHOTO[:, :20], PHOTO[:, :20]], ["a long title", ""]).shape[0] == 60


@pytest.mark.parametrize(
    ("pictures", "titles"), [([], []), ([PHOTO, PHOTO[1:]], []), ([PHOTO], ["a", "b"]), ([PHOTO[..., 0]], [])]
)
def test_what_does_not_fit_together_is_refused(pictures: list[np.ndarray], titles: list[str]) -> None:
    """Pictures of several shapes, none at all and titles too many are refused."""
    with pytest.raises(InputError, match="expected"):
        side_by_side(pictures, titles)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [2, 5, 16])
def test_a_dictionary_shows_each_cluster(channels: int, size: int) -> None:
    """There is a row a cluster, with its colour, its mean as it is, and patches from black to white."""
    random = np.random.default_rng(0)
    colors = np.array([[200, 0, 0], [0, 0, 200]], np.uint8)
    means = random.uniform(0, 255, (2, size, size, channels))
    patches = random.normal(size=(2, 4, size, size, channels))
    page = dictionary_picture(colors, ["0", "1"], [0.9997, 0.0003], means, patches)
    assert page.dtype == np.uint8
    for color in colors:
        assert (page == color).all(axis=2).sum() > 500
    level = np.rint(means[0, 0, 0]).astype(np.uint8)
    assert (page == level).all(axis=2).any()
    assert page.min() == 0
    taller = dictionary_picture(
        np.repeat(colors, 2, axis=0), list("0123"), np.ones(4) / 4, *map(_twice, (means, patches))
    )
    assert taller.shape[1] == page.shape[1]
    assert taller.shape[0] > page.shape[0]


def _twice(array: np.ndarray) -> np.ndarray:
    return np.repeat(array, 2, axis=0)


def test_a_dictionary_of_other_shapes_is_refused() -> None:
    """Arrays that are not of as many clusters are refused."""
    means = np.zeros((2, 4, 4, 1))
    with pytest.raises(InputError, match="expected 2 names"):
        dictionary_picture(np.zeros((2, 3), np.uint8), ["0"], np.ones(2), means, means[:, None])
