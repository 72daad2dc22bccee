"""The pictures of tables: one for every kind, right where it can be measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from documents import made_corpus
from made_tables import day_profiles, exam_marks
from PIL import Image

import gmmseg
from gmmseg import InputError
from gmmseg.figures.plots.drawing import raster
from gmmseg.figures.plots.histogram import histogram
from gmmseg.figures.plots.pairs import pairs
from gmmseg.figures.plots.profiles import profiles
from gmmseg.figures.plots.topics import topics
from gmmseg.mixture import Mixture
from gmmseg.tables.picture import picture


def blobs(d: int) -> Any:
    """Two clumps in d columns."""
    random = np.random.default_rng(d)
    return np.concatenate([random.normal(size=(60, d)), random.normal(size=(40, d)) + 6])


def texts(figure: Any) -> list[str]:
    """All that is written on a figure."""
    from matplotlib.text import Text

    return [text.get_text() for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def _widths(axes: Any) -> list[float]:
    """How wide the bars of a panel are."""
    return [patch.get_width() for patch in axes.patches]


@pytest.mark.parametrize(("d", "panels"), [(1, 1), (2, 1), (3, 9), (6, 36), (7, 2), (40, 2)])
def test_a_picture_for_every_width(d: int, panels: int) -> None:
    """Tables of one column, two, a few and many each have a picture of their kind."""
    found = gmmseg.table(blobs(d), 2, covariance="diag")
    figure = picture(found)
    assert len(figure.axes) == panels
    pixels = raster(figure)
    assert 0.5 < (pixels > 240).all(axis=2).mean() < 0.995


def test_histogram_names_clusters() -> None:
    """Each cluster's number and share stand at its peak, and the curve's area is its share."""
    marks, _ = exam_marks()
    found = gmmseg.table(marks[:, None], 3, names=["mark"])
    figure = histogram(marks, found.memberships, found.mixture, "mark")
    seen = texts(figure)
    assert {"mark", "density"} <= set(seen)
    assert [text for text in seen if "%" in text] == [
        f"{c}: {100 * weight:.0f} %" for c, weight in enumerate(found.mixture.weights)
    ]


def test_bars_are_as_narrow_as_clusters() -> None:
    """Many narrow clusters are not hidden in wide bars."""
    centres = np.arange(0, 90, 10.0)
    values = (centres + np.random.default_rng(0).normal(0, 0.5, (200, 9))).ravel()
    mixture = Mixture(np.full(9, 1 / 9), centres[:, None], np.full((9, 1, 1), 0.25))
    figure = histogram(values, None, mixture)
    widths = _widths(figure.axes[0])
    assert max(widths) <= 1.1


def test_profiles_show_each_cluster() -> None:
    """A panel for each cluster with its share and rows, and the mean drawn as it is."""
    rows, kinds = day_profiles(100)
    means = np.stack([rows[kinds == c].mean(axis=0) for c in range(3)])
    shares = np.bincount(kinds) / 100
    figure = profiles(rows, kinds, means, shares, [str(hour) for hour in range(24)])
    assert len(figure.axes) == 3
    for c, axes in enumerate(figure.axes):
        assert f"cluster {c}: {100 * shares[c]:.0f} %" in texts(axes)
        assert any(np.array_equal(line.get_ydata(), means[c]) for line in axes.lines)


def test_profiles_of_unlike_columns_are_standardised() -> None:
    """Columns of very different spread are shown each in its own."""
    rows = blobs(8) * np.logspace(0, 4, 8)
    figure = picture(gmmseg.table(rows, 2, covariance="diag"))
    assert any("sd from the mean" in text for text in texts(figure))
    assert np.abs(figure.axes[0].get_ylim()).max() < 10


def test_topics_show_words() -> None:
    """Each cluster of documents shows the words that it stands out by, the first one longest."""
    corpus = made_corpus(documents=400, words=300, topics=4)
    found = gmmseg.table(corpus.rows, 4, names=corpus.names)
    figure = picture(found)
    assert len(figure.axes) == 4
    for c, axes in enumerate(figure.axes):
        widths = _widths(axes)
        assert widths == sorted(widths, reverse=True)
        first = found.table()[c]["top"][0]
        assert axes.get_yticklabels()[0].get_text() == first["column"]
        assert widths[0] == pytest.approx(first["mean"] - first["usual"], rel=1e-5)


def test_odd_names_and_many_clusters() -> None:
    """Formulas, signs that no font has and long names are drawn as they stand; forty clusters fit."""
    names = ["$x^2$", "\N{CJK UNIFIED IDEOGRAPH-4E2D}", "a name that goes on and on and on", "x", "y", "z", "w"]
    raster(picture(gmmseg.table(blobs(7), 2, covariance="diag", names=names)))
    raster(picture(gmmseg.table(blobs(3), 2, names=names[:3])))
    random = np.random.default_rng(0)
    labels = np.arange(300) % 50
    figure = profiles(
        random.normal(size=(300, 9)), labels, random.normal(size=(50, 9)), np.full(50, 0.02), list("abcdefghi")
    )
    assert len(figure.axes) == 40
    raster(figure)


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    """A picture is the same file every time, in every format."""
    from gmmseg.figures.plots import write_figure

    found = gmmseg.table(blobs(3), 2)
    for name in ("a", "b"):
        write_figure(picture(found), tmp_path / f"{name}.{suffix}")
    assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


def test_saved_picture(tmp_path: Path) -> None:
    """The picture is saved among the other outputs."""
    (path,) = gmmseg.table(blobs(2), 2).save(tmp_path, "picture")
    with Image.open(path) as image:
        assert min(image.size) > 300


def test_bad_arrays() -> None:
    """What does not fit together is refused."""
    mixture = gmmseg.table(blobs(3), 2).mixture
    with pytest.raises(InputError, match="columns"):
        pairs(blobs(4), np.ones((100, 2)), mixture, "abcd")
    with pytest.raises(InputError, match="means"):
        profiles(blobs(3), np.zeros(100, int), np.zeros((1, 4)), [1.0], "abcd")
    with pytest.raises(InputError, match="height"):
        topics([["a"]], [[1.0, 2.0]], [1.0], [3])
