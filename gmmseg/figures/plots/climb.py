"""How the likelihood climbs from step to step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gmmseg.figures.plots.style import FAINT, GREY, INK, PAPER, dress

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LONG = (
    60  # steps beyond which the first ones would be a wall: then the axis is asinh, at first even and later logarithmic
)
_STRAIGHT = 10.0  # steps that are about evenly spaced even then
_LEAST = 1e-3  # nats a row that the axis spans in any case: less is rounding
_FEW = 40  # steps that have a dot each


def climb_panel(
    axes: Axes, trace: Sequence[float], at: int | None = None, title: str = "", up: str = "log-likelihood a row"
) -> None:
    """The log-likelihood against the number of steps, and a dot where EM is at present.

    Parameters
    ----------
    axes : Axes
    trace : sequence of float
        A value for each number of steps, from 0.
    at : int, optional
        The present step: what comes after it is faint. None is the last.
    """
    from matplotlib.ticker import MaxNLocator

    steps = list(range(len(trace)))
    now = steps[-1] if at is None else at
    axes.plot(steps[now:], trace[now:], color=FAINT, linewidth=1.2, zorder=1)
    few = len(trace) <= _FEW
    axes.plot(
        steps[: now + 1],
        trace[: now + 1],
        color=GREY,
        linewidth=1.3,
        marker="o" if few else "",
        markersize=2.4,
        zorder=2,
    )
    axes.scatter([now], [trace[now]], s=42.0, c=INK, edgecolors=PAPER, linewidths=1.0, zorder=3, clip_on=False)
    if len(trace) > _LONG:
        axes.set_xscale("asinh", linear_width=_STRAIGHT)
    low, high = min(trace), max(trace)
    margin = max(0.06 * (high - low), _LEAST / 2)
    axes.set_ylim(low - margin, high + margin)
    axes.set_xlim(0 if len(trace) > 1 else -0.5, max(steps[-1], 1))
    dress(axes, title, "steps", up)
    if len(trace) > _LONG:
        ticks = [t for t in (0, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000) if t <= steps[-1]]
        axes.set_xticks(ticks, [str(t) for t in ticks])
        axes.minorticks_off()
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], integer=True))
