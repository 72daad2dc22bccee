"""Labels and regions: what is written is what is read."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
import tifffile
from made_segments import GEO, KINDS_OF_PICTURE, crowded, holed, of_kind, placed, tiff_pages, whole

from gmmseg import Segmentation, read
from gmmseg.figures import distinct_colors
from gmmseg.outputs import save, write


def stored(path: Path) -> np.ndarray:
    """The samples in a file, as they are."""
    if path.suffix == ".tif":
        return tifffile.imread(path)
    with PIL.Image.open(path) as picture:
        return np.asarray(picture)


def ignoring(numbers: np.ndarray, left_out: int) -> np.ndarray:
    return np.where(numbers < 0, left_out, numbers.astype(np.int64))


@pytest.mark.parametrize("palette", ["distinct", "mean"])
def test_labels_are_indexed(tmp_path: Path, palette: str) -> None:
    """The index of a pixel is its segment, and the palette has the colours asked for."""
    seg = whole()
    (path,) = save(seg, tmp_path, "labels", palette=palette)
    assert path == tmp_path / "coffee-labels.png"
    with PIL.Image.open(path) as picture:
        assert picture.mode == "P"
        np.testing.assert_array_equal(np.asarray(picture), seg.labels)
        colors = np.array(picture.getpalette()).reshape(-1, 3)
        np.testing.assert_array_equal(colors[: seg.k], seg.colors if palette == "mean" else distinct_colors(seg.k))
        assert "transparency" not in picture.info


@pytest.mark.parametrize("kind", ["labels", "regions"])
def test_left_out_pixels_are_transparent(tmp_path: Path, kind: str) -> None:
    """Left-out pixels have the index 255, which nobody sees; all others are seen."""
    seg = holed()
    (path,) = save(seg, tmp_path, kind)
    numbers = seg.labels if kind == "labels" else seg.regions
    np.testing.assert_array_equal(stored(path), ignoring(numbers, 255))
    image = read(path)
    np.testing.assert_array_equal(image.valid, seg.image.valid)
    assert image.resolution == pytest.approx((300, 150), rel=1e-3)


@pytest.mark.parametrize("palette", ["distinct", "mean"])
def test_regions_are_in_their_colours(tmp_path: Path, palette: str) -> None:
    """Each region has a colour of its own, or the mean colour of its pixels."""
    seg = whole()
    (path,) = save(seg, tmp_path, "regions", palette=palette)
    shown = read(path).pixels
    first = seg.regions == 0
    expected = seg.picture[first].mean(axis=0) if palette == "mean" else distinct_colors(1)[0]
    np.testing.assert_allclose(shown[first], np.broadcast_to(expected, shown[first].shape), atol=0.51)


@pytest.mark.parametrize("kind", ["labels", "regions"])
def test_many_segments_take_sixteen_bits(tmp_path: Path, kind: str) -> None:
    """Beyond 255 segments the picture is grey, of 16 bits, and 65535 is left out."""
    seg = crowded()
    numbers = seg.labels if kind == "labels" else seg.regions
    assert numbers.max() > 255
    (path,) = save(seg, tmp_path, kind)
    samples = stored(path)
    assert samples.max() == 65535
    np.testing.assert_array_equal(samples, ignoring(numbers, 65535))


def test_all_drawings_work_with_many_segments(tmp_path: Path) -> None:
    """Overlay, posterised picture, masks, tables and COCO know no limit of segments."""
    kinds = "overlay,posterised,contours,uncertainty,masks,csv,json,coco,coco-polygons"
    paths = save(crowded(), tmp_path, kinds)
    assert len([path for path in paths if path.parent.name == "crowd-masks"]) == 300
    assert (tmp_path / "crowd-masks" / "007.png").exists()


@pytest.mark.parametrize(("of", "bits", "left_out"), [(placed, 8, "255"), (crowded, 16, "65535")])
def test_geographic_labels(tmp_path: Path, of: Callable[[], Segmentation], bits: int, left_out: str) -> None:
    """Labels of a picture that lies on earth are a TIFF with its tags and a no-data value of their own."""
    made = of()
    path = tmp_path / "labels.tif"
    if made.image.geo:
        (path,) = save(made, tmp_path, "labels", stem="")
    else:
        write(made, "labels", path)
    np.testing.assert_array_equal(stored(path), ignoring(made.labels, int(left_out)))
    _, tags = tiff_pages(path)[0]
    assert tags[258] == bits
    assert tags[42113] == left_out
    assert 42112 not in tags
    for tag in made.image.geo[:3]:
        assert tags[tag.code] == tag.value
    if bits == 8:
        np.testing.assert_array_equal(np.reshape(tags[320], (3, 256)).T[: made.k] // 257, distinct_colors(made.k))
    assert made.image.geo in ((), GEO)


def test_more_regions_than_sixteen_bits(tmp_path: Path) -> None:
    """Regions beyond counting in 16 bits are a float TIFF."""
    from dataclasses import replace

    seg = whole()
    shape = (260, 260)
    many = replace(seg, labels=np.zeros(shape, np.int16))
    numbers = np.arange(shape[0] * shape[1], dtype=np.int32).reshape(shape)
    many.__dict__["regions"] = numbers
    (path,) = save(many, tmp_path, "regions")
    assert path.name == "coffee-regions.tif"
    np.testing.assert_array_equal(stored(path), numbers)


@pytest.mark.parametrize("name", KINDS_OF_PICTURE)
def test_every_picture_gives_every_output(tmp_path: Path, name: str) -> None:
    """Grey, deep, banded, tiny and plain pictures can be saved as all there is, and their labels are exact."""
    from gmmseg.outputs import KINDS, present

    seg = of_kind(name)
    paths = save(seg, tmp_path, KINDS)
    assert all(path.stat().st_size > 0 for path in paths)
    assert present(KINDS, tmp_path, "")
    np.testing.assert_array_equal(stored(tmp_path / "labels.png"), seg.labels)


def test_labels_into_a_stream() -> None:
    """A stream gets the bytes that the file would have."""
    stream = io.BytesIO()
    write(whole(), "labels", stream)
    with PIL.Image.open(stream) as picture:
        np.testing.assert_array_equal(np.asarray(picture), whole().labels)
