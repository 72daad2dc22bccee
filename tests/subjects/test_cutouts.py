"""The laws of cut-outs, and how good they are on pictures whose truth is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_subjects import LEAF, NAVY, RED, SAND, SHAPE, SKY, WHITE, overlap, painted
from PIL import Image
from scipy import ndimage

import gmmseg
from gmmseg.files import image_of
from gmmseg.subjects.inheritance import inherited
from gmmseg.subjects.pure import pure_colours

PICTURE, ALPHA, BOX = painted("disc", (RED, WHITE), (SKY, LEAF))


def dot(x: int, y: int, reach: int = 2) -> np.ndarray:
    """A mark about a place."""
    marks = np.zeros(SHAPE, np.uint8)
    marks[y - reach : y + reach + 1, x - reach : x + reach + 1] = 255
    return marks


def test_alpha_is_a_share() -> None:
    """Alpha lies in 0..1, is 0 outside of the box, and the mask is what is above a half."""
    found = gmmseg.cutout(PICTURE, box=BOX)
    assert found.alpha.dtype == np.float32
    assert found.alpha.shape == SHAPE
    assert found.alpha.min() >= 0
    assert found.alpha.max() <= 1
    x, y, w, h = BOX
    outside = np.ones(SHAPE, bool)
    outside[y : y + h, x : x + w] = False
    assert (found.alpha[outside] == 0).all()
    assert (found.mask == (found.alpha > 0.5)).all()
    assert found.box is not None
    left, top, wide, high = found.box
    assert found.mask[top : top + high, left : left + wide].sum() == found.mask.sum()


def test_marks_are_obeyed() -> None:
    """Marks win over colours, place and the box, whichever way they point."""
    on, beside = dot(10, 10), dot(60, 50, 4)
    found = gmmseg.cutout(PICTURE, box=BOX, foreground=on, background=beside)
    assert (found.alpha[on > 0] == 1).all()
    assert (found.alpha[beside > 0] == 0).all()


def test_the_same_bytes() -> None:
    """The same picture gives the same bits again, by any number of threads."""
    found = [gmmseg.cutout(PICTURE, box=BOX, threads=threads).alpha.tobytes() for threads in (1, 1, 3)]
    assert found[0] == found[1] == found[2]


def test_mirrored() -> None:
    """A mirrored picture has the mirrored subject, nearly."""
    x, y, w, h = BOX
    found = gmmseg.cutout(PICTURE, box=BOX)
    mirrored = gmmseg.cutout(PICTURE[:, ::-1], box=(SHAPE[1] - x - w, y, w, h))
    assert overlap(mirrored.mask[:, ::-1], found.alpha) > 0.97


def test_brightness_changes_little() -> None:
    """A little more light over all gives nearly the same subject."""
    found = gmmseg.cutout(PICTURE, box=BOX)
    brighter = gmmseg.cutout(np.minimum(PICTURE, 240) + np.uint8(10), box=BOX)
    assert overlap(brighter.mask, found.alpha) > 0.97


@pytest.mark.parametrize("kind", ["grey", "16 bits", "floats", "bands", "alpha"])
def test_pictures_of_every_kind(kind: str) -> None:
    """Grey, 16-bit, float and many-band pictures and transparent ones are cut as well."""
    given: Any = {
        "grey": PICTURE[..., 0],
        "16 bits": PICTURE.astype(np.uint16) * 257,
        "floats": PICTURE.astype(np.float32) / 255,
        "bands": np.concatenate([PICTURE, PICTURE[..., :2]], axis=2),
        "alpha": np.concatenate([PICTURE, np.full((*SHAPE, 1), 200, np.uint8)], axis=2),
    }[kind]
    found = gmmseg.cutout(given, box=BOX)
    assert overlap(found.mask, ALPHA) > 0.85


def test_left_out_pixels() -> None:
    """What the picture does not have is no subject; what it has beside it may be."""
    mask = np.ones(SHAPE, np.uint8)
    mask[:, 50:60] = 0
    found = gmmseg.cutout(PICTURE, box=BOX, mask=mask)
    assert (found.alpha[mask == 0] == 0).all()
    assert overlap(found.mask, ALPHA * mask) > 0.9


@pytest.mark.parametrize(("side", "times"), [(32, 1), (96, 12)])
def test_small_and_large(side: int, times: int) -> None:
    """From 32 pixels a side to more than are looked at at once."""
    step = SHAPE[0] // side
    picture = np.kron(PICTURE[::step, ::step], np.ones((times, times, 1), np.uint8))
    alpha = np.kron(ALPHA[::step, ::step], np.ones((times, times), np.float32))
    rows, columns = np.flatnonzero((alpha > 0.5).any(axis=1)), np.flatnonzero((alpha > 0.5).any(axis=0))
    box = (int(columns[0]), int(rows[0]), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
    assert overlap(gmmseg.cutout(picture, box=box).mask, alpha) > 0.8


def test_one_colour_in_a_box() -> None:
    """A picture of one colour gives what its box says, and no complaint."""
    found = gmmseg.cutout(np.full((40, 50, 3), 77, np.uint8), box=(10, 10, 20, 20))
    assert np.isfinite(found.alpha).all()


@pytest.mark.parametrize("outline", ["disc", "ring", "cross"])
@pytest.mark.parametrize(
    ("colours", "ground", "least"),
    [((RED, WHITE), (SKY, LEAF), 0.95), ((NAVY, SAND), (SKY, SAND, LEAF), 0.6)],
    ids=["own colours", "a shared colour"],
)
def test_boxes(outline: str, colours: Any, ground: Any, least: float) -> None:
    """Subjects of several colours, with holes and arms, are found by their box."""
    picture, alpha, box = painted(outline, colours, ground)
    assert overlap(gmmseg.cutout(picture, box=box).mask, alpha) > least


@pytest.mark.parametrize("outline", ["disc", "ring", "cross"])
def test_marks_alone(outline: str) -> None:
    """A few dots on the subject and beside it are enough without a box."""
    picture, alpha, _ = painted(outline, (RED, WHITE), (SKY, LEAF))
    on = dot(60, 30) | dot(60, 70) | dot(36, 48)
    found = gmmseg.cutout(picture, foreground=on, background=dot(10, 10) | dot(110, 10) | dot(10, 85) | dot(110, 85))
    assert overlap(found.mask, alpha) > 0.9
    alone = gmmseg.cutout(picture, foreground=on)
    assert overlap(alone.mask, alpha) > 0.85


def test_marks_mend() -> None:
    """A dot on what is missing, or on what is too much, makes a box's cut-out better."""
    picture, alpha, box = painted("cross", (NAVY, SAND), (SKY, SAND, LEAF))
    x, y, w, h = box
    inside = np.zeros(SHAPE, bool)
    inside[y : y + h, x : x + w] = True
    foreground, background = np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)
    overlaps = []
    for _ in range(4):
        found = gmmseg.cutout(picture, box=box, foreground=foreground, background=background)
        overlaps.append(overlap(found.mask, alpha))
        wrong = (found.mask != (alpha > 0.5)) & inside
        depth = ndimage.distance_transform_edt(wrong)
        cy, cx = np.unravel_index(int(depth.argmax()), SHAPE)
        stroke = (dot(int(cx), int(cy), 1) > 0) & wrong
        foreground |= stroke & (alpha > 0.5)
        background |= stroke & (alpha <= 0.5)
    assert overlaps[-1] > overlaps[0] + 0.05


