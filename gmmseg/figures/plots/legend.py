"""The names of clusters in their colours, in the upper right corner of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.plots.style import INK, PLAIN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LINES = 12  # in a column


def name_clusters(figure: Figure, weights: Doubles, palette: Bytes) -> None:
    """A mark for each cluster with its number and share."""
    from matplotlib.lines import Line2D

    marks = [
        Line2D(
            [], [], marker="o", linestyle="none", markersize=6, color=tuple(colour), label=f"{c}: {100 * share:.0f} %"
        )
        for c, (share, colour) in enumerate(zip(weights, palette / 255, strict=True))
    ]
    width, height = figure.get_size_inches()
    figure.legend(
        handles=marks,
        loc="upper right",
        bbox_to_anchor=(1 - 0.14 / width, 1 - 0.14 / height),
        ncols=int(np.ceil(len(marks) / _LINES)),
        frameon=False,
        title="cluster: share",
        title_fontsize=PLAIN,
        fontsize=PLAIN,
        labelcolor=INK,
        alignment="left",
        handletextpad=0.3,
        borderaxespad=0,
    )
