"""The detail around a pixel by direction and scale, and the tone around it."""

from __future__ import annotations

import numpy as np
import pytest

from gmmseg.features import FeatureSpec, features_of
from gmmseg.features.grain import AXES, grain
from gmmseg.features.tone import tone
from gmmseg.files import image_of

SHAPE = (48, 60)
EVERYWHERE = np.ones(SHAPE, np.bool_)


def stripes(turn: float, period: float = 6.0) -> np.ndarray:
    """Lightness that changes along this direction, in degrees : (48, 60) float32."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    way = x * np.cos(np.radians(turn)) + y * np.sin(np.radians(turn))
    return np.asarray(50 + 20 * np.sin(2 * np.pi * way / period), np.float32)


@pytest.mark.parametrize("turn", [0, 45, 90, 135])
def test_stripes_are_strongest_along_their_change(turn: int) -> None:
    """At every scale the direction in which light changes has the most detail."""
    middle = grain(stripes(turn), EVERYWHERE)[20:28, 25:35, :12].mean(axis=(0, 1)).reshape(3, 4)
    assert (middle.argmax(axis=1) == turn // 45).all()


def test_a_plain_surface_has_no_grain() -> None:
    """What is the same everywhere, or only grows steadily, has none."""
    assert np.abs(grain(np.full(SHAPE, 70, np.float32), EVERYWHERE)).max() < 0.1
    slope = np.mgrid[: SHAPE[0], : SHAPE[1]][1].astype(np.float32)
    assert np.abs(grain(slope, EVERYWHERE)[20:28, 25:35]).max() < 0.1


def test_pixels_that_are_left_out_have_no_influence() -> None:
    """Whatever stands where pixels are left out, the others are described alike, and see no edge there."""
    valid = EVERYWHERE.copy()
    valid[10:30, 15:40] = False
    plain = np.full(SHAPE, 60, np.float32)
    spoilt = np.where(valid, plain, np.float32(5))
    assert np.allclose(grain(spoilt, valid)[valid], grain(plain, valid)[valid], atol=1e-3)
    assert np.allclose(tone(spoilt[..., None], valid)[valid], tone(plain[..., None], valid)[valid], atol=1e-3)
    assert grain(spoilt, valid)[valid].max() < 0.1


def test_tone_is_the_mean_around() -> None:
    """A constant stays, and detail goes."""
    assert np.allclose(tone(np.full((*SHAPE, 3), 40, np.float32), EVERYWHERE), 40)
    assert tone(stripes(0)[..., None], EVERYWHERE)[20:28, 25:35].std() < 0.2 * stripes(0).std()


@pytest.mark.parametrize(("channels", "width"), [(1, 1), (3, 3), (5, 5)])
def test_tone_and_grain_of_pictures(channels: int, width: int) -> None:
    """Colour has three means, grey one, and bands one each; all have the fourteen of grain."""
    pixels = np.random.default_rng(0).normal(0.5, 2 if channels == 5 else 0.05, (*SHAPE, channels)).astype(np.float32)
    features = features_of(image_of(pixels), FeatureSpec.parse("tone,grain"))
    assert features.axes[width:] == AXES
    assert features.rows[:].shape == (SHAPE[0] * SHAPE[1], width + len(AXES))
    assert np.isfinite(features.rows[:]).all()


def test_the_grain_around_is_the_mean_of_the_grain() -> None:
    """Two more columns are means over directions and a wider neighbourhood: as high, and smoother."""
    light = np.random.default_rng(0).normal(50, 8, SHAPE).astype(np.float32)
    planes = grain(light, EVERYWHERE)
    for number in range(2):
        fine, around = planes[..., 4 * number : 4 * number + 4].mean(axis=2), planes[..., 12 + number]
        assert around.mean() == pytest.approx(fine.mean(), rel=0.02)
        assert around.std() < 0.6 * fine.std()


@pytest.mark.parametrize("name", ["tone", "grain", "texture"])
def test_what_is_out_of_reach_has_no_influence(name: str) -> None:
    """Of a part of a picture with a margin as wide as the reach, the inner pixels are described as of the whole."""
    from gmmseg.features import texture, tone
    from gmmseg.features.grain import REACH

    reach = {"tone": tone.REACH, "grain": REACH, "texture": texture.REACH}[name]
    pixels = np.random.default_rng(1).integers(0, 255, (2 * reach + 60, 9, 3)).astype(np.uint8)
    whole = features_of(image_of(pixels), FeatureSpec.parse(name)).rows[:].reshape(len(pixels), 9, -1)
    part = features_of(image_of(pixels[20:]), FeatureSpec.parse(name)).rows[:].reshape(len(pixels) - 20, 9, -1)
    assert np.array_equal(whole[20 + reach :], part[reach:])
    assert not np.array_equal(whole[20], part[0])
