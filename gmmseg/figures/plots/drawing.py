"""A figure as a file or as pixels, the same for the same figure."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.plots.style import DPI, styled
from gmmseg.files import write_picture
from gmmseg.files.targets import Target, is_stream, path_of, writing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Neither the time nor matplotlib's version is part of a file.
_ANONYMOUS = {
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
SUFFIXES = (".png", *_ANONYMOUS)


def write_figure(figure: Figure, target: Target, suffix: str | None = None) -> None:
    """Write a figure, whole or not at all.

    Parameters
    ----------
    figure : Figure
    target : path or binary file
    suffix : {".png", ".svg", ".pdf"}, optional
        The target's own unless given; an open file needs it.
    """
    if suffix is None and not is_stream(target):
        suffix = path_of(target).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"expected a figure's suffix ({', '.join(SUFFIXES)}); got {suffix!r}; name the output so")
    if suffix == ".png":
        write_picture(target, raster(figure), format="png", resolution=(DPI, DPI))
        return
    whole = io.BytesIO()
    with styled():
        figure.savefig(whole, format=suffix[1:], dpi=2 * DPI, metadata=_ANONYMOUS[suffix])
    with writing(target) as file:
        file.write(whole.getbuffer())


def raster(figure: Figure, dpi: int = DPI) -> Bytes:
    """The figure's pixels : (h, w, 3) uint8, so many an inch."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with styled():
        figure.set_dpi(dpi)
        canvas: Any = FigureCanvasAgg(figure)  # its methods have no types
        canvas.draw()
        return np.asarray(canvas.buffer_rgba(), np.uint8)[..., :3].copy()
