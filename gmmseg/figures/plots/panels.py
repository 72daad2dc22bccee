"""One stage of a lesson on one panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from gmmseg.figures.arguments import Bytes
from gmmseg.figures.few_colours import few_colours
from gmmseg.figures.plots.curves import bar_edges, bar_heights, histogram_panel
from gmmseg.figures.plots.ellipses import draw_centres
from gmmseg.figures.plots.points import mixed_colours
from gmmseg.figures.plots.scatter import scatter_panel
from gmmseg.figures.plots.stages import Scene, Stage
from gmmseg.figures.plots.style import DPI, FRAME_DPI, GREY, SMALL, bare, dress, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = 32
_ROOM = 1.35  # how far above the highest bar curves are seen


def stage_panel(axes: Axes, scene: Scene, stage: Stage | None, title: str, *, named: bool) -> None:
    """Rows and what describes them; without a stage the rows alone, in their own colours.

    `named` panels have names and numbers along their axes; those beside them do without.
    """
    if scene.places.shape[1] == 1:
        _along(axes, scene, stage)
    else:
        _above(axes, scene, stage)
    names = (*scene.names, "density")[:2] if named else ("", "")
    dress(axes, title, *names)
    if not scene.measured:
        axes.set_xticks([])
        axes.set_yticks([])
    elif not named:
        axes.tick_params(labelleft=False)
    if stage is not None and stage.note:
        axes.set_title(plain(stage.note), loc="right", fontsize=SMALL, color=GREY, pad=5)


def picture_panel(axes: Axes, pixels: Bytes, interpolation: Literal["antialiased", "nearest"] = "antialiased") -> None:
    """A picture in its own proportions."""
    axes.imshow(pixels, interpolation=interpolation)
    bare(axes)
    axes.set_anchor("N")


def coarse_panel(axes: Axes, pixels: Bytes) -> None:
    """A picture in few colours: grain makes half of an animation, and few colours have little of it."""
    place = axes.get_window_extent()
    shrunk = FRAME_DPI / DPI
    size = round(place.width * shrunk), round(place.height * shrunk)
    picture_panel(axes, few_colours(pixels, _COLOURS, size), "nearest")


def _along(axes: Axes, scene: Scene, stage: Stage | None) -> None:
    values = scene.places[:, 0]
    edges = bar_edges(values)
    top = _ROOM * float(bar_heights(values, edges).max())
    if stage is None:
        histogram_panel(axes, values, None, None, scene.colours, edges=edges, top=top)
        return
    histogram_panel(axes, values, stage.mixture, stage.shares, scene.colours, edges=edges, top=top)
    if stage.centres is not None:
        for centre, colour in zip(stage.centres[:, 0], scene.colours / 255, strict=False):
            axes.plot([centre, centre], [0, 0.9 * top], color=tuple(colour), linewidth=1.4, linestyle=(0, (4, 2)))
        marks = np.column_stack([stage.centres[:, 0], np.full(len(stage.centres), 0.9 * top)])
        draw_centres(axes, marks, scene.colours[: len(marks)])


def _above(axes: Axes, scene: Scene, stage: Stage | None) -> None:
    window = scene.window
    if stage is None:
        scatter_panel(axes, scene.places, window, None, scene.colours, scene.own)
        return
    if stage.ground is not None:
        extent = (window.left, window.right, window.bottom, window.top)
        axes.imshow(stage.ground, extent=extent, aspect="auto", interpolation="bilinear", zorder=0)
    colours = scene.colours[: stage.shares.shape[1]]
    scatter_panel(axes, scene.places, window, stage.mixture, colours, mixed_colours(stage.shares, colours))
    if stage.centres is not None:
        draw_centres(axes, stage.centres, colours)
