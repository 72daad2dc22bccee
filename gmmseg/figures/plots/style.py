"""How every plot looks: one font, greys, thin spines; by matplotlib's objects, whose settings are not left changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#222222"
GREY = "#6b6b6b"
FAINT = "#dcdcdc"
PAPER = "#ffffff"
DPI = 144  # of what becomes pixels: 2 a point, as screens have them
FRAME_DPI = 96  # of what moves …
CROWDED_DPI = 90  # … and has many panels, so that an animation can be sent
SMALL, PLAIN = 7.5, 9.0  # points

_LOCK = RLock()  # matplotlib's settings are the process's own
_WITHIN: list[bool] = []  # whether the thread that has the lock has set them
_SETTINGS: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so it is there on every machine, and has Greek
    "font.size": PLAIN,
    "axes.unicode_minus": True,
    "figure.dpi": DPI,
    "svg.hashsalt": "gmmseg",  # names of clip paths and marks are drawn by lot otherwise
    "path.simplify": False,
}
# The settings that reach what is drawn; others, as of windows and back ends, are the user's business.
_DRAWN = {
    *("agg", "axes", "figure", "font", "hatch", "image", "legend", "lines", "markers", "mathtext", "patch", "path"),
    *("pdf", "savefig", "scatter", "svg", "text", "xaxis", "xtick", "yaxis", "ytick"),
}


@contextmanager
def styled() -> Iterator[None]:
    """A block, or a decorated function, in which plots are drawn alike whatever the user's settings are.

    One thread at a time draws; the others wait.
    """
    import matplotlib as mpl

    with _LOCK:
        if _WITHIN:  # settings are set once, which takes as long as drawing a small panel
            yield
            return
        _WITHIN.append(True)
        try:
            with mpl.rc_context():
                for name, value in _settings().items():
                    mpl.rcParams[name] = value
                yield
        finally:
            _WITHIN.clear()


@cache
def _settings() -> dict[Any, Any]:
    import matplotlib as mpl

    default: dict[Any, Any] = dict(mpl.rcParamsDefault)
    return {name: default[name] for name in default if name.partition(".")[0] in _DRAWN} | _SETTINGS


def sheet(
    rows: int,
    columns: int,
    panel: tuple[float, float] = (2.4, 2.4),
    *,
    heights: Sequence[float] | None = None,
    gap: tuple[float, float] = (0.62, 0.72),
    margins: tuple[float, float, float, float] = (0.62, 0.52, 0.18, 0.36),
) -> tuple[Figure, list[list[Axes]]]:
    """A white sheet with panels in rows and columns, all lengths in inches; call it within `styled`.

    Parameters
    ----------
    rows, columns : int
    panel : (float, float)
        Width and height of each.
    heights : sequence of float, optional
        Of the rows, where they are not all alike.
    gap : (float, float)
        Between panels, across and down; the usual ones have room for labels and titles.
    margins : (float, float, float, float)
        Left, below, right and above.

    Returns
    -------
    figure : Figure
    panels : list of rows of Axes
    """
    left, below, right, above = margins
    tall = [panel[1]] * rows if heights is None else list(heights)
    height = above + sum(tall) + (rows - 1) * gap[1] + below
    figure = blank(left + columns * panel[0] + (columns - 1) * gap[0] + right, height)
    panels = []
    for row in range(rows):
        top = above + sum(tall[:row]) + row * gap[1]
        begins = [left + column * (panel[0] + gap[0]) for column in range(columns)]
        panels.append([placed(figure, begin, top, panel[0], tall[row]) for begin in begins])
    return figure, panels


def blank(width: float, height: float) -> Figure:
    """An empty white figure of so many inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=DPI, facecolor=PAPER)


def placed(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """A panel at so many inches from the figure's left and top."""
    across, down = figure.get_size_inches()
    return figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))


def dress(axes: Axes, title: str = "", across: str = "", up: str = "") -> None:
    """Thin grey spines left and below, small ticks, a title at the left; texts are taken as they are."""
    from matplotlib.ticker import MaxNLocator, ScalarFormatter

    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set(color=GREY, linewidth=0.6)
    axes.tick_params(colors=GREY, width=0.6, length=2.5, labelsize=SMALL, pad=2)
    for axis in (axes.xaxis, axes.yaxis):
        if axis.get_scale() == "linear":
            axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
            formatter = axis.get_major_formatter()
            if isinstance(formatter, ScalarFormatter):
                formatter.set_useOffset(False)
    axes.set_title(plain(title), loc="left", fontsize=PLAIN, color=INK, pad=5)
    axes.set_xlabel(plain(across), fontsize=SMALL + 0.5, color=INK, labelpad=2)
    axes.set_ylabel(plain(up), fontsize=SMALL + 0.5, color=INK, labelpad=2)


def bare(axes: Axes, title: str = "") -> None:
    """No ticks and no spines, as around a picture."""
    dress(axes, title)
    axes.set_axis_off()
    axes.title.set_visible(True)


def plain(text: str) -> str:
    """Text that matplotlib draws sign by sign: no formulas between $, and a box for what the font lacks."""
    known = _signs()
    seen = "".join(sign if ord(sign) in known or sign == "\n" else "\N{WHITE SQUARE}" for sign in text)
    return seen.replace("$", r"\$")


@cache
def _signs() -> frozenset[int]:
    from matplotlib.font_manager import findfont
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(findfont("DejaVu Sans")).get_charmap())