def test_soft_borders() -> None:
    """Alpha is nearer to the truth than its own mask is, where borders are out of focus."""
    picture, alpha, box = painted("disc", (RED, WHITE), (SKY, LEAF), blur=2.5)
    x, y, w, h = box
    found = gmmseg.cutout(picture, box=(x - 5, y - 5, w + 10, h + 10))
    assert np.abs(found.alpha - alpha).sum() < 0.85 * np.abs(found.mask - alpha).sum()


def test_colours_without_the_ground() -> None:
    """Soft pixels have the subject's colour rather than what is behind it."""
    alpha = np.repeat(np.clip(np.arange(40) / 10 - 1.5, 0, 1).astype(np.float32)[None], 30, axis=0)
    own, other = np.array((200, 40, 30)), np.array((20, 60, 180))
    mixed = np.rint(alpha[..., None] * own + (1 - alpha[..., None]) * other).astype(np.uint8)
    pure = pure_colours(mixed, alpha)
    soft = (alpha > 0.1) & (alpha < 1)
    assert np.abs(pure[soft].astype(int) - own).max() <= 25
    assert (pure[~((alpha > 0) & (alpha < 1))] == mixed[~((alpha > 0) & (alpha < 1))]).all()


def test_a_tree_of_labels() -> None:
    """Odds down a tree are those that summing over all labellings gives."""
    merges = np.array([[0, 1], [2, 3], [4, 5]], np.int32)
    heights = np.array([0.2, 0.5, 0.9])
    evidence = np.array([1.0, -0.3, 0.4, -2.0])
    rate = 3.0 * heights**2
    parent, own = {0: 4, 1: 4, 2: 5, 3: 5, 4: 6, 5: 6}, [0, 0, 0, 0, *rate]
    total = np.zeros((2, 4))
    for code in range(128):
        labels = [code >> node & 1 for node in range(7)]
        chance = np.exp(sum(e for e, label in zip(evidence, labels, strict=False) if label))
        for child, above in parent.items():
            alike = np.exp(-(own[above] - own[child]))
            chance *= (1 + alike) / 2 if labels[child] == labels[above] else (1 - alike) / 2
        for crumb in range(4):
            total[labels[crumb], crumb] += chance
    assert np.allclose(inherited(evidence, merges, heights, 3.0), np.log(total[1] / total[0]))


