"""Pictures as rows, and rows as pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image as Pillow

from gmmseg.errors import InputError
from gmmseg.features import Features, FeatureSpec, displayed, features_of, palette
from gmmseg.features.colour import converted
from gmmseg.features.palette import distinct_colours
from gmmseg.features.texture import texture
from gmmseg.files import Image, image_of

IMAGES = Path(__file__).resolve().parents[2] / "images"
ALL = ["rgb", "lab", "luv", "hsv", "grey", "xy", "texture", "lab,xy:0.5,texture", "rgb,xy"]


@pytest.fixture(scope="module")
def crop() -> Image:
    """A small piece of a photo, with a hole : (60, 80, 3) uint8."""
    with Pillow.open(IMAGES / "coffee.jpg") as photo:
        pixels = np.asarray(photo.convert("RGB"))[100:160, 200:280]
    valid = np.ones(pixels.shape[:2], bool)
    valid[10:20, 30:50] = False
    return replace(image_of(pixels), valid=valid)


def features(image: Image, text: str) -> Features:
    return features_of(image, FeatureSpec.parse(text))


@pytest.mark.parametrize("text", ALL)
def test_spread_carries_rows_back_to_their_pixels(crop: Image, text: str) -> None:
    """Every valid pixel gets the features it was described by, and others the filling."""
    found = features(crop, text)
    spread = found.spread(found.rows[:], fill=-1e6)
    assert (spread[~crop.valid] == -1e6).all()
    if text in {"rgb", "lab"}:
        np.testing.assert_array_equal(spread[crop.valid], converted(crop.pixels[crop.valid], text))
    assert found.weights.sum() == np.count_nonzero(crop.valid)
    assert len(found.axes) == found.rows.shape[1] == len(found.resolution)


def test_distinct_colours_are_as_good_as_pixels(crop: Image) -> None:
    """Moments over distinct colours with counts are those over all pixels."""
    found = features(crop, "lab")
    pixels = converted(crop.pixels[crop.valid], "lab").astype(np.float64)
    weights = found.weights / found.weights.sum()
    np.testing.assert_allclose(weights @ found.rows, pixels.mean(axis=0), rtol=1e-5)
    assert len(found.rows) == len(np.unique(crop.pixels[crop.valid], axis=0))


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))), st.randoms())
def test_the_palette_is_numpys_unique(pixels: np.ndarray, random: object) -> None:
    """Distinct colours and counts are those of NumPy, in the order of their first pixel."""
    valid = np.random.default_rng(random.randrange(1000)).random(pixels.shape[:2]) < 0.8  # type: ignore[attr-defined]
    colours, counts, index = distinct_colours(pixels, valid)
    expected, totals = np.unique(pixels[valid], axis=0, return_counts=True)
    order = np.lexsort(colours.T[::-1])
    np.testing.assert_array_equal(colours[order], expected)
    np.testing.assert_array_equal(counts[order], totals)
    np.testing.assert_array_equal(colours[index[valid]], pixels[valid])
    assert (index[~valid] == -1).all()
    seen = index[valid]
    first = [int(np.argmax(seen == i)) for i in range(len(colours))]
    assert first == sorted(first)


def test_the_palette_does_not_depend_on_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture gone through in many parts side by side has the palette of one gone through at once."""
    pixels = np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8)
    pixels[:200] //= 32
    valid = np.random.default_rng(1).random((300, 400)) < 0.9
    whole = distinct_colours(pixels, valid)
    monkeypatch.setattr(palette, "_FEW", 1000)
    for one, other in zip(whole, distinct_colours(pixels, valid), strict=True):
        np.testing.assert_array_equal(one, other)


def test_position_is_a_percentage_of_the_longer_side(crop: Image) -> None:
    """X and y run up to 100 along the longer side, times the weight."""
    found = features(crop, "xy:0.5")
    assert found.axes == ("x", "y")
    assert found.rows[:].min() == 0
    np.testing.assert_allclose(found.rows[:].max(axis=0), [79 / 80 * 50, 59 / 80 * 50], rtol=1e-5)


