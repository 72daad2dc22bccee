"""Plots of rows and the mixtures that describe them, by matplotlib; and panels for sheets of other rooms."""

from __future__ import annotations

from gmmseg.figures.plots.climb import climb_panel
from gmmseg.figures.plots.curves import histogram_panel
from gmmseg.figures.plots.drawing import raster, write_figure
from gmmseg.figures.plots.ellipses import draw_ellipses
from gmmseg.figures.plots.points import draw_points, mixed_colours
from gmmseg.figures.plots.scatter import Window, scatter, scatter_panel
from gmmseg.figures.plots.style import sheet, styled

__all__ = [
    "Window",
    "climb_panel",
    "draw_ellipses",
    "draw_points",
    "histogram_panel",
    "mixed_colours",
    "raster",
    "scatter",
    "scatter_panel",
    "sheet",
    "styled",
    "write_figure",
]
