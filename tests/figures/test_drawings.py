"""Pictures of segments."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from gmmseg import InputError
from gmmseg.arrays import Flags
from gmmseg.figures import contours, distinct_colors, overlay, posterised, soft_colours, uncertainty_picture
from gmmseg.figures.arguments import Bytes, Integers
from gmmseg.figures.borders import Pen, squared_distance
from gmmseg.figures.perception import oklab, srgb
from gmmseg.figures.uncertainty import ramp


def blocks(h: int, w: int, k: int, seed: int = 0) -> Integers:
    coarse = np.asarray(np.random.default_rng(seed).integers(0, k, (h // 9 + 1, w // 9 + 1)), np.int16)
    return np.ascontiguousarray(coarse.repeat(9, 0).repeat(9, 1)[:h, :w])


def noise(h: int, w: int, seed: int = 0) -> Bytes:
    return np.random.default_rng(seed).integers(0, 256, (h, w, 3), dtype=np.uint8)


def border(labels: Integers) -> Flags:
    """Pixels whose right or lower neighbour has another label."""
    marks = np.zeros(labels.shape, np.bool_)
    marks[:, :-1] |= labels[:, 1:] != labels[:, :-1]
    marks[:-1] |= labels[1:] != labels[:-1]
    return marks


def squared_distances(marks: Flags) -> Integers:
    """From each pixel to the nearest mark, by looking at all of them."""
    rows, columns = np.nonzero(marks)
    down = np.arange(marks.shape[0])[:, None, None] - rows
    across = np.arange(marks.shape[1])[:, None] - columns
    distances: Integers = np.min(down**2 + across**2, axis=2)
    return distances


@pytest.mark.parametrize("kind", ["int16", "uint8", "int64", "uint64", ">i4"])
def test_posterised_is_the_palette_by_label(kind: str) -> None:
    """Each pixel has exactly the colour of its label, whatever the integer type."""
    labels: Integers = np.asarray(blocks(70, 50, 6), np.dtype(kind))
    colors = distinct_colors(6)
    np.testing.assert_array_equal(posterised(labels, colors), colors[labels])


def test_left_out_is_transparent() -> None:
    """Only pixels that were left out are transparent, and only then is there alpha."""
    labels = blocks(40, 40, 3)
    labels[5:9, 7:20] = -1
    picture = posterised(labels, distinct_colors(3))
    assert picture.shape == (40, 40, 4)
    np.testing.assert_array_equal(picture[..., 3], np.where(labels < 0, 0, 255))
    np.testing.assert_array_equal(picture[labels >= 0][:, :3], distinct_colors(3)[labels[labels >= 0]])


def test_strided_arrays_are_drawn_like_whole_ones() -> None:
    """Views of larger arrays give the pictures of their copies."""
    labels, pixels = blocks(80, 60, 4)[::2, ::-1], noise(80, 60)[::2, ::-1]
    colors = distinct_colors(8)[::2]
    np.testing.assert_array_equal(posterised(labels, colors), posterised(labels.copy(), colors.copy()))
    np.testing.assert_array_equal(overlay(pixels, labels, colors), overlay(pixels.copy(), labels.copy(), colors))
    np.testing.assert_array_equal(contours(pixels, labels), contours(pixels.copy(), labels.copy()))


def test_inputs_stay_as_they_are() -> None:
    """No drawing writes into what it was given."""
    labels, pixels, colors = blocks(40, 40, 3), noise(40, 40), distinct_colors(3)
    labels[0, 0] = -1
    before = labels.copy(), pixels.copy(), colors.copy()
    posterised(labels, colors)
    overlay(pixels, labels, colors)
    contours(pixels, labels)
    for now, then in zip((labels, pixels, colors), before, strict=True):
        np.testing.assert_array_equal(now, then)


@pytest.mark.parametrize("reach", [1, 2, 4, 11])
def test_distance_is_euclidean(reach: int) -> None:
    """Squared distances up to the reach are those of the exact transform, in whatever bands they are taken."""
    labels = blocks(67, 45, 3, seed=3)
    exact = squared_distances(border(labels))
    near = exact <= reach * reach
    for bands in ((0, 67), (0, 20, 21, 66, 67)):
        found = np.concatenate([squared_distance(labels, top, bottom, reach) for top, bottom in pairwise(bands)])
        np.testing.assert_array_equal(found[near], exact[near])
        assert (found[~near] > reach * reach).all()


@pytest.mark.parametrize("size", [40, 700])
def test_contours_lie_only_where_labels_change(size: int) -> None:
    """Pixels far from every change of label are the photo's; those at one are bright."""
    labels = np.zeros((size, size), np.int16)
    labels[:, size // 2 :] = 1
    pixels = np.full((size, size, 3), 90, np.uint8)
    picture = contours(pixels, labels)
    changed = (picture != pixels).any(axis=(0, 2))
    middle = size // 2 - 1
    assert changed[middle]
    assert not changed[: middle - 3].any()
    assert not changed[middle + 4 :].any()
    assert (picture[:, middle] > 240).all()
    assert (picture[:, middle - 1] < 90).all()


def test_one_label_has_no_contours() -> None:
    """Without a change of label the picture is the photo."""
    pixels = noise(30, 30)
    np.testing.assert_array_equal(contours(pixels, np.zeros((30, 30), np.int16)), pixels)


@pytest.mark.parametrize("ground", [0, 128, 255])
def test_contours_show_on_every_ground(ground: int) -> None:
    """On black, grey and white the line differs from the ground by half the scale at least."""
    pixels = np.full((400, 400, 3), ground, np.uint8)
    picture = contours(pixels, blocks(400, 400, 4)).astype(int)
    assert np.abs(picture - ground).max() > 120


def test_lines_grow_with_the_picture() -> None:
    """A line is wider in a larger picture."""
    widths = []
    for size in (200, 1500, 3000):
        labels = np.zeros((16, size), np.int16)
        labels[:, size // 2 :] = 1
        tall = np.repeat(labels, size // 16, axis=0)
        pixels = np.zeros((*tall.shape, 3), np.uint8)
        widths.append(int((contours(pixels, tall)[8, :, 0] > 128).sum()))
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]
    assert Pen.of_width(40, 40).reach <= 11


def test_overlay_tints_each_segment() -> None:
    """Inside a segment the overlay follows the photo's luminance and the segment's colour, and nothing else."""
    labels = np.repeat([[0, 1]], 60, axis=0).repeat(40, axis=1).astype(np.int16)
    pixels = np.full((60, 80, 3), 100, np.uint8)
    colors = np.array([[255, 0, 0], [0, 0, 255]], np.uint8)
    picture = overlay(pixels, labels, colors)
    assert picture.shape == pixels.shape
    assert picture.dtype == np.uint8
    left, right = picture[:, :35].reshape(-1, 3), picture[:, 45:].reshape(-1, 3)
    assert len(np.unique(left, axis=0)) == len(np.unique(right, axis=0)) == 1
    assert left[0, 0] > 150
    assert left[0, 2] < 100
    brighter = overlay(pixels + np.uint8(50), labels, colors)
    assert (brighter[:, :35] > picture[:, :35]).all()


def test_overlay_hatches_what_was_left_out() -> None:
    """Left-out ground is grey, in two shades, whatever the photo's colour."""
    pixels = np.zeros((90, 90, 3), np.uint8)
    pixels[..., 0] = 200
    labels = np.zeros((90, 90), np.int16)
    labels[:40] = -1
    shades = np.unique(overlay(pixels, labels, distinct_colors(1))[:30].reshape(-1, 3), axis=0)
    assert len(shades) == 2
    assert (shades == shades[:, :1]).all()


def test_uncertainty_runs_along_the_ramp() -> None:
    """Zero is the first colour, one the last, what lies outside is clipped, and more is brighter."""
    values = np.array([[-1, 0, 0.5, 1, 2]], np.float32)
    picture = uncertainty_picture(values)[0]
    np.testing.assert_array_equal(picture[[0, 1, 3, 4]], ramp()[[0, 0, 255, 255]])
    lightness = oklab(picture)[:, 0]
    assert lightness[1] < lightness[2] < lightness[3]


def test_ramp_is_even() -> None:
    """Sixteenths of the ramp differ equally as seen, and lightness rises all along."""
    places = oklab(ramp()[::15])
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
    assert steps.max() / steps.min() < 1.15
    assert (np.diff(oklab(ramp())[:, 0]) > 0).all()


@pytest.mark.parametrize("by_label", [False, True])
def test_uncertainty_marks_what_was_left_out(by_label: bool) -> None:
    """NaN and label −1 are hatched in grey, which is no colour of the ramp."""
    values = np.zeros((50, 50), np.float32)
    labels = np.zeros((50, 50), np.int16)
    if by_label:
        labels[:20] = -1
    else:
        values[:20] = np.nan
    picture = uncertainty_picture(values, labels)
    assert (picture[:20] == picture[:20, :, :1]).all()
    assert (picture[:20] >= 100).all()
    np.testing.assert_array_equal(picture[20:], np.broadcast_to(ramp()[0], (30, 50, 3)))


def test_soft_colours_are_means() -> None:
    """A pixel that is wholly one segment has its colour; a pixel that is halves of two has their mean."""
    colors = np.array([[0, 100, 200], [100, 50, 0]], np.uint8)
    shares = np.array([[[1, 0], [0, 1], [0.5, 0.5], [0, 0], [np.nan, np.nan]]], np.float32)
    expected = [[0, 100, 200], [100, 50, 0], [50, 75, 100], [0, 0, 0], [0, 0, 0]]
    np.testing.assert_array_equal(soft_colours(shares, colors)[0], expected)


def test_colours_survive_the_way_to_oklab_and_back() -> None:
    """Every byte of sRGB comes back from OKLab as it was."""
    colors = noise(40, 40)
    np.testing.assert_array_equal(srgb(oklab(colors)), colors)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 2)])
