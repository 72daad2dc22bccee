"""Rows as points, each in the colours of the components that share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmmseg.arrays import Floats
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, colors_of
from gmmseg.figures.perception import oklab, srgb
from gmmseg.figures.plots.style import GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MANY = 600  # points beyond which a vector file holds them as pixels
_CLEAR = 0.85  # opacity, so that crowds show


def mixed_colours(shares: ArrayLike, colours: ArrayLike) -> Bytes:
    """Each row's colour, Σ_c r_c · colour_c, mixed in OKLab: halfway in colour is halfway in doubt.

    Parameters
    ----------
    shares : (n, k) floating
        Responsibilities; each row sums to one.
    colours : (k, 3) uint8

    Returns
    -------
    (n, 3) uint8
    """
    parts, palette = np.asarray(shares), colors_of(colours)
    if parts.ndim != 2 or parts.dtype.kind != "f" or parts.shape[1] != len(palette):
        raise InputError(
            f"expected shares of shape (n, {len(palette)}) and a floating type; got {parts.shape} and {parts.dtype}"
        )
    return srgb(parts.astype(np.float64) @ oklab(palette))


def draw_points(axes: Axes, places: Floats, colours: Bytes | None = None, *, marker: str = "o") -> None:
    """Draw points at places : (n, 2), in colours : (n, 3) uint8, or grey."""
    n = len(places)
    painted: str | NDArray[np.float64] = GREY if colours is None else colours / 255
    axes.scatter(
        places[:, 0],
        places[:, 1],
        s=float(np.clip(4500 / max(n, 1), 3.0, 26.0)),
        c=painted,
        marker=marker,
        alpha=_CLEAR,
        linewidths=0,
        rasterized=n > _MANY,
        zorder=2,
    )