def test_texture_sees_detail_and_not_brightness() -> None:
    """A checkerboard has more texture than a plain, and a brighter plain no more than a dark one."""
    plain = np.full((40, 160), 30, np.float32)
    plain[:, 80:] += 20 * ((np.indices((40, 80)) // 2).sum(axis=0) % 2)
    found = texture(plain, np.ones(plain.shape, bool))
    assert found[20, 10].max() < 0.1
    assert found[20, 130, 0] > 5
    np.testing.assert_allclose(texture(plain + 40, np.ones(plain.shape, bool)), found, atol=1e-2)


def test_texture_does_not_see_what_is_left_out() -> None:
    """The contents of invalid pixels make no difference."""
    random = np.random.default_rng(0)
    light = random.random((30, 30)).astype(np.float32) * 50
    valid = np.ones(light.shape, bool)
    valid[5:15, 5:15] = False
    other = light.copy()
    other[~valid] = 1e4
    np.testing.assert_allclose(texture(light, valid)[valid], texture(other, valid)[valid], rtol=1e-4)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_depth_makes_no_difference_to_colours(crop: Image, dtype: type[np.generic]) -> None:
    """The same picture in 8 bits, 16 bits and floats has the same features."""
    pixels = crop.pixels.astype(np.float64) / 255
    scale = {"uint8": 255, "uint16": 65535, "float32": 1}[dtype.__name__]
    image = image_of((pixels * scale + (0 if dtype is np.float32 else 0.5)).astype(dtype))
    expected = converted(crop.pixels.reshape(-1, 3), "lab").reshape(60, 80, 3)
    found = features(image, "lab")
    np.testing.assert_allclose(found.spread(found.rows[:]), expected, atol=0.05)


def test_grey_pictures_have_colours_too() -> None:
    """A grey picture under colour features is one whose channels are alike."""
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    found = features(image_of(grey), "lab")
    assert np.abs(found.rows[:][:, 1:]).max() < 0.02
    assert len(found.rows) == 256


def test_bands_keep_their_own_units() -> None:
    """Bands are taken as they are, with a resolution of their own each."""
    random = np.random.default_rng(0)
    bands = random.normal([0, 1000, 5, -3], [1, 200, 0.1, 30], (20, 30, 4)).astype(np.float32)
    found = features(image_of(bands), "bands")
    np.testing.assert_array_equal(found.rows, bands.reshape(-1, 4))
    np.testing.assert_allclose(found.resolution, 0.02 * bands.reshape(-1, 4).std(axis=0), rtol=1e-3)


def test_colours_of_bands_are_refused() -> None:
    """Asking for the colours of seven bands is an error that says what to ask for."""
    with pytest.raises(InputError, match="bands"):
        features(image_of(np.zeros((4, 4, 7), np.uint8)), "lab")


def test_a_picture_without_pixels_to_look_at_is_refused(crop: Image) -> None:
    """A wholly transparent picture has no features."""
    with pytest.raises(InputError, match="left out"):
        features(replace(crop, valid=np.zeros_like(crop.valid)), "lab")


def test_display_keeps_eight_bit_photos(crop: Image) -> None:
    """An 8-bit sRGB photo is shown as it is, without a copy."""
    assert np.shares_memory(displayed(crop), crop.pixels)


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
def test_display_scales_by_the_bits_in_use(bits: int) -> None:
    """A 12-bit picture in a 16-bit file is as bright as it was meant to be."""
    ramp = np.linspace(0, 2**bits - 1, 64).astype(np.uint16).reshape(8, 8)
    shown = displayed(image_of(ramp))[..., 0]
    np.testing.assert_allclose(shown.ravel(), np.linspace(0, 255, 64), atol=1)


def test_display_stretches_bands() -> None:
    """Measurements are stretched over the range of the eye, whatever their units."""
    shown = displayed(image_of(np.random.default_rng(0).normal(-300, 7, (50, 50, 5)).astype(np.float32)))
    assert shown.shape == (50, 50, 3)
    assert shown.min() == 0
    assert shown.max() == 255
    assert 100 < shown.mean() < 155
    assert (displayed(image_of(np.full((3, 3, 5), 7.5, np.float32))) == 0).all()
