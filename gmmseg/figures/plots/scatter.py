"""A mixture in two dimensions over its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arrays import Floats
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, colors_of
from gmmseg.figures.palette import distinct_colors
from gmmseg.figures.plots.ellipses import draw_ellipses
from gmmseg.figures.plots.points import draw_points, mixed_colours
from gmmseg.figures.plots.style import dress, sheet, styled
from gmmseg.mixture import Mixture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARGIN = 0.07  # of the rows' spread, around them


@dataclass(frozen=True)
class Window:
    """The part of the plane that a panel shows."""

    left: float
    right: float
    bottom: float
    top: float

    @classmethod
    def around(cls, places: Floats, *, square: bool = False) -> Window:
        """All places : (n, 2) and a margin; `square` makes both sides equally long, so that angles are seen."""
        low, high = places.min(axis=0).astype(np.float64), places.max(axis=0).astype(np.float64)
        spread = high - low
        if square:
            spread = np.full(2, spread.max())
        spread = np.where(spread > 0, spread, np.maximum(np.abs(high), 1.0))
        half, middle = (0.5 + _MARGIN) * spread, (low + high) / 2
        return cls(
            float(middle[0] - half[0]),
            float(middle[0] + half[0]),
            float(middle[1] - half[1]),
            float(middle[1] + half[1]),
        )


def scatter_panel(
    axes: Axes, places: Floats, window: Window, mixture: Mixture | None, colours: Bytes, paint: Bytes | None
) -> None:
    """Points in their colours, and a mixture's ellipses over them.

    Parameters
    ----------
    axes : Axes
    places : (n, 2)
    window : Window
    mixture : Mixture or None
        With d = 2; None draws points alone.
    colours : (k, 3) uint8
        Of the components.
    paint : (n, 3) uint8 or None
        Of the points, such as `mixed_colours` gives; None is grey.
    """
    draw_points(axes, places, paint)
    if mixture is not None:
        draw_ellipses(axes, mixture, colours)
    axes.set_xlim(window.left, window.right)
    axes.set_ylim(window.bottom, window.top)


@styled()
def scatter(
    rows: ArrayLike,
    shares: ArrayLike | None,
    mixture: Mixture | None,
    names: Sequence[str] = ("", ""),
    colours: ArrayLike | None = None,
) -> Figure:
    """Draw a mixture of two columns from above: rows in mixed colours, ellipses of 1 and 2 standard deviations.

    Parameters
    ----------
    rows : (n, 2)
    shares : (n, k) floating or None
        Responsibilities; None draws the rows grey.
    mixture : Mixture or None
        With d = 2.
    names : sequence of 2 str
        Of the columns.
    colours : (k, 3) uint8, optional
        Of the components; `distinct_colors` by default.

    Returns
    -------
    Figure
    """
    places = np.asarray(rows)
    if places.ndim != 2 or places.shape[1] != 2 or places.size == 0:
        raise InputError(f"expected rows of shape (n, 2) to draw from above; got {places.shape}")
    k = mixture.k if mixture is not None else 1 if shares is None else np.shape(shares)[1]
    palette = distinct_colors(k) if colours is None else colors_of(colours, k)
    figure, [[axes]] = sheet(1, 1, (4.2, 4.2))
    paint = None if shares is None else mixed_colours(shares, palette[:k])
    scatter_panel(axes, places, Window.around(places), mixture, palette, paint)
    dress(axes, "", *names)
    return figure
