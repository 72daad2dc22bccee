"""Patches as rows, and the patch of each pixel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gmmseg.errors import InputError
from gmmseg.features import Features, FeatureSpec, features_of
from gmmseg.features.patches import PatchRows
from gmmseg.files import image_of

PIXELS = np.random.default_rng(0).integers(0, 256, (13, 17, 3), np.uint8)
SPECS = ["patch:4", "patch:3", "patch:5/2", "colourpatch:4", "colourpatch:2/2", "patch:13"]


def described(pixels: np.ndarray, text: str, valid: np.ndarray | None = None) -> tuple[Features, PatchRows]:
    """The features of a picture, and its rows, which are patches."""
    image = image_of(pixels)
    found = features_of(image if valid is None else replace(image, valid=valid), FeatureSpec.parse(text))
    assert isinstance(found.rows, PatchRows)
    return found, found.rows


def naive(plane: np.ndarray, size: int, stride: int, valid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Patches : (n, d), one after the other, and their first pixels : (n, 2); only those that are wholly valid."""
    rows, corners = [], []
    for y in range(0, len(plane) - size + 1, stride):
        for x in range(0, plane.shape[1] - size + 1, stride):
            if valid[y : y + size, x : x + size].all():
                rows.append([float(v) for line in plane[y : y + size, x : x + size] for pixel in line for v in pixel])
                corners.append((y, x))
    return np.array(rows), np.array(corners)


def plane_of(pixels: np.ndarray, text: str) -> np.ndarray:
    """Samples of a colour picture as patches of this kind have them : (h, w, c)."""
    if text.startswith("colour"):
        return pixels.astype(float)
    return (pixels @ [0.299, 0.587, 0.114])[..., None]


@pytest.mark.parametrize("text", SPECS)
@pytest.mark.parametrize("holes", [False, True])
def test_rows_are_the_patches(text: str, holes: bool) -> None:
    """Rows are the patches wholly inside the picture and wholly valid, in reading order, within and without."""
    if holes and text == "patch:13":
        return
    valid = np.ones(PIXELS.shape[:2], bool)
    if holes:
        valid[3:6, 5:9] = valid[12, 0] = False
    found, rows = described(PIXELS, text, valid)
    expected, corners = naive(plane_of(PIXELS, text), rows.size, rows.stride, valid)
    assert rows.shape == expected.shape
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows[:], expected, atol=1e-4)
    np.testing.assert_array_equal(np.stack(rows.corners(slice(None)), axis=1), corners)
    assert len(found.weights) == len(rows)
    assert len(found.axes) == len(found.resolution) == rows.shape[1]
    assert (found.resolution == 0.5).all()


@pytest.mark.parametrize("text", SPECS)
@pytest.mark.parametrize("holes", [False, True])
def test_each_pixel_has_the_patch_of_the_nearest_centre(text: str, holes: bool) -> None:
    """No other patch has a centre nearer to a pixel's own, ideal patch; left-out pixels have none."""
    if holes and text == "patch:13":
        return
    valid = np.ones(PIXELS.shape[:2], bool)
    if holes:
        valid[3:6, 5:9] = valid[12, 0] = False
    found, rows = described(PIXELS, text, valid)
    half = (rows.size - 1) / 2
    corners = np.stack(rows.corners(slice(None)), axis=1)
    for y, x in np.ndindex(valid.shape):
        own = found.index[y, x]
        if not valid[y, x]:
            assert own == -1
            continue
        # On a grid without borders this patch would be the pixel's; of two that are equally near the earlier one.
        ideal = rows.stride * np.ceil((np.array([y, x]) - half) / rows.stride - 0.5)
        distances = np.square(corners - ideal).sum(axis=1)
        assert distances[own] == distances.min()


