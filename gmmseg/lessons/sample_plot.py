"""Rows that were drawn, with the mixture they came from: along a line, or in a plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gmmseg.arrays import Doubles, Labels
from gmmseg.figures import distinct_colors
from gmmseg.figures.plots.ellipses import projected
from gmmseg.figures.plots.panels import stage_panel
from gmmseg.figures.plots.stages import Scene, Stage
from gmmseg.figures.plots.style import sheet, styled
from gmmseg.lessons.material import principal_names
from gmmseg.lessons.plane import Plane
from gmmseg.mixture import Mixture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIDE = 4.4  # inches


@styled()
def plotted(rows: Doubles, components: Labels, names: tuple[str, ...], mixture: Mixture, *, own_units: bool) -> Figure:
    """Rows in the colours of their components : (n, d) and (n,), and the mixture over them.

    `own_units`: each column has a unit of its own, so none weighs more because its numbers are larger.
    """
    d = rows.shape[1]
    scale = rows.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0) if own_units else np.full(d, 1.0)
    units, inside = rows / scale, projected(mixture, np.diag(1 / scale), np.zeros(d))
    plane = Plane.of_columns(scale, np.zeros(d)) if d <= 2 else Plane.principal(units)
    shares = np.eye(mixture.k)[components]
    scene = Scene(
        places=plane.seen(units),
        names=names if d <= 2 else principal_names(plane),
        window=plane.window(units, [inside]),
        colours=distinct_colors(mixture.k),
        measured=d <= 2,
    )
    figure, [[axes]] = sheet(1, 1, (_SIDE, _SIDE))
    stage_panel(axes, scene, Stage(0, "", "", shares, mixture=plane.projected(inside)), "", named=True)
    return figure
