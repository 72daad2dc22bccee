"""A mixture in one dimension: a histogram of its rows, and the curves over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, colors_of
from gmmseg.figures.plots.points import mixed_colours
from gmmseg.figures.plots.style import GREY, INK, PAPER
from gmmseg.mixture import Mixture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FEWEST, _MANY, _MOST = 8, 24, 60  # bars: at least, at least of many values, at most
_LIGHT = 0.5  # opacity of bars, for curves to stand out
_MARGIN = 0.04  # of the bars' spread, around them
_FINE = 400  # places at which a curve is drawn


def histogram_panel(
    axes: Axes,
    values: ArrayLike,
    mixture: Mixture | None,
    shares: ArrayLike | None,
    colours: ArrayLike,
    *,
    edges: Doubles | None = None,
    top: float | None = None,
) -> None:
    """Bars of density in the mixed colour of the rows under them, each component's curve, and their sum.

    Parameters
    ----------
    axes : Axes
    values : (n,)
    mixture : Mixture or None
        With d = 1; None draws the bars alone.
    shares : (n, k) floating or None
        Responsibilities; None draws the bars grey.
    colours : (k, 3) uint8
    edges : (bars + 1,) float64, optional
        Where bars begin and end; `bar_edges` by default.
    top : float, optional
        The density at the panel's top; by default, all bars and curves are seen.
    """
    numbers = np.asarray(values, np.float64)
    if numbers.ndim != 1 or numbers.size == 0:
        raise InputError(f"expected values of shape (n,); got {numbers.shape}")
    if mixture is not None and mixture.d != 1:
        raise InputError(f"expected a mixture in one dimension; got {mixture.d}")
    palette = colors_of(colours)
    edges = bar_edges(numbers) if edges is None else edges
    beyond = _MARGIN * (edges[-1] - edges[0])
    left, right = float(edges[0] - beyond), float(edges[-1] + beyond)
    heights = bar_heights(numbers, edges)
    paint = GREY if shares is None else _mean_colours(numbers, np.asarray(shares), palette, edges) / 255
    axes.bar(
        edges[:-1], heights, np.diff(edges), align="edge", color=paint, alpha=_LIGHT, edgecolor=PAPER, linewidth=0.5
    )
    highest = float(heights.max())
    if mixture is not None:
        places = np.linspace(left, right, _FINE)
        curves = component_curves(mixture, places)
        for curve, colour in zip(curves.T, palette / 255, strict=False):
            axes.plot(places, curve, color=PAPER, linewidth=3.0, alpha=0.8, zorder=3)
            axes.plot(places, curve, color=tuple(colour), linewidth=1.6, zorder=4)
        whole = curves.sum(axis=1)
        axes.plot(places, whole, color=INK, linewidth=1.0, zorder=2)
        highest = max(highest, float(whole.max()))
    axes.set_xlim(left, right)
    axes.set_ylim(0, 1.06 * highest if top is None else top)


def bar_edges(values: Doubles) -> Doubles:
    """Where the bars of a histogram begin and end, by Freedman and Diaconis' rule; whole numbers are kept apart."""
    low, high = float(values.min()), float(values.max())
    quarter, three = np.percentile(values, [25, 75])
    spread = high - low
    # The rule is for one hill; several are wider together than each is.
    fewest = np.clip(np.sqrt(values.size), _FEWEST, _MANY)
    width = 2 * (three - quarter) / np.cbrt(values.size) or spread / 20
    if spread == 0:
        return np.linspace(low - 0.5, high + 0.5, 2)
    width = float(np.clip(width, spread / _MOST, spread / fewest))
    if (values == np.rint(values)).all() and spread >= 2:
        # A bar that held four whole numbers beside one that held five would show a step that is not there.
        width = max(1.0, float(np.rint(width)))
        bars = int(np.ceil((spread + 1) / width))
        edges: Doubles = low - 0.5 + width * np.arange(bars + 1, dtype=np.float64)
        return edges
    return np.linspace(low, high, round(spread / width) + 1)


def bar_heights(values: Doubles, edges: Doubles) -> Doubles:
    """The density in each bar : (bars,) float64."""
    counts, _ = np.histogram(values, edges)
    heights: Doubles = counts / (values.size * np.diff(edges))
    return heights


def component_curves(mixture: Mixture, places: Doubles) -> Doubles:
    """π_c N(x | μ_c, σ_c²) at each place : (n, k) float64."""
    variances = mixture.family.matrices(mixture.covariances, mixture.k, 1)[:, 0, 0]
    apart = (places[:, None] - mixture.means[:, 0]) ** 2 / variances
    curves: Doubles = mixture.weights * np.exp(-apart / 2) / np.sqrt(2 * np.pi * variances)
    return curves


def _mean_colours(values: Doubles, shares: Doubles, palette: Bytes, edges: Doubles) -> Bytes:
    bars = np.clip(np.searchsorted(edges, values, "right") - 1, 0, len(edges) - 2)
    sums = np.zeros((len(edges) - 1, shares.shape[1]))
    np.add.at(sums, bars, shares)
    totals = sums.sum(axis=1, keepdims=True)
    return mixed_colours(np.divide(sums, totals, out=np.zeros_like(sums), where=totals > 0), palette[: sums.shape[1]])
