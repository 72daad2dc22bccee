"""Gaussians from above: ellipses of one and two standard deviations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.plots.style import INK, PAPER
from gmmseg.mixture import Mixture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDE = ((2.0, 0.9), (1.0, 1.6))  # standard deviations and the line's points


def projected(mixture: Mixture, directions: Doubles, offset: Doubles) -> Mixture:
    """The mixture of y = P x + o for P : (p, d) and o : (p,): means P μ + o, covariances P Σ Pᵀ."""
    matrices = mixture.family.matrices(mixture.covariances, mixture.k, mixture.d)
    seen = directions @ matrices @ directions.T
    return Mixture(mixture.weights, mixture.means @ directions.T + offset, (seen + seen.swapaxes(1, 2)) / 2)


def draw_ellipses(axes: Axes, mixture: Mixture, colours: Bytes) -> None:
    """Draw each component of a mixture in two dimensions: 1 and 2 standard deviations, and a dot at the mean.

    Parameters
    ----------
    axes : Axes
    mixture : Mixture
        With d = 2.
    colours : (k, 3) uint8
    """
    if mixture.d != 2:
        raise InputError(f"expected a mixture in two dimensions to draw from above; got {mixture.d}; project it first")
    from matplotlib.patches import Ellipse
    from matplotlib.patheffects import Normal, Stroke

    matrices = mixture.family.matrices(mixture.covariances, mixture.k, 2)
    for mean, matrix, colour in zip(mixture.means, matrices, colours / 255, strict=True):
        variances, axes_of = np.linalg.eigh(matrix)
        short, long = np.sqrt(np.maximum(variances, 0))
        angle = float(np.degrees(np.arctan2(axes_of[1, 1], axes_of[0, 1])))
        for deviations, width in _WIDE:
            halo = [Stroke(linewidth=width + 1.8, foreground=PAPER, alpha=0.85), Normal()]
            ellipse = Ellipse(
                (float(mean[0]), float(mean[1])),
                2 * deviations * float(long),
                2 * deviations * float(short),
                angle=angle,
                fill=False,
                edgecolor=tuple(colour),
                linewidth=width,
                zorder=3,
            )
            ellipse.set_path_effects(halo)
            axes.add_patch(ellipse)
    x, y = mixture.means.T
    axes.scatter(x, y, s=30.0, c=colours / 255, edgecolors=PAPER, linewidths=1.1, zorder=4)


def draw_centres(axes: Axes, centres: Doubles, colours: Bytes) -> None:
    """Draw centres : (k, 2) that stand alone, as crosses with a dark rim."""
    x, y = centres.T
    axes.scatter(x, y, s=75.0, c=colours / 255, marker="X", edgecolors=INK, linewidths=0.9, zorder=4)
