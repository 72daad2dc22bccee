"""Plots of rows and mixtures."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.patches import Ellipse

from gmmseg import FileError, InputError
from gmmseg.arrays import Doubles
from gmmseg.figures import distinct_colors
from gmmseg.figures.few_colours import few_colours
from gmmseg.figures.mosaic import mosaic
from gmmseg.figures.perception import oklab
from gmmseg.figures.plots import (
    Window,
    climb_panel,
    histogram_panel,
    mixed_colours,
    raster,
    scatter,
    sheet,
    styled,
    write_figure,
)
from gmmseg.figures.plots.curves import bar_edges, component_curves
from gmmseg.figures.plots.ellipses import projected
from gmmseg.figures.plots.style import plain
from gmmseg.mixture import Mixture


@pytest.fixture(scope="module")
def oval() -> Mixture:
    """Two oval components in a plane."""
    return Mixture(
        np.array([0.6, 0.4]),
        np.array([[0.0, 0.0], [6.0, 2.0]]),
        np.array([[[3.0, 1.5], [1.5, 1.0]], [[0.5, -0.2], [-0.2, 2.0]]]),
    )


@pytest.fixture(scope="module")
def places(oval: Mixture) -> Doubles:
    """Rows of the oval components."""
    return oval.sample(200, 1)[0]


def drawn(oval: Mixture, places: Doubles, suffix: str) -> bytes:
    file = io.BytesIO()
    figure = scatter(places, oval.responsibilities(places), oval, ("width", "height"))
    write_figure(figure, file, suffix)
    return file.getvalue()


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_same_figure_same_bytes(oval: Mixture, places: Doubles, suffix: str) -> None:
    """A figure has the same bytes whenever it is drawn, whatever the user's settings of matplotlib are."""
    plain_bytes = drawn(oval, places, suffix)
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "red", "svg.fonttype": "none", "savefig.dpi": 33}):
        assert drawn(oval, places, suffix) == plain_bytes
    assert b"atplotlib v" not in plain_bytes


def test_settings_are_left_as_they_were(oval: Mixture, places: Doubles) -> None:
    """Drawing changes no setting of matplotlib, and uses nothing of pyplot."""
    before = dict(mpl.rcParams)
    drawn(oval, places, ".svg")
    assert dict(mpl.rcParams) == before


