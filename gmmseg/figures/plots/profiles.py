"""A table of many columns in order: each cluster's course along them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arrays import Doubles, Labels
from gmmseg.errors import InputError
from gmmseg.figures.arguments import colors_of
from gmmseg.figures.palette import distinct_colors
from gmmseg.figures.plots.style import FAINT, GREY, SMALL, dress, plain, sheet, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ACROSS = 4  # panels side by side
MOST = 40  # clusters that are drawn
_LINES = 40  # members that are drawn
_TICKS, _SLANTED = 9, 14  # names of columns along a panel
_LEVEL = 3  # signs of names that are not slanted
_LENGTH = 10  # signs of one
_PANEL = (2.6, 1.75)
_UNLIKE = 20.0  # the widest column's spread by the narrowest's, beyond which each is shown in its own


@styled()
def profiles(
    rows: ArrayLike,
    labels: ArrayLike,
    means: ArrayLike,
    shares: ArrayLike,
    names: Sequence[str],
    colours: ArrayLike | None = None,
) -> Figure:
    """Draw a panel for each cluster: its mean, the band that 80 of 100 members keep to, and some members.

    Parameters
    ----------
    rows : (n, d)
    labels : (n,) int
        The cluster of each row.
    means : (k, d)
    shares : (k,)
        Of the clusters.
    names : sequence of d str
        Of the columns.
    colours : (k, 3) uint8, optional
        `distinct_colors` by default.

    Returns
    -------
    Figure
    """
    values, own, centres = np.asarray(rows, np.float64), np.asarray(labels), np.asarray(means, np.float64)
    k, d = centres.shape
    if values.ndim != 2 or values.shape[1] != d or own.shape != (len(values),) or len(names) != d:
        raise InputError(f"expected rows, labels and names for means of shape ({k}, {d}); got {values.shape}")
    palette = distinct_colors(k) if colours is None else colors_of(colours, k)
    parts = np.asarray(shares, np.float64)
    spread = values.std(axis=0)
    moving = spread[spread > 0]
    unlike = moving.size > 0 and float(moving.max()) > _UNLIKE * float(moving.min())
    if unlike:
        unit, origin = np.where(spread > 0, spread, 1), values.mean(axis=0)
        values, centres = (values - origin) / unit, (centres - origin) / unit
    drawn = min(k, MOST)
    across = min(_ACROSS, drawn) if drawn != 4 else 2
    down = -(-drawn // across)
    longest = min(max(map(len, names)), _LENGTH)
    slanted = longest > _LEVEL
    figure, panels = sheet(
        down,
        across,
        _PANEL,
        gap=(0.36 if slanted else 0.2, 0.42),
        margins=(0.66, 0.3 + 0.042 * longest if slanted else 0.34, 0.16, 0.3),
    )
    bottom, top = _reach(values, own, centres)
    for c in range(down * across):
        axes = panels[c // across][c % across]
        if c >= drawn:
            axes.set_axis_off()
            continue
        members = values[own == c]
        _course(axes, members, centres[c], tuple(palette[c] / 255))
        axes.set_xlim(-0.4 if d < 12 else 0, d - 0.6 if d < 12 else d - 1)
        axes.set_ylim(bottom, top)
        dress(axes, f"cluster {c}: {100 * parts[c]:.0f} %")
        axes.set_title(_rows(len(members)), loc="right", fontsize=SMALL, color=GREY, pad=5)
        last = c + across >= drawn
        _name_columns(axes, names, named=last)
        axes.tick_params(labelleft=c % across == 0)
        if c % across == 0 and unlike:
            axes.set_ylabel("sd from the mean", fontsize=SMALL)
    return figure


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _reach(values: Doubles, labels: Labels, centres: Doubles) -> tuple[float, float]:
    """What all panels show: the middle of nearly all rows, and the means."""
    used = values[labels >= 0]
    low, high = np.percentile(used, [0.2, 99.8]) if used.size else (0.0, 1.0)
    low, high = min(float(low), float(centres.min())), max(float(high), float(centres.max()))
    margin = 0.06 * (high - low) or 1.0
    return low - margin, high + margin


def _course(axes: Axes, members: Doubles, mean: Doubles, colour: tuple[float, ...]) -> None:
    places = np.arange(len(mean))
    if len(members):
        step = -(-len(members) // _LINES)
        some = members[::step]
        axes.plot(places, some.T, color=colour, alpha=0.16, linewidth=0.5, zorder=2)
        if len(members) > 2:
            low, high = np.percentile(members, [10, 90], axis=0)
            axes.fill_between(places, low, high, color=colour, alpha=0.24, linewidth=0, zorder=1)
    halo: dict[str, Any] = {"solid_capstyle": "round", "solid_joinstyle": "round"}
    axes.plot(places, mean, color="white", linewidth=3.4, alpha=0.85, zorder=3, **halo)
    axes.plot(places, mean, color=colour, linewidth=1.8, zorder=4, **halo)
    axes.grid(axis="y", color=FAINT, linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)


def _name_columns(axes: Axes, names: Sequence[str], *, named: bool) -> None:
    """Some of the columns' names; slanted where they would meet."""
    d = len(names)
    short = [name if len(name) <= _LENGTH else name[: _LENGTH - 1] + "…" for name in names]
    slanted = max(map(len, names)) > _LEVEL
    places = list(range(0, d, -(-d // (_SLANTED if slanted else _TICKS))))
    axes.set_xticks(places)
    texts = [plain(short[place]) for place in places] if named else []
    if slanted:
        axes.set_xticklabels(texts or [""] * len(places), rotation=40, ha="right", rotation_mode="anchor")
    else:
        axes.set_xticklabels(texts or [""] * len(places))
