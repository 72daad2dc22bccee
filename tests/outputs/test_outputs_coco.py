"""COCO files, as pycocotools reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_segments import chosen, holed, of_kind, whole

from gmmseg.outputs import save
from gmmseg.outputs.outlines import polygons
from gmmseg.outputs.runs import compressed, runs_of
from gmmseg.segmentation.pieces import pieces_of

tools = pytest.importorskip("pycocotools.coco", reason="pycocotools, of the extra dev, is not installed")
mask = pytest.importorskip("pycocotools.mask")
# Its arrays are made in a way that NumPy 2 frowns upon.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def random_labels(seed: int) -> np.ndarray:
    """Labels from −1 to 2 without any order, in blocks of one, two or three pixels : (h, w) int16."""
    random = np.random.default_rng(seed)
    h, w = random.integers(1, 24, 2)
    block = seed % 3 + 1
    labels = np.kron(random.integers(-1, 3, (h, w)), np.ones((block, block), np.int64))
    return np.ascontiguousarray(labels[:h, :w], np.int16)


@pytest.mark.parametrize("seed", range(30))
def test_runs_are_those_of_pycocotools(seed: int) -> None:
    """Our encoding of any mask is the reference's, letter by letter, an empty mask's included."""
    labels = random_labels(seed)
    runs = runs_of(labels)
    for label in range(4):
        expected = mask.encode(np.asfortranarray(labels == label, np.uint8))["counts"].decode()
        assert compressed(runs.counts(label)) == expected


def test_long_runs() -> None:
    """Lengths of many digits, growing and shrinking, are encoded as the reference does."""
    labels = np.zeros((5000, 700), np.int16)
    labels[2:4, 1] = labels[:, 300:500] = labels[4999, 699] = 1
    expected = mask.encode(np.asfortranarray(labels, np.uint8))["counts"].decode()
    assert compressed(runs_of(labels).counts(1)) == expected


@pytest.mark.parametrize("seed", range(60))
def test_polygons_fill_to_exactly_their_pieces(seed: int) -> None:
    """Filled by the reference, the outline of a piece gives its pixels, holes within holes too; its area is theirs."""
    labels = random_labels(seed)
    pieces, count = pieces_of(labels)
    seen = 0
    for piece, outline in polygons(pieces):
        drawn = mask.merge(mask.frPyObjects([outline.ravel().tolist()], *labels.shape))
        np.testing.assert_array_equal(mask.decode(drawn), pieces == piece)
        x, y = outline.astype(np.int64).T
        assert (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() == 2 * np.count_nonzero(pieces == piece)
        seen += 1
    assert seen == count


MADE: dict[str, Any] = {"whole": whole, "holed": holed, "chosen": chosen, "pixel": lambda: of_kind("pixel")}


@pytest.mark.parametrize("made", MADE)
def test_run_lengths_decode_to_the_segments(tmp_path: Path, made: str) -> None:
    """Each annotation gives the pixels, area and box of its segment."""
    seg = MADE[made]()
    (path,) = save(seg, tmp_path, "coco")
    found = tools.COCO(str(path))
    assert found.loadImgs([1])[0]["file_name"] == seg.image.name
    annotations = found.loadAnns(found.getAnnIds())
    assert len(annotations) == len(np.unique(seg.labels[seg.labels >= 0]))
    for one in annotations:
        segment = one["category_id"] - 1
        assert found.loadCats([one["category_id"]])[0]["name"] == f"segment {segment}"
        decoded = found.annToMask(one)
        np.testing.assert_array_equal(decoded, seg.labels == segment)
        run = found.annToRLE(one)
        assert one["area"] == mask.area(run)
        assert one["bbox"] == mask.toBbox(run).tolist()


@pytest.mark.parametrize("made", MADE)
def test_polygons_are_the_pieces(tmp_path: Path, made: str) -> None:
    """The polygons of a segment together give its pixels, each once, with their areas and boxes."""
    seg = MADE[made]()
    (path,) = save(seg, tmp_path, "coco-polygons")
    found = tools.COCO(str(path))
    total = np.zeros((seg.k, *seg.labels.shape), np.int64)
    for one in found.loadAnns(found.getAnnIds()):
        decoded = found.annToMask(one)
        assert one["area"] == decoded.sum()
        run = found.annToRLE(one)
        assert one["bbox"] == mask.toBbox(run).tolist()
        total[one["category_id"] - 1] += decoded
    np.testing.assert_array_equal(total, seg.labels == np.arange(seg.k)[:, None, None])
