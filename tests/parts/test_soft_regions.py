"""Soft masks of regions: laws, quality on made scenes, and outputs."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from soft_scenes import blurred, composed, scenes, stripes, tree_of

from gmmseg import InputError, Model
from gmmseg.outputs import KINDS
from gmmseg.parts.softness.depth import depths
from gmmseg.parts.softness.lattice import lattice_of
from gmmseg.parts.softness.segmenting import segmentation_of
from gmmseg.parts.softness.shares import RegionShares
from gmmseg.segmentation import Segmentation


def shares_of(picture: np.ndarray, labels: np.ndarray) -> np.ndarray:
    k = int(labels.max()) + 1
    shares = RegionShares.of(picture, labels.astype(np.int16), k, ())
    return shares.band(0, len(labels))


def segmented(valid: np.ndarray | None = None) -> Segmentation:
    picture, labels = stripes()
    tree = tree_of(picture, labels, valid)
    return segmentation_of(tree, tree.crumbs, {"detail": 0.5, "seed": 0})


def test_shares_sum_to_one_and_lie_between() -> None:
    """Shares are at least 0, sum to one, and the certainty is the largest."""
    seg = segmented()
    assert seg.probabilities.min() >= 0
    np.testing.assert_allclose(seg.probabilities.sum(axis=2), 1, atol=1e-6)
    np.testing.assert_array_equal(seg.certainty, seg.probabilities.max(axis=2))
    assert seg.probabilities.dtype == np.float32


def test_left_out_pixels_have_nothing() -> None:
    """Where a pixel is left out all shares are 0 and the label is −1, and the rest still sums to one."""
    valid = np.ones((60, 90), np.bool_)
    valid[:20, 20:50] = False
    seg = segmented(valid)
    assert (seg.probabilities[~valid] == 0).all()
    assert (seg.certainty[~valid] == 0).all()
    assert (seg.labels[~valid] == -1).all()
    np.testing.assert_allclose(seg.probabilities[valid].sum(axis=1), 1, atol=1e-6)


def test_far_from_borders_shares_are_exact() -> None:
    """Beyond the reach of a border a pixel is its own region's, with a share of exactly 1."""
    picture, labels = stripes(90, 240)
    far = depths(labels, 50) > lattice_of(picture, labels).reach + 1
    shares = shares_of(picture, labels)
    assert far.any()
    assert (np.take_along_axis(shares, labels[..., None].astype(np.intp), 2)[..., 0][far] == 1).all()


def test_one_region_is_whole() -> None:
    """A picture of one region, of one colour or one pixel, belongs to it wholly."""
    for shape in ((1, 1), (1, 40), (30, 1), (25, 31)):
        tree = tree_of(np.full((*shape, 3), 77, np.uint8), np.zeros(shape, np.int32))
        seg = segmentation_of(tree, tree.crumbs)
        assert (seg.probabilities == 1).all()
        np.testing.assert_array_equal(seg.colors, [[77, 77, 77]])


def test_regions_of_a_pixel_each() -> None:
    """Where every pixel is a region of its own, shares still sum to one and the model is sound."""
    random = np.random.default_rng(3)
    labels = np.arange(30 * 20, dtype=np.int32).reshape(30, 20)
    tree = tree_of(random.integers(0, 256, (30, 20, 3), dtype=np.uint8), labels)
    seg = segmentation_of(tree, labels)
    np.testing.assert_allclose(seg.probabilities.sum(axis=2), 1, atol=1e-5)
    np.testing.assert_array_equal(seg.labels, labels)
    assert np.isfinite(seg.mixture.log_density(seg.mixture.means)).all()


@pytest.mark.parametrize("size", [(61, 83), (300, 1003)])
def test_mirrored_pictures_have_mirrored_masks(size: tuple[int, int]) -> None:
    """A mirrored picture has the same masks, mirrored, whether the lattice is coarser than it or not."""
    picture, labels = stripes(*size)
    straight = shares_of(picture, labels)
    sideways = shares_of(np.ascontiguousarray(picture[:, ::-1]), np.ascontiguousarray(labels[:, ::-1]))[:, ::-1]
    upside = shares_of(np.ascontiguousarray(picture[::-1]), np.ascontiguousarray(labels[::-1]))[::-1]
    # A middle that falls between two boxes may go to either.
    assert np.mean(np.abs(sideways - straight) > 1e-3) < 1e-3
    assert np.mean(np.abs(upside - straight) > 1e-3) < 1e-3