def test_threads_draw_alike(oval: Mixture, places: Doubles) -> None:
    """Figures drawn in several threads at once are those drawn one after another."""
    alone = drawn(oval, places, ".svg")
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(drawn(oval, places, ".svg"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 3


def test_a_figure_is_written_by_its_suffix(oval: Mixture, places: Doubles, tmp_path: Path) -> None:
    """The suffix says what is written; others are refused, and a place that is none leaves nothing."""
    figure = scatter(places, None, oval)
    write_figure(figure, tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_bytes().startswith(b"<?xml")
    write_figure(figure, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InputError, match="suffix"):
        write_figure(figure, tmp_path / "a.gif")
    with pytest.raises(InputError, match="suffix"):
        write_figure(figure, io.BytesIO())
    with pytest.raises(FileError):
        write_figure(figure, tmp_path / "missing" / "a.svg")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "a.svg"]


def test_raster_is_the_picture(oval: Mixture, places: Doubles) -> None:
    """A figure as pixels is white around the panel and has all the components' colours in it."""
    pixels = raster(scatter(places, oval.responsibilities(places), oval))
    assert pixels.dtype == np.uint8
    assert (pixels[0] == 255).all()
    seen = {tuple(pixel) for pixel in pixels.reshape(-1, 3)}
    assert all(tuple(color) in seen for color in distinct_colors(2))


def test_mixed_colours_are_between() -> None:
    """A row of one component has its colour; a shared one lies on the way between, as far as it is shared."""
    palette = distinct_colors(3)
    np.testing.assert_array_equal(mixed_colours(np.eye(3), palette), palette)
    half = mixed_colours(np.array([[0.5, 0.5, 0.0]]), palette)
    np.testing.assert_allclose(oklab(half)[0], oklab(palette[:2]).mean(axis=0), atol=0.01)
    for wrong in (np.ones((4, 2)), np.ones((4, 3), int), np.ones(3)):
        with pytest.raises(InputError, match="shares"):
            mixed_colours(wrong, palette)


def test_ellipses_are_standard_deviations(oval: Mixture, places: Doubles) -> None:
    """Each component has ellipses of one and two standard deviations about its mean, along its own axes."""
    (axes,) = scatter(places, oval.responsibilities(places), oval).axes
    ellipses = [patch for patch in axes.patches if isinstance(patch, Ellipse)]
    assert len(ellipses) == 4
    for number, ellipse in enumerate(ellipses):
        c, deviations = number // 2, 2 - number % 2
        np.testing.assert_allclose(ellipse.get_center(), oval.means[c])
        t = np.radians(ellipse.angle)
        turn = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
        half = np.array([ellipse.width, ellipse.height]) / 2 / deviations
        np.testing.assert_allclose(turn @ np.diag(half**2) @ turn.T, oval.covariances[c], atol=1e-12)


def test_projected_is_the_mixture_of_projected_rows(truth: Mixture, rows: Doubles) -> None:
    """Projecting a mixture and projecting its rows agree in density along one direction."""
    directions, offset = np.array([[0.6, 0.8, 0.0]]), np.array([2.0])
    seen = projected(truth, directions, offset)
    moments = rows @ directions.T + offset
    assert seen.d == 1
    np.testing.assert_allclose(seen.weights @ seen.means[:, 0], moments.mean(), atol=0.2)
    second = seen.weights @ (seen.covariances[:, 0, 0] + seen.means[:, 0] ** 2)
    np.testing.assert_allclose(second, (moments**2).mean(), rtol=0.03)


def test_curves_have_the_weights_as_areas() -> None:
    """The area under a component's curve is its weight."""
    mixture = Mixture(np.array([0.3, 0.7]), np.array([[0.0], [5.0]]), np.array([[1.0], [4.0]]), "diag")
    grid = np.linspace(-20, 30, 20001)
    np.testing.assert_allclose(np.trapezoid(component_curves(mixture, grid), grid, axis=0), mixture.weights, rtol=1e-6)


@pytest.mark.parametrize(
    "values",
    [
        np.arange(101.0),
        np.random.default_rng(0).normal(size=500),
        np.full(9, 3.0),
        np.array([1.0]),
        np.array([0.0, 1.0]),
        np.array([0.0, 1e9]),
        np.repeat([0.0, 7.0], 50),
    ],
    ids=["marks", "normal", "constant", "single", "binary", "far", "two"],
)
def test_bars_hold_all_values(values: Doubles) -> None:
    """Bars are evenly wide, hold every value, and are neither too few nor too many."""
    edges = bar_edges(values)
    assert edges[0] <= values.min()
    assert values.max() <= edges[-1]
    np.testing.assert_allclose(np.diff(edges), edges[1] - edges[0])
    assert 1 <= len(edges) - 1 <= 62
    if (values == np.rint(values)).all() and len(np.unique(values)) > 2:
        assert (edges[1] - edges[0]) % 1 == 0


def test_panels_draw_what_they_can(oval: Mixture, rows: Doubles) -> None:
    """Panels take rows without a mixture, a trace of one value, and refuse mixtures of other dimensions."""
    with styled():
        figure, [[first, second]] = sheet(1, 2)
        histogram_panel(first, rows[:, 0], None, None, distinct_colors(1))
        climb_panel(second, [-3.0])
        with pytest.raises(InputError, match="one dimension"):
            histogram_panel(first, rows[:, 0], oval, None, distinct_colors(2))
        with pytest.raises(InputError, match="values"):
            histogram_panel(first, rows, None, None, distinct_colors(2))
    raster(figure)
    with pytest.raises(InputError, match="rows of shape"):
        scatter(rows, None, None)


def test_a_leap_does_not_hide_the_climb() -> None:
    """Where the first step is a leap, the rest of the climb fills the panel, and the start is told."""
    trace = [-1000.0, -5.0, -4.5, -4.2, -4.1]
    with styled():
        _, [[axes]] = sheet(1, 1)
        climb_panel(axes, trace, 2)
    assert axes.get_ylim()[0] > -6
    assert [text.get_text() for text in axes.texts] == ["↓ start −1000.00"]


def test_text_is_taken_as_it_is() -> None:
    """Dollars are no formulas, and signs that the font lacks become boxes without a warning."""
    assert plain("a $x$ 中 µ") == r"a \$x\$ □ µ"


def test_window_of_degenerate_rows() -> None:
    """A window has sides of positive length even around one point, and equal ones if it is square."""
    window = Window.around(np.array([[5.0, 5.0]]))
    assert window.left < 5 < window.right
    assert window.bottom < 5 < window.top
    square = Window.around(np.array([[0.0, 0.0], [10.0, 1.0]]), square=True)
    assert square.right - square.left == pytest.approx(square.top - square.bottom)


def test_mosaic_begins_anew_with_each_group() -> None:
    """Tiles lie in the order given, and each group begins in a row of its own."""
    tiles = np.arange(5 * 24 * 24 * 3, dtype=np.uint64).astype(np.uint8).reshape(5, 24, 24, 3)
    sheet_of = mosaic(tiles, [0, 0, 0, 1, 1])
    np.testing.assert_array_equal(sheet_of[2:26, 2:26], tiles[0])
    found = [top for top in range(len(sheet_of) - 24) if (sheet_of[top : top + 24, 2:26] == tiles[3]).all()]
    assert len(found) == 1
    single = mosaic(np.full((1, 1, 1, 3), 9, np.uint8), [4])
    assert (single[2:-2, 2:-2] == 9).all()
    for wrong, groups in ((tiles, [1, 0, 0, 0, 0]), (tiles, [0]), (tiles[:0], []), (tiles[..., 0], [0] * 5)):
        with pytest.raises(InputError):
            mosaic(wrong, groups)


def test_few_colours_are_few_and_near() -> None:
    """A picture in few colours has no more than asked for, and looks alike."""
    ramp = np.linspace(0, 255, 100).astype(np.uint8)
    pixels = np.stack(np.meshgrid(ramp, ramp), -1)
    picture = np.concatenate([pixels, np.full((100, 100, 1), 90, np.uint8)], axis=2)
    small = few_colours(picture, 64, (50, 200))
    assert small.shape == (100, 50, 3)
    assert len(np.unique(small.reshape(-1, 3), axis=0)) <= 64
    assert np.abs(small.astype(int) - picture[:, ::2]).mean() < 20
    with pytest.raises(InputError, match="colours"):
        few_colours(picture, 1, (5, 5))