def test_in_a_whole_picture_the_nearest_centre_is_nearest_to_the_pixel() -> None:
    """Away from borders every pixel is in the middle of its patch, to half a stride."""
    for text in ("patch:4", "patch:5/2", "patch:6/3"):
        found, rows = described(PIXELS, text)
        y, x = rows.corners(found.index.ravel())
        centre = np.stack([y, x], axis=1) + (rows.size - 1) / 2
        apart = np.abs(centre.reshape(13, 17, 2) - np.moveaxis(np.indices((13, 17)), 0, 2))
        inner = apart[rows.size // 2 : -rows.size, rows.size // 2 : -rows.size]
        assert inner.max() <= max(rows.stride, 1) / 2


def test_some_rows_are_those_of_all() -> None:
    """Slices, steps, lists of numbers, masks and a view of everything show the same rows."""
    for text in ("patch:4", "colourpatch:3/2"):
        valid = np.ones(PIXELS.shape[:2], bool)
        valid[4, 4] = False
        for given in (None, valid):
            rows = described(PIXELS, text, given)[1]
            whole = np.asarray(rows)
            numbers = np.random.default_rng(1).integers(-len(rows), len(rows), 30)
            for index in (slice(5, 9), slice(None, None, 7), slice(-4, None), numbers, whole[:, 0] > 100):
                np.testing.assert_array_equal(rows[index], whole[index])
                assert rows[index].flags.c_contiguous
            with pytest.raises(IndexError):
                rows[np.array([len(rows)])]


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_full_scale_is_255_whatever_the_depth(dtype: type[np.generic]) -> None:
    """The same picture in 8 bits, 16 bits and floats has the same patches."""
    scale = 257 if dtype is np.uint16 else 1 / 255
    pixels = PIXELS.copy()
    pixels[0, 0] = 255
    for text in ("patch:4", "colourpatch:4"):
        expected = described(pixels, text)[1][:]
        np.testing.assert_allclose(
            described((pixels.astype(np.float64) * scale).astype(dtype), text)[1][:], expected, atol=1e-3
        )


def test_grey_pictures_have_grey_and_colour_patches() -> None:
    """Grey patches of a grey picture are its samples, colour patches have each of them three times."""
    grey = PIXELS[..., 0]
    rows = described(grey, "patch:4")[1][:]
    np.testing.assert_array_equal(rows[0], grey[:4, :4].ravel())
    colour = described(grey, "colourpatch:4")[1][:]
    np.testing.assert_array_equal(colour.reshape(-1, 16, 3), np.repeat(rows[:, :, None], 3, axis=2))


def test_bands_give_patches_of_the_first() -> None:
    """Patches of bands are those of the first band in its own units, and colour patches are refused."""
    bands = np.random.default_rng(0).normal(-300, 7, (9, 9, 5)).astype(np.float32)
    found, rows = described(bands, "patch:3")
    np.testing.assert_array_equal(rows[0:1][0], bands[:3, :3, 0].ravel())
    np.testing.assert_allclose(found.resolution, 0.5 / 255 * np.ptp(bands[..., 0]), rtol=1e-5)
    with pytest.raises(InputError, match="bands"):
        described(bands, "colourpatch:3")


def test_no_whole_patch_is_refused() -> None:
    """A picture smaller than a patch, and one with a hole in every patch, are errors that say so."""
    with pytest.raises(InputError, match="17 × 3"):
        described(PIXELS[:3], "patch:4")
    with pytest.raises(InputError, match="smaller patches"):
        described(PIXELS, "patch:4", np.indices((13, 17)).sum(axis=0) % 3 > 0)


def test_a_large_picture_is_not_spread_out() -> None:
    """Rows of twelve megapixels are taken one stretch at a time; all would be three gigabytes."""
    found, rows = described(np.zeros((3000, 4000), np.uint8), "patch:8")
    assert len(rows) == 2993 * 3993
    assert found.index[-1, -1] == len(rows) - 1
    assert rows[1_000_000:1_000_100].shape == (100, 64)