def test_bands_are_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands of any height are the rows of the whole, to the bit."""
    seg = segmented()
    rows = np.concatenate([seg.shares.band(y, min(60, y + 7)) for y in range(0, 60, 7)])
    np.testing.assert_array_equal(rows, seg.probabilities)
    monkeypatch.setattr("gmmseg.parts.softness.shares._NUMBERS", 1000)
    np.testing.assert_array_equal(np.concatenate([band for _, _, band in seg.shares.bands()]), seg.probabilities)


def test_threads_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread or five give the same bits."""
    picture, labels = stripes(300, 500)
    found = []
    for threads in (1, 5):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, threads=threads: set(range(threads)), raising=False)
        tree = tree_of(picture, labels)
        seg = segmentation_of(tree, labels)
        found.append((seg.probabilities, seg.certainty, seg.mixture.means, seg.mixture.covariances))
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_depths_are_exact() -> None:
    """Depths are the distances to the nearest pixel of another region, as brute force finds them."""
    random = np.random.default_rng(2)
    labels = (blurred(random.standard_normal((23, 31)), 6) > 0).astype(np.int32)
    y, x = np.mgrid[:23, :31]
    expected = np.empty(labels.shape)
    for at in np.ndindex(labels.shape):
        other = labels != labels[at]
        expected[at] = np.hypot(y[other] - at[0], x[other] - at[1]).min()
    np.testing.assert_allclose(depths(labels, 9), np.minimum(expected, 10), rtol=1e-6)


GOLDEN = {"hard": (70.75, 0.5885), "ours": (4.420, 0.1775)}


def test_masks_are_close_to_the_truth() -> None:
    """On made scenes with exact alphas soft masks are several times closer than labels, blurred or not."""
    errors: dict[str, list[tuple[float, float]]] = {}
    for picture, alpha, labels in scenes().values():
        hard = labels.astype(np.float64)
        masks = {"hard": hard, "ours": shares_of(picture, labels)[..., 1]}
        masks |= {f"blurred {times}": blurred(hard, times) for times in (2, 4, 8, 16)}
        near = np.abs(blurred(((alpha > 0.01) & (alpha < 0.99)) | ((alpha > 0.5) != labels), 6)) > 0.01
        for name, mask in masks.items():
            off = mask - alpha
            errors.setdefault(name, []).append((1e3 * float(np.mean(off[near] ** 2)), float(np.abs(off).sum()) / 1e3))
    mean = {name: np.mean(values, axis=0) for name, values in errors.items()}
    best = np.min([value for name, value in mean.items() if name.startswith("blurred")], axis=0)
    assert mean["ours"][0] < best[0] / 4
    assert mean["ours"][1] < best[1] / 2
    for name, golden in GOLDEN.items():
        np.testing.assert_allclose(mean[name], golden, rtol=0.01, err_msg=name)


def test_sharp_borders_are_put_right() -> None:
    """Where colours are plain, a label that is off by two pixels becomes a mask that is right."""
    random = np.random.default_rng(4)
    alpha = np.zeros((80, 120))
    alpha[:, 60:] = 1
    inside, outside = np.full((80, 120, 3), 60.0), np.full((80, 120, 3), 190.0)
    picture = composed(random, alpha, inside, outside)
    labels = np.zeros((80, 120), np.int32)
    labels[:, 62:] = 1
    assert np.abs(shares_of(picture, labels)[..., 1] - alpha).max() < 0.1


