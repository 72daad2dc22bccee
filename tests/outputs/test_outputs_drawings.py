"""Overlay, contours, posterised picture and uncertainty."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from made_segments import holed, whole

from gmmseg import figures, read
from gmmseg.outputs import save, write


@pytest.mark.parametrize("palette", ["distinct", "mean"])
def test_overlay_is_close_to_the_drawing(tmp_path: Path, palette: str) -> None:
    """The JPEG shows the drawing, with the photo's resolution."""
    seg = holed()
    (path,) = save(seg, tmp_path, "overlay", palette=palette)
    assert path.name == "coffee-overlay.jpg"
    colors = seg.colors if palette == "mean" else figures.distinct_colors(seg.k)
    drawn = figures.overlay(seg.picture, seg.labels, colors)
    found = read(path)
    assert np.abs(found.pixels.astype(np.int64) - drawn).mean() < 6
    assert found.resolution == (300, 150)


def test_contours_are_those_of_regions(tmp_path: Path) -> None:
    """The lines run along the borders of regions."""
    seg = whole()
    (path,) = save(seg, tmp_path, "contours")
    drawn = figures.contours(seg.picture, seg.regions)
    assert np.abs(read(path).pixels.astype(np.int64) - drawn).mean() < 8


def test_posterised_is_in_mean_colours(tmp_path: Path) -> None:
    """Every pixel has its segment's mean colour, whatever the palette; left-out ones are transparent."""
    seg = holed()
    (path,) = save(seg, tmp_path, "posterised")
    found = read(path)
    np.testing.assert_array_equal(found.valid, seg.image.valid)
    np.testing.assert_array_equal(found.pixels[found.valid], seg.colors[seg.labels[found.valid]])


def test_uncertainty_is_the_drawing(tmp_path: Path) -> None:
    """The PNG is the drawing itself."""
    seg = holed()
    (path,) = save(seg, tmp_path, "uncertainty")
    np.testing.assert_array_equal(read(path).pixels, figures.uncertainty_picture(seg.uncertainty, seg.labels))


@pytest.mark.parametrize("kind", ["overlay", "posterised", "contours"])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif"])
def test_format_follows_the_suffix(tmp_path: Path, kind: str, suffix: str) -> None:
    """A path decides about the format of a picture."""
    path = tmp_path / f"a{suffix}"
    write(holed(), kind, path)
    heads = {".png": b"\x89PNG", ".jpg": b"\xff\xd8\xff", ".webp": b"RIFF", ".tif": b"II*\0"}
    assert path.read_bytes().startswith(heads[suffix])


def test_stream_gets_the_usual_format() -> None:
    """Without a name the format is the one that a folder would get."""
    stream = io.BytesIO()
    write(whole(), "overlay", stream)
    assert stream.getvalue().startswith(b"\xff\xd8\xff")


def test_long_pictures_are_not_jpeg(tmp_path: Path) -> None:
    """A picture longer than a JPEG can be becomes a PNG."""
    from gmmseg import segment

    seg = segment(np.zeros((1, 65501), np.uint8), 1)
    assert [path.name for path in save(seg, tmp_path, "overlay,contours")] == ["overlay.png", "contours.png"]
