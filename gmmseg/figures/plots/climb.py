"""How the likelihood climbs from step to step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gmmseg.figures.plots.style import FAINT, GREY, INK, PAPER, SMALL, dress

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LONG = (
    60  # steps beyond which the first ones would be a wall: then the axis is asinh, at first even and later logarithmic
)
_STRAIGHT = 10.0  # steps that are about evenly spaced even then
_LEAST = 1e-3  # nats a row that the axis spans in any case: less is rounding
_LEAP = 4.0  # times the rest of the way
_MARGIN = 0.06  # of the range, above and below
_FEW = 40  # steps that have a dot each


def climb_panel(
    axes: Axes,
    trace: Sequence[float],
    at: int | None = None,
    title: str = "",
    up: str = "log-likelihood a row",
    *,
    marked: Sequence[int] = (),
) -> None:
    """The log-likelihood against the number of steps, and a dot where EM is at present.

    Parameters
    ----------
    axes : Axes
    trace : sequence of float
        A value for each number of steps, from 0.
    at : int, optional
        The present step: what comes after it is faint. None is the last.
    marked : sequence of int
        Steps that have a mark, as those that are drawn elsewhere.
    """
    from matplotlib.ticker import MaxNLocator

    steps = list(range(len(trace)))
    low, high = _range(trace)
    floor, ceiling = low - _MARGIN * (high - low), high + _MARGIN * (high - low)
    now = steps[-1] if at is None else at
    axes.plot(steps[now:], trace[now:], color=FAINT, linewidth=1.2, zorder=1)
    dots = "o" if len(trace) <= _FEW else ""
    done = slice(now + 1)
    axes.plot(steps[done], trace[done], color=GREY, linewidth=1.3, marker=dots, markersize=2.4, zorder=2)
    seen = [step for step in marked if floor <= trace[step] <= ceiling]
    axes.scatter(seen, [trace[step] for step in seen], s=16.0, c=INK, zorder=3, clip_on=False)
    here = min(max(trace[now], floor), ceiling)
    marker = "o" if here == trace[now] else "v" if here == floor else "^"
    axes.scatter([now], [here], s=42.0, c=INK, marker=marker, edgecolors=PAPER, linewidths=1.0, zorder=3, clip_on=False)
    if len(trace) > _LONG:
        axes.set_xscale("asinh", linear_width=_STRAIGHT)
    axes.set_ylim(floor, ceiling)
    if not floor <= trace[0] <= ceiling:
        _beyond(axes, trace[0], below=trace[0] < floor)
    axes.set_xlim(0 if len(trace) > 1 else -0.5, max(steps[-1], 1))
    dress(axes, title, "steps", up)
    if len(trace) > _LONG:
        ticks = [t for t in (0, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000) if t <= steps[-1]]
        axes.set_xticks(ticks, [str(t) for t in ticks])
        axes.minorticks_off()
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], integer=True))


def _range(trace: Sequence[float]) -> tuple[float, float]:
    """The least and the greatest that is shown: where the first step is a leap, the start is left out of sight."""
    later = trace[1:] or trace
    low, high = min(later), max(later)
    if max(trace) - min(trace) <= _LEAP * (high - low):
        low, high = min(trace), max(trace)
    missing = max(0.0, _LEAST - (high - low)) / 2
    return low - missing, high + missing


def _beyond(axes: Axes, value: float, *, below: bool) -> None:
    """Say where the start is, which is out of sight."""
    axes.text(
        0.97,
        0.02 if below else 0.98,
        f"{'↓' if below else '↑'} start {value:.2f}".replace("-", "−"),
        transform=axes.transAxes,
        ha="right",
        va="bottom" if below else "top",
        fontsize=SMALL,
        color=GREY,
    )


def numbers_at_right(axes: Axes) -> None:
    """Move a panel's vertical numbers and their name to the right, where there is room beside other panels."""
    axes.yaxis.tick_right()
    axes.yaxis.set_label_position("right")
    axes.spines["left"].set_visible(False)
    axes.spines["right"].set(visible=True, color=GREY, linewidth=0.6)
