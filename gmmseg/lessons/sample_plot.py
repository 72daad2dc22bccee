"""Rows that were drawn, with the mixture they came from: along a line, or in a plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gmmseg.arrays import Doubles, Labels
from gmmseg.figures import distinct_colors
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
def plotted(rows: Doubles, components: Labels, names: tuple[str, ...], mixture: Mixture) -> Figure:
    """Rows in the colours of their components : (n, d) and (n,), and the mixture over them."""
    d = rows.shape[1]
    plane = Plane.of_columns(np.ones(d), np.zeros(d)) if d <= 2 else Plane.principal(rows)
    shares = np.eye(mixture.k)[components]
    scene = Scene(
        places=plane.seen(rows),
        names=names if d <= 2 else principal_names(plane),
        window=plane.window(rows, [mixture]),
        colours=distinct_colors(mixture.k),
        measured=d <= 2,
    )
    figure, [[axes]] = sheet(1, 1, (_SIDE, _SIDE))
    stage_panel(axes, scene, Stage(0, "", "", shares, mixture=plane.projected(mixture)), "", named=True)
    return figure
