"""Masks, cut-outs and probabilities."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_segments import GEO, KINDS_OF_PICTURE, crop, cut, holed, of_kind, placed, tiff_pages, whole

from gmmseg import Segmentation, read, segment
from gmmseg.files import image_of
from gmmseg.outputs import planes, save


def masks(paths: tuple[Path, ...]) -> np.ndarray:
    """The pictures at the paths : (k, h, w)."""
    return np.stack([read(path).pixels[..., 0] for path in paths])


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("made", [whole, holed])
def test_masks_are_the_probabilities(tmp_path: Path, depth: int, made: Any) -> None:
    """A mask is the probability within one level; the masks of a pixel sum to full, and to 0 where left out."""
    seg: Segmentation = made()
    paths = save(seg, tmp_path, ["masks"], depth=depth)
    assert paths == tuple(tmp_path / "coffee-masks" / f"{i}.png" for i in range(seg.k))
    found = masks(paths)
    full = 2**depth - 1
    assert found.dtype == (np.uint8 if depth == 8 else np.uint16)
    exact = np.moveaxis(seg.probabilities.astype(np.float64) * full, 2, 0)
    assert np.abs(found - exact).max() < 1.01
    np.testing.assert_array_equal(found.sum(axis=0, dtype=np.int64), np.where(seg.image.valid, full, 0))


def test_masks_do_not_depend_on_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Masks made in several passes are those made in one."""
    seg = whole()
    at_once = masks(save(seg, tmp_path / "a", "masks"))
    monkeypatch.setattr(planes, "_MEMORY", 1)
    monkeypatch.setattr(planes, "_BAND", 700)
    np.testing.assert_array_equal(masks(save(seg, tmp_path / "b", "masks")), at_once)


def test_geographic_masks_and_cutouts(tmp_path: Path) -> None:
    """Where the picture knows its place on earth, so do masks, cut-outs and pages of probabilities."""
    paths = save(placed(), tmp_path, "masks,cutouts,probabilities-tiff")
    assert {path.suffix for path in paths} == {".tif"}
    for path in paths:
        _, tags = tiff_pages(path)[0]
        assert all(tags[tag.code] == tag.value for tag in GEO[:3])
        assert 42112 not in tags
        assert 42113 not in tags


def test_surplus_of_an_earlier_run_goes(tmp_path: Path) -> None:
    """Masks of more segments than there are now do not stay; files of other names do."""
    save(whole(), tmp_path, "masks")
    place = tmp_path / "coffee-masks"
    (place / "notes.txt").write_text("mine")
    save(segment(cut(), 2), tmp_path, "masks")
    assert sorted(path.name for path in place.iterdir()) == ["0.png", "1.png", "notes.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["coffee-masks"]


def test_numbered_files_of_others_stay(tmp_path: Path) -> None:
    """Pictures that are numbered as no run of ours would are left alone."""
    (tmp_path / "coffee-masks").mkdir()
    for name in ("0003.png", "2024.png"):
        (tmp_path / "coffee-masks" / name).write_bytes(b"mine")
    save(segment(cut(), 2), tmp_path, "masks")
    assert sorted(path.name for path in (tmp_path / "coffee-masks").iterdir()) == [
        "0.png",
        "0003.png",
        "1.png",
        "2024.png",
    ]


def veil() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, crop().shape[:2], dtype=np.uint8)


@pytest.mark.parametrize("depth", [8, 16])
def test_cutouts_have_the_pixels_of_the_file(tmp_path: Path, depth: int) -> None:
    """Samples, depth, profile and resolution are the file's; alpha is the mask times the file's own."""
    samples = crop() if depth == 8 else crop().astype(np.uint16) * 251
    image = image_of(np.dstack([samples, veil() if depth == 8 else veil().astype(np.uint16) * 257]))
    image = replace(image, profile=b"a profile", resolution=(300.0, 300.0), name="a.png")
    assert image.alpha is not None
    seg = segment(image, 3)
    soft = masks(save(seg, tmp_path, "masks", depth=depth)).astype(np.float64)
    for mask, path in zip(soft, save(seg, tmp_path, "cutouts"), strict=True):
        found = read(path)
        assert found.pixels.dtype == samples.dtype
        assert found.profile == b"a profile"
        assert found.resolution == pytest.approx((300, 300), rel=1e-3)
        full = 2**depth - 1
        alpha = np.zeros(mask.shape) if found.alpha is None else found.alpha
        assert np.abs(alpha - mask * image.alpha / full).max() <= 0.5
        np.testing.assert_array_equal(found.pixels[alpha > 0], samples[alpha > 0])
        assert not found.pixels[alpha == 0].any()


@pytest.mark.parametrize("name", KINDS_OF_PICTURE)
def test_cutouts_of_all_kinds_of_pictures(tmp_path: Path, name: str) -> None:
    """Floats are cut out in 16 bits, bands as they are shown, grey as grey."""
    seg = of_kind(name)
    for path in save(seg, tmp_path, "cutouts"):
        found = read(path)
        if seg.image.colour == "bands":
            samples = seg.picture
        elif seg.image.pixels.dtype == np.float32:
            samples = np.rint(seg.image.pixels * 65535).astype(np.uint16)
        else:
            samples = seg.image.pixels
        assert found.pixels.dtype == samples.dtype
        seen = found.valid
        np.testing.assert_array_equal(found.pixels[seen], samples[seen])


def test_probabilities_are_exact(tmp_path: Path) -> None:
    """The archive holds the very probabilities, labels and colours; the TIFF the same in pages."""
    seg = holed()
    archive, pages = save(seg, tmp_path, "probabilities,probabilities-tiff")
    with np.load(archive) as found:
        np.testing.assert_array_equal(found["probabilities"], seg.probabilities)
        np.testing.assert_array_equal(found["labels"], seg.labels)
        np.testing.assert_array_equal(found["colors"], seg.colors)
        assert found["probabilities"].dtype == np.float32
    found_pages = tiff_pages(pages)
    assert [tags[270] for _, tags in found_pages] == [f"segment {i}" for i in range(seg.k)]
    assert pages.read_bytes()[2] == 42  # a BigTIFF has 43 there, and fewer readers
    stack = np.stack([samples for samples, _ in found_pages], axis=2)
    np.testing.assert_array_equal(stack, seg.probabilities)
