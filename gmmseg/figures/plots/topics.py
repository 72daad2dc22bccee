"""A table of thousands of columns, such as words: what each cluster stands out by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.errors import InputError
from gmmseg.figures.arguments import colors_of
from gmmseg.figures.palette import distinct_colors
from gmmseg.figures.plots.style import FAINT, GREY, INK, SMALL, dress, plain, sheet, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ACROSS = 5  # panels side by side
MOST = 40  # clusters that are drawn
_LENGTH = 16  # signs of a name
_LINE = 0.148  # inches a bar
_WIDE = 1.35  # inches the longest


@styled()
def topics(
    names: Sequence[Sequence[str]],
    heights: Sequence[ArrayLike],
    shares: ArrayLike,
    counts: Sequence[int],
    across: str = "mean above the usual",
    colours: ArrayLike | None = None,
) -> Figure:
    """Draw a panel of horizontal bars for each cluster, the longest above.

    Parameters
    ----------
    names : sequence of k sequences of str
        What each cluster stands out by.
    heights : sequence of k arrays
        By how much, one for each name, none negative.
    shares : (k,)
        Of the clusters.
    counts : sequence of k int
        Rows of the clusters.
    across : str
        What bars measure.
    colours : (k, 3) uint8, optional
        `distinct_colors` by default.

    Returns
    -------
    Figure
    """
    parts = np.asarray(shares, np.float64)
    k = len(parts)
    bars = [np.asarray(height, np.float64) for height in heights]
    if not k or any(len(own) != len(height) for own, height in zip(names, bars, strict=True)):
        raise InputError("expected a height for each name of each cluster; got others")
    palette = distinct_colors(k) if colours is None else colors_of(colours, k)
    drawn = min(k, MOST)
    columns = min(_ACROSS, drawn)
    down = -(-drawn // columns)
    most = max(1, *(len(height) for height in bars))
    room = 0.22 + 0.068 * max((len(_short(name)) for own in names for name in own), default=1)
    figure, panels = sheet(down, columns, (_WIDE, _LINE * most + 0.1), gap=(room, 0.42), margins=(room, 0.5, 0.2, 0.3))
    longest = max((float(height.max(initial=0)) for height in bars), default=0.0) or 1.0
    for c in range(down * columns):
        axes = panels[c // columns][c % columns]
        if c >= drawn:
            axes.set_axis_off()
            continue
        height = bars[c]
        places = np.arange(len(height))
        colour = palette[c] / 255
        rim = tuple(0.75 * colour)  # for pale colours to stand out from paper
        axes.barh(places, height, height=0.72, color=tuple(colour), edgecolor=rim, linewidth=0.5, zorder=2)
        axes.set_ylim(most - 0.4, -0.6)
        axes.set_xlim(0, 1.04 * longest)
        dress(axes, f"{c}: {100 * parts[c]:.0f} %", across if c + columns >= drawn else "")
        axes.set_title(
            "1 row" if counts[c] == 1 else f"{counts[c]} rows", loc="right", fontsize=SMALL, color=GREY, pad=5
        )
        axes.set_yticks(places, [_short(name) for name in names[c]])
        axes.tick_params(axis="y", length=0, labelcolor=INK, labelsize=SMALL)
        axes.tick_params(labelbottom=c + columns >= drawn)
        axes.locator_params(axis="x", nbins=3)
        axes.grid(axis="x", color=FAINT, linewidth=0.5, zorder=0)
        axes.set_axisbelow(True)
    return figure


def _short(name: str) -> str:
    return plain(name if len(name) <= _LENGTH else name[: _LENGTH - 1] + "…")
