"""A table of one column: its histogram under the curves of the clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arrays import Doubles
from gmmseg.figures.arguments import Bytes, colors_of
from gmmseg.figures.palette import distinct_colors
from gmmseg.figures.plots.curves import bar_edges, component_curves, histogram_panel
from gmmseg.figures.plots.style import PAPER, PLAIN, SMALL, dress, plain, sheet, styled
from gmmseg.mixture import Mixture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SOFT = 0.22  # opacity under a curve
_FINE = 400
_BARS, _MOST = 0.8, 90  # a bar by the narrowest standard deviation, and bars at most
_APART = 0.09  # of the panel's width, between names that stand side by side


@styled()
def histogram(
    values: ArrayLike,
    shares: ArrayLike | None,
    mixture: Mixture,
    name: str = "",
    colours: ArrayLike | None = None,
) -> Figure:
    """Draw a mixture of one column: bars, each cluster's curve filled softly, their sum, and each cluster's share.

    Parameters
    ----------
    values : (n,)
    shares : (n, k) floating or None
        Responsibilities; None draws the bars grey.
    mixture : Mixture
        With d = 1.
    name : str
        Of the column.
    colours : (k, 3) uint8, optional
        `distinct_colors` by default.

    Returns
    -------
    Figure
    """
    palette = distinct_colors(mixture.k) if colours is None else colors_of(colours, mixture.k)
    figure, [[axes]] = sheet(1, 1, (5.6, 3.3), margins=(0.66, 0.52, 0.2, 0.2))
    numbers = np.asarray(values, np.float64)
    histogram_panel(axes, numbers, mixture, shares, palette, edges=_edges(numbers, mixture))
    left, right = axes.get_xlim()
    places = np.linspace(left, right, _FINE)
    curves = component_curves(mixture, places)
    for curve, colour in zip(curves.T, palette / 255, strict=True):
        axes.fill_between(places, curve, color=tuple(colour), alpha=_SOFT, linewidth=0, zorder=1)
    axes.set_ylim(0, 1.14 * axes.get_ylim()[1])
    _name_clusters(axes, mixture, curves.max(axis=0), palette)
    dress(axes, "", name, "density")
    return figure


def _edges(values: Doubles, mixture: Mixture) -> Doubles:
    """Bars narrow enough for the narrowest cluster to be seen, but no more than fit side by side."""
    edges = bar_edges(values)
    width, low, high = float(edges[1] - edges[0]), float(values.min()), float(values.max())
    narrow = max(_BARS * float(1 / mixture.factors.max()), (high - low) / _MOST)
    if narrow >= width:
        return edges
    if (values == np.rint(values)).all():
        narrow = max(1.0, float(np.rint(narrow)))
        whole: Doubles = low - 0.5 + narrow * np.arange(int(np.ceil((high - low + 1) / narrow)) + 1, dtype=np.float64)
        return whole
    return np.linspace(low, high, round((high - low) / narrow) + 1)


def _name_clusters(axes: Axes, mixture: Mixture, peaks: Doubles, palette: Bytes) -> None:
    """Number and share of each cluster over its peak, one above the other where they would meet."""
    from matplotlib.patheffects import Normal, Stroke

    left, right = axes.get_xlim()
    top = axes.get_ylim()[1]
    taken: list[tuple[float, float]] = []
    for c in np.argsort(mixture.means[:, 0], kind="stable"):
        across = float(np.clip((mixture.means[c, 0] - left) / (right - left), 0.04, 0.96))
        up = float(peaks[c] / top) + 0.03
        while any(abs(across - x) < _APART and abs(up - y) < 0.06 for x, y in taken):
            up += 0.06
        up = min(up, 0.97)
        taken.append((across, up))
        label = axes.text(
            across,
            up,
            plain(f"{c}: {100 * mixture.weights[c]:.0f} %"),
            transform=axes.transAxes,
            ha="center",
            va="bottom",
            fontsize=SMALL + 0.5 if mixture.k <= 8 else SMALL - 1,
            color=tuple(palette[c] / 255 * 0.72),
            fontweight="bold",
            zorder=6,
        )
        label.set_path_effects([Stroke(linewidth=PLAIN / 3, foreground=PAPER), Normal()])
