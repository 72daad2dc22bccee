"""Trees of regions of whole pictures: what must not matter, pictures of every kind, and how good they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from grown_scenes import IMAGES, Labels, Pixels, apart, painted, quarters, shapes, woven
from PIL import Image

import gmmseg
from gmmseg import InputError, RegionTree
from gmmseg.evaluate.cuts import cut_agreements, cuts_of
from gmmseg.evaluate.trees import DETAILS
from gmmseg.parts.checking import require_tree

BRIGHT = [(40, 60, 150), (200, 180, 60), (90, 160, 90), (230, 230, 230), (150, 40, 60)]
FAINT = [(120, 120, 120), (135, 120, 120), (120, 135, 120), (120, 120, 140), (132, 132, 120)]
SMALL = (120, 180)
SCENES: dict[str, tuple[Labels, Pixels]] = {
    f"{name} {kind}": (labels, pixels)
    for name, labels in (("shapes", shapes(*SMALL)), ("quarters", quarters(*SMALL)))
    for kind, pixels in (
        ("painted", painted(labels, BRIGHT, 12)),
        ("faint", painted(labels, FAINT, 6)),
        ("woven", woven(labels)),
    )
}


def bits_of(tree: RegionTree) -> bytes:
    """All of a tree that is no name and no time."""
    return b"".join(part.tobytes() for part in (tree.crumbs, tree.merges, tree.heights, tree.picture))


def crop() -> Pixels:
    """A part of a sample photo."""
    with Image.open(IMAGES / "coffee.jpg") as image:
        return np.asarray(image.convert("RGB"))[90:230, 200:400]


@pytest.mark.parametrize("large", [False, True])
def test_threads_change_no_bit(large: bool) -> None:
    """One, two and three threads grow the same tree, of small pictures and of those that are looked at smaller."""
    pixels = painted(shapes(660, 680), BRIGHT, 25) if large else crop()
    assert len({bits_of(gmmseg.regions(pixels, threads=threads)) for threads in (1, 2, 3)}) == 1


def test_the_seed_is_what_chance_there_is(tmp_path: Path) -> None:
    """The same seed gives the same bytes, and is kept in the tree, its file and the JSON; others differ little."""
    trees = [gmmseg.regions(crop(), seed=seed) for seed in (5, 5)]
    assert bits_of(trees[0]) == bits_of(trees[1])
    pixels = SCENES["quarters woven"][1]
    assert apart(*(gmmseg.regions(pixels, seed=seed).labels() for seed in (0, 1))) < 0.1
    (path,) = trees[0].save(tmp_path, "tree")
    again = RegionTree.load(path)
    assert [tree.seed for tree in (*trees, again)] == [5, 5, 5]
    (told,) = again.save(tmp_path, "json", stem="again")
    assert json.loads(told.read_text(encoding="utf-8"))["settings"]["seed"] == 5


def test_mirrored_pictures_have_mirrored_regions() -> None:
    """Regions of a mirrored picture, mirrored back, are those of the picture, but where a border is about as weak as
    those that the usual cut leaves out.
    """
    differences = []
    for _, pixels in SCENES.values():
        usual = gmmseg.regions(pixels).labels()
        for axis in (0, 1):
            mirrored = gmmseg.regions(np.ascontiguousarray(np.flip(pixels, axis))).labels()
            differences.append(apart(usual, np.flip(mirrored, axis)))
    assert np.median(differences) < 0.06
    assert np.mean(differences) < 0.2


def test_brightness_hardly_matters() -> None:
    """A picture that is 16 levels brighter has nearly the same regions, with the same exception."""
    differences = []
    for _, pixels in SCENES.values():
        dark = (pixels * (239 / 255)).astype(np.uint8)
        differences.append(apart(gmmseg.regions(dark).labels(), gmmseg.regions(dark + np.uint8(16)).labels()))
    assert np.median(differences) < 0.1
    assert np.mean(differences) < 0.25


ODD: dict[str, Any] = {
    "1 × 1": np.full((1, 1, 3), 9, np.uint8),
    "1 × 512": np.random.default_rng(0).integers(0, 256, (1, 512, 3)).astype(np.uint8),
    "512 × 1": np.random.default_rng(1).integers(0, 256, (512, 1, 3)).astype(np.uint8),
    "2 × 2": np.random.default_rng(2).integers(0, 256, (2, 2, 3)).astype(np.uint8),
    "one colour": np.full((50, 40, 3), 77, np.uint8),
    "noise": np.random.default_rng(3).integers(0, 256, (50, 70, 3)).astype(np.uint8),
    "grey": np.random.default_rng(4).integers(0, 256, (40, 30)).astype(np.uint8),
    "16 bits": np.random.default_rng(5).integers(0, 65536, (40, 30, 3)).astype(np.uint16),
    "huge bands": np.random.default_rng(6).random((40, 30, 5)).astype(np.float32) * np.float32(3e38),
    "tiny bands": np.random.default_rng(7).random((40, 30, 2)).astype(np.float32) * np.float32(1e-40),
    "bands of one value": np.full((30, 20, 4), 0.1, np.float32) + np.arange(4, dtype=np.float32),
    "large and huge": np.random.default_rng(8).random((650, 650)).astype(np.float32) * np.float32(3.4e38),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_pictures_have_trees(name: str) -> None:
    """Pictures of any size, depth and kind, the emptiest too, give a tree of all their pixels."""
    tree = gmmseg.regions(ODD[name])
    require_tree(tree.crumbs, tree.merges, tree.heights)
    assert (tree.crumbs >= 0).all()
    assert tree.labels(detail=0).max() == 0


def test_noise_and_one_colour_are_one_region() -> None:
    """Where there is nothing to tell apart, the usual cut is one region."""
    assert [int(gmmseg.regions(ODD[name]).labels().max()) + 1 for name in ("one colour", "noise")] == [1, 1]
    assert len(gmmseg.regions(ODD["one colour"]).merges) == 0


def test_two_colours_are_two_regions() -> None:
    """Two flat colours are two regions, to the pixel, with a border that nearly all people would draw."""
    labels = shapes(*SMALL)  # which do not touch each other
    tree = gmmseg.regions(painted(np.where(np.indices(SMALL)[1] > 70, 1, 0).astype(np.int32), BRIGHT))
    assert np.array_equal(tree.labels(), np.indices(SMALL)[1] > 70)
    assert tree.heights[-1] > 0.95
    assert apart(gmmseg.regions(painted((labels > 0).astype(np.int32), BRIGHT)).labels(), labels) < 0.05


def test_pixels_that_are_no_numbers() -> None:
    """NaN and infinity are left out, and change nothing around them."""
    labels = quarters(*SMALL)
    pixels = (painted(labels, BRIGHT) / 255).astype(np.float32)
    pixels[3, 4], pixels[60, 90, 1], pixels[80:84, 20] = np.nan, np.inf, -np.inf
    tree = gmmseg.regions(pixels)
    found = tree.labels()
    left_out = ~np.isfinite(pixels).all(axis=2)
    assert np.array_equal(found < 0, left_out)
    assert found.max() == 4
    assert apart(found, labels) < 0.1


def test_masks_of_a_pixel_and_of_none() -> None:
    """A mask with one pixel gives one region; one with none is refused in a line."""
    mask = np.zeros(SMALL)
    with pytest.raises(
        InputError, match=r"^expected a picture with pixels to look at; all of this picture are left out$"
    ):
        gmmseg.regions(SCENES["shapes painted"][1], mask=mask)
    mask[60, 90] = 1
    labels = gmmseg.regions(SCENES["shapes painted"][1], mask=mask).labels()
    assert labels[60, 90] == 0
    assert (labels >= 0).sum() == 1


@pytest.mark.parametrize("gap", [1, 4, 12, 20])
def test_gaps_do_not_part_what_is_around_them(gap: int) -> None:
    """A line that is left out parts no region that goes on behind it, and none is joined across a border."""
    labels = np.repeat(np.arange(2), 30)[:, None].repeat(120, axis=1).astype(np.int32)
    mask = np.ones(labels.shape)
    mask[:, 50 : 50 + gap] = 0
    found = gmmseg.regions(painted(labels, [(60, 60, 60), (180, 180, 180)], 3), mask=mask).labels()
    assert np.array_equal(found, np.where(mask > 0, labels, -1))


@pytest.mark.parametrize("seed", [-1, 1.5, "0", None, True, [1]])
def test_seeds_that_are_none(seed: Any) -> None:
    """What is no whole number of at least 0 is no seed, which is said in a line."""
    with pytest.raises(InputError, match=r"^expected a seed as a whole number of at least 0; got [^\n]*$"):
        gmmseg.regions(crop(), seed=seed)


def test_threads_that_are_none() -> None:
    """There is at least one thread."""
    with pytest.raises(InputError, match="expected threads as a whole number of at least 1; got 0"):
        gmmseg.regions(crop(), threads=0)


# Covering of the usual cut and of the best detail, as they were measured.
GOLDEN = {
    "shapes painted": (0.9962, 0.9962),
    "shapes faint": (0.9915, 0.9915),
    "shapes woven": (0.9006, 0.9906),
    "quarters painted": (0.9979, 0.9979),
    "quarters faint": (0.9950, 0.9950),
    "quarters woven": (0.9499, 0.9584),
}


@pytest.mark.parametrize("name", SCENES)
def test_regions_are_as_good_as_they_were(name: str) -> None:
    """On scenes whose regions are known to the pixel, no cut covers them worse than it did by more than 1 %."""
    labels, pixels = SCENES[name]
    tree = gmmseg.regions(pixels)
    details = sorted({*DETAILS, 0.5})
    covering = [own.covering for own in cut_agreements(tree, cuts_of(tree, details), [labels])]
    usual, best = GOLDEN[name]
    assert covering[details.index(0.5)] > usual * 0.99
    assert max(covering) > best * 0.99
    assert tree.labels().max() + 1 <= 2 * (labels.max() + 1)


def test_large_pictures_have_sharp_borders() -> None:
    """A picture that is looked at at half its size has its regions' borders to the pixel all the same."""
    labels = shapes(660, 680)
    found = gmmseg.regions(painted(labels, BRIGHT, 12)).labels()
    assert found.max() == 3
    assert apart(found, labels) < 0.002