def test_a_segmentation_like_any_other(tmp_path: Path) -> None:
    """Every kind of output is written, and numbers, colours and regions are those of the cut."""
    seg = segmented()
    written = seg.save(tmp_path, list(KINDS), command="gmmseg regions scene.png")
    assert all(path.stat().st_size > 0 for path in written)
    assert sum(path.parent.name == "scene-masks" for path in written) == 4
    masks = [np.asarray(Pillow.open(path)).astype(int) for path in written if path.parent.name == "scene-masks"]
    assert (np.sum(masks, axis=0) == 255).all()
    np.testing.assert_array_equal(seg.regions, seg.labels)
    table = seg.table()
    assert [record["area"] for record in table] == np.bincount(seg.labels.ravel()).tolist()
    with (tmp_path / "scene-segments.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 4
    told = json.loads((tmp_path / "scene-segments.json").read_text())
    assert told["settings"] == {"detail": 0.5, "seed": 0}
    assert told["fit"] is None
    page = (tmp_path / "scene-report.html").read_text(encoding="utf-8")
    assert "one cut through a tree" in page
    assert "was fitted before" not in page


def test_model_can_be_applied() -> None:
    """The model of a cut segments a picture of the same colours alike, and is the same after saving."""
    seg = segmented()
    assert seg.mixture.weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(seg.mixture.weights, np.bincount(seg.labels.ravel()) / seg.labels.size)
    again = seg.model.apply(seg.picture)
    assert np.mean(again.labels == seg.labels) > 0.9


def test_model_file(tmp_path: Path) -> None:
    """A model of regions is read again as it was."""
    seg = segmented()
    seg.model.save(tmp_path / "model.npz")
    read = Model.load(tmp_path / "model.npz")
    np.testing.assert_array_equal(read.mixture.covariances, seg.mixture.covariances)


RANDOM = np.random.default_rng(8)
PICTURES: dict[str, Any] = {
    "grey": RANDOM.integers(0, 256, (40, 50), dtype=np.uint8),
    "grey 16": RANDOM.integers(0, 65536, (40, 50), dtype=np.uint16),
    "rgb 16": RANDOM.integers(0, 65536, (40, 50, 3), dtype=np.uint16),
    "float": RANDOM.random((40, 50, 3), dtype=np.float32),
    "bands": RANDOM.normal(0, 50, (40, 50, 7)).astype(np.float32),
    "flat": np.full((40, 50, 3), 9, np.uint8),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_pictures_of_all_kinds(kind: str) -> None:
    """Grey, deep, floating and many-band pictures have soft masks, and models in their usual features."""
    labels = np.repeat((np.arange(50) // 25)[None], 40, axis=0).astype(np.int32)
    tree = tree_of(PICTURES[kind], labels)
    seg = segmentation_of(tree, labels)
    np.testing.assert_allclose(seg.probabilities.sum(axis=2), 1, atol=1e-6)
    assert seg.mixture.d == len(seg.shares.axes)
    assert np.isfinite(seg.mixture.log_density(seg.mixture.means)).all()


def test_many_regions_are_masked_but_not_reported(tmp_path: Path) -> None:
    """Hundreds of regions make masks, and a report says in one line that it has no room for them."""
    labels = np.kron(np.arange(300).reshape(15, 20), np.ones((4, 4), np.int64)).astype(np.int32)
    tree = tree_of(RANDOM.integers(0, 256, (60, 80, 3), dtype=np.uint8), labels)
    seg = segmentation_of(tree, labels)
    assert len(seg.save(tmp_path, "masks")) == 300
    with pytest.raises(InputError, match="at most 255 segments in a report; got 300"):
        seg.save(tmp_path, "report")


def test_wrong_labels_are_refused() -> None:
    """Labels of another shape, with gaps, with too many regions, or where nothing is, are refused in a line."""
    picture, labels = stripes()
    tree = tree_of(picture, labels)
    wrongs: tuple[tuple[Any, str], ...] = (
        (labels[:-1], "expected labels as integers"),
        (labels.astype(np.float64), "expected labels as integers"),
        (2 * labels, "without a gap"),
        (np.where(labels == 0, -1, labels), "wherever the picture is valid"),
        (labels + 40_000, "at most 32767 regions"),
    )
    for wrong, words in wrongs:
        with pytest.raises(InputError, match=words):
            segmentation_of(tree, wrong)