def test_tiny_pictures_are_drawn(shape: tuple[int, int]) -> None:
    """A single pixel, row or column is a picture too."""
    labels = blocks(*shape, 2)
    pixels = noise(*shape)
    for picture in (
        posterised(labels, distinct_colors(2)),
        overlay(pixels, labels, distinct_colors(2)),
        contours(pixels, labels),
        uncertainty_picture(np.zeros(shape, np.float32)),
    ):
        assert picture.shape == (*shape, 3)


PIXELS, LABELS, COLORS = np.zeros((4, 5, 3), np.uint8), np.zeros((4, 5), np.int16), np.zeros((1, 3), np.uint8)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: posterised(LABELS.astype(float), COLORS),
        lambda: posterised(LABELS + 1, COLORS),
        lambda: posterised(LABELS - 2, COLORS),
        lambda: posterised(LABELS, COLORS.astype(float)),
        lambda: overlay(PIXELS.astype(float), LABELS, COLORS),
        lambda: overlay(PIXELS[:3], LABELS, COLORS),
        lambda: contours(PIXELS[..., 0], LABELS),
        lambda: contours(PIXELS[:0], LABELS[:0]),
        lambda: uncertainty_picture(LABELS),
        lambda: uncertainty_picture(np.zeros((3, 3)), LABELS),
        lambda: soft_colours(np.zeros((4, 5, 2)), COLORS),
        lambda: soft_colours(PIXELS, COLORS),
    ],
)
def test_other_arrays_are_refused(draw: Callable[[], object]) -> None:
    """Arrays of other shapes or types, and labels without a colour, are refused with what was expected."""
    with pytest.raises(InputError, match=r"expected .* got"):
        draw()
