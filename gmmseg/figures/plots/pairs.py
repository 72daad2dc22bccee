"""A table of a few columns: every pair of them from above, and each by itself on the diagonal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.errors import InputError
from gmmseg.figures.arguments import colors_of
from gmmseg.figures.palette import distinct_colors
from gmmseg.figures.plots.curves import histogram_panel
from gmmseg.figures.plots.ellipses import projected
from gmmseg.figures.plots.legend import name_clusters
from gmmseg.figures.plots.points import mixed_colours
from gmmseg.figures.plots.scatter import Window, scatter_panel
from gmmseg.figures.plots.style import dress, sheet, styled
from gmmseg.mixture import Mixture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 6  # columns
_SIDE = 1.75  # inches
_LENGTH = 22  # signs of a column's name


@styled()
def pairs(
    rows: ArrayLike,
    shares: ArrayLike,
    mixture: Mixture,
    names: Sequence[str],
    colours: ArrayLike | None = None,
) -> Figure:
    """Draw a mixture of three to six columns: scatters with ellipses below the diagonal, histograms on it.

    Parameters
    ----------
    rows : (n, d)
    shares : (n, k) floating
        Responsibilities.
    mixture : Mixture
    names : sequence of d str
        Of the columns.
    colours : (k, 3) uint8, optional
        `distinct_colors` by default.

    Returns
    -------
    Figure
    """
    places = np.asarray(rows, np.float64)
    d = mixture.d
    if places.ndim != 2 or places.shape[1] != d or not 2 <= d <= MOST:
        raise InputError(f"expected rows of 2 to {MOST} columns, as many as the mixture has; got {places.shape}")
    palette = distinct_colors(mixture.k) if colours is None else colors_of(colours, mixture.k)
    paint = mixed_colours(np.asarray(shares), palette)
    titles = [name if len(name) <= _LENGTH else name[: _LENGTH - 1] + "…" for name in names]
    figure, panels = sheet(d, d, (_SIDE, _SIDE), gap=(0.14, 0.14), margins=(0.66, 0.52, 0.14, 0.24))
    axis = np.eye(d)
    for i, line in enumerate(panels):
        for j, axes in enumerate(line):
            if j > i:
                axes.set_axis_off()
                continue
            window = Window.around(places[:, [j, i]])
            if i == j:
                histogram_panel(axes, places[:, i], projected(mixture, axis[[i]], np.zeros(1)), shares, palette)
            else:
                seen = projected(mixture, axis[[j, i]], np.zeros(2))
                scatter_panel(axes, places[:, [j, i]], window, seen, palette, paint)
            axes.set_xlim(window.left, window.right)
            dress(axes, "", titles[j] if i == d - 1 else "", titles[i] if j == 0 and i else "")
            axes.tick_params(labelbottom=i == d - 1, labelleft=j == 0 and i > 0)
            if i == j:  # densities have units of their own
                axes.tick_params(left=False)
                axes.spines["left"].set_visible(False)
    name_clusters(figure, mixture.weights, palette)
    return figure
