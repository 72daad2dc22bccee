"""Colours that can be told apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gmmseg import InputError
from gmmseg.figures import distinct_colors
from gmmseg.figures.perception import oklab


def least_distance(k: int, dichromacy: str | None) -> float:
    places = oklab(distinct_colors(k), dichromacy)
    return min(float(np.linalg.norm(places[i] - places[:i], axis=1).min()) for i in range(1, k))


@pytest.mark.parametrize(("k", "normal", "dichromat"), [(8, 0.15, 0.07), (16, 0.12, 0.07), (64, 0.06, 0.04)])
def test_colors_differ_for_every_eye(k: int, normal: float, dichromat: float) -> None:
    """The two most alike of k colours are still apart in OKLab, for dichromats too."""
    assert least_distance(k, None) > normal
    assert least_distance(k, "deuteranopia") > dichromat
    assert least_distance(k, "protanopia") > dichromat


@pytest.mark.parametrize("k", [1, 2, 8, 9, 40, 255])
def test_shorter_palettes_begin_longer_ones(k: int) -> None:
    """There are k colours, all different, and they are the first of the longest palette."""
    colors = distinct_colors(k)
    assert colors.shape == (k, 3)
    assert colors.dtype == np.uint8
    assert len(np.unique(colors, axis=0)) == k
    np.testing.assert_array_equal(colors, distinct_colors(255)[:k])


def test_palettes_are_the_callers_own() -> None:
    """Writing into a palette does not change the next one."""
    distinct_colors(20)[:] = 0
    assert distinct_colors(20).any()


@pytest.mark.parametrize("k", [0, -1, 256, 2.0, True, "3"])
def test_other_numbers_are_refused(k: Any) -> None:
    """Numbers of colours that cannot be had are refused."""
    with pytest.raises(InputError, match="expected a whole number"):
        distinct_colors(k)