@pytest.mark.parametrize(
    ("hints", "said"),
    [
        ({}, "expected a box around the subject or marks on it"),
        ({"box": (0, 0, 128, 96)}, "expected a box with some background around it"),
        ({"box": (100, 10, 60, 20)}, "expected a box within 128×96 pixels"),
        ({"box": (-3, 10, 60, 20)}, "expected a box within 128×96 pixels"),
        ({"box": (10, 10, 0, 20)}, "expected a box of at least one pixel"),
        ({"box": (10, 10, 20)}, "expected a box as x, y, width and height"),
        ({"box": "10,10,20,20x"}, "expected a box as x, y, width and height"),
        ({"box": (10, float("nan"), 20, 20)}, "expected a box as x, y, width and height"),
        ({"foreground": np.zeros(SHAPE, np.uint8)}, "expected marks on the subject"),
        ({"foreground": np.ones((9, 9), np.uint8)}, "expected foreground marks of the picture's size, 128×96; got 9×9"),
        ({"foreground": dot(50, 50), "background": dot(51, 51)}, "expected pixels marked as foreground or background"),
    ],
    ids=str,
)
def test_hints_that_say_nothing(hints: Any, said: str) -> None:
    """What no subject can be found by is refused in one line."""
    with pytest.raises(gmmseg.InputError) as error:
        gmmseg.cutout(PICTURE, **hints)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


def test_nothing_to_look_at() -> None:
    """A picture that is left out as a whole is refused, and so is a box of nothing."""
    with pytest.raises(gmmseg.InputError, match="expected a picture with pixels to look at"):
        gmmseg.cutout(PICTURE, box=BOX, mask=np.zeros(SHAPE, np.uint8))
    mask = np.ones(SHAPE, np.uint8)
    mask[:50, :50] = 0
    with pytest.raises(gmmseg.InputError, match="expected a box with pixels to look at"):
        gmmseg.cutout(PICTURE, box=(5, 5, 20, 20), mask=mask)


def test_files(tmp_path: Path) -> None:
    """Each kind of output says the same as the record it is made of."""
    found = gmmseg.cutout(image_of(PICTURE, name="photo.png"), box=BOX)
    paths = found.save(tmp_path, "cutout,alpha,overlay,labels,json")
    assert [path.name for path in paths] == [
        "photo-cutout.png",
        "photo-alpha.png",
        "photo-overlay.jpg",
        "photo-labels.png",
        "photo-subject.json",
    ]
    cut, alpha, overlay, labels = (np.asarray(Image.open(path)) for path in paths[:4])
    assert cut.shape == (*SHAPE, 4)
    assert (cut[..., 3] == alpha).all()
    assert (cut[alpha == 255][:, :3] == PICTURE[alpha == 255]).all()
    assert (cut[alpha == 0] == 0).all()
    assert (labels == found.mask).all()
    assert overlay.shape == (*SHAPE, 3)
    story = json.loads(paths[4].read_text(encoding="utf-8"))
    assert story["box"] == list(found.box or ())
    assert story["area"] == int(found.mask.sum())
    assert sum(colour["share"] for colour in story["subject"]) == pytest.approx(1, abs=1e-4)


def test_files_of_deep_pictures(tmp_path: Path) -> None:
    """A 16-bit picture with an alpha of its own is cut in 16 bits, and its alpha multiplies."""
    deep = np.concatenate([PICTURE.astype(np.uint16) * 257, np.full((*SHAPE, 1), 32768, np.uint16)], axis=2)
    found = gmmseg.cutout(deep, box=BOX)
    (path,) = found.save(tmp_path, "cutout", stem="deep")
    cut = gmmseg.read(path)
    assert cut.pixels.dtype == np.uint16
    assert cut.alpha is not None
    assert int(cut.alpha.max()) == 32768
