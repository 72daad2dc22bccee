"""Rows drawn from a model: the component first, then the row."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any

from gmmseg.arguments import require_count, require_seed
from gmmseg.arrays import Doubles, Labels
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.mosaic import mosaic
from gmmseg.figures.plots.drawing import SUFFIXES as DRAWINGS
from gmmseg.figures.plots.drawing import raster, write_figure
from gmmseg.files import write_csv, write_picture
from gmmseg.files.listing import SUFFIXES as PICTURES
from gmmseg.files.targets import Target, is_stream, path_of
from gmmseg.lessons.models import Opened, mixture_of
from gmmseg.lessons.sample_plot import plotted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST = 10_000_000  # numbers


@dataclass(frozen=True, eq=False)
class Sample:
    """What `sample` drew.

    Attributes
    ----------
    rows : (n, d) float64
    components : (n,) intp
        Where each row came from, in ascending order.
    names : (d,) tuple of str
        Of the columns.
    """

    rows: Doubles
    components: Labels
    names: tuple[str, ...]
    _source: Opened = field(repr=False)

    def picture(self) -> Bytes:
        """The rows as pictures, (h, w, 3) uint8: patches or colours in a grid, by component; others as a plot."""
        tiles = self._source.tiles(self.rows)
        return raster(self.figure()) if tiles is None else mosaic(tiles, self.components)

    def figure(self) -> Figure:
        """The rows as a plot, in the colours of their components: a matplotlib Figure."""
        source = self._source
        return plotted(self.rows, self.components, self.names, source.mixture, own_units=source.own_units)

    def table(self) -> list[dict[str, Any]]:
        """A record a row: its component, and its columns."""
        columns = [("component", self.components.tolist()), *zip(self._titles, self.rows.T.tolist(), strict=True)]
        return [
            dict(zip((title for title, _ in columns), cells, strict=True))
            for cells in zip(*(c for _, c in columns), strict=True)
        ]

    def save(self, target: Target, suffix: str | None = None) -> None:
        """Write .csv (a row a line), .png, .jpg, .webp or .tif (`picture`), .svg or .pdf (`figure`), by the suffix."""
        if suffix is None:
            suffix = ".csv" if is_stream(target) else path_of(target).suffix.lower()
        if suffix == ".csv":
            write_csv(target, self.table())
        elif suffix in DRAWINGS and suffix != ".png":
            write_figure(self.figure(), target, suffix)
        elif suffix in PICTURES:
            write_picture(target, self.picture(), format=suffix)
        else:
            raise InputError(
                f"expected a name that ends in .csv, .png, .jpg, .webp, .tif, .svg or .pdf; got {suffix!r}; name it so"
            )

    @property
    def _titles(self) -> tuple[str, ...]:
        """The names of the columns, none of them twice or that of the component."""
        titles: list[str] = ["component"]
        for name in self.names:
            title, number = name, 1
            while title in titles:
                number += 1
                title = f"{name} {number}"
            titles.append(title)
        return tuple(titles[1:])


def sample(model: str | PathLike[str] | Any, n: int = 500, seed: int = 0) -> Sample:
    """Draw rows from a mixture: for each a component by the weights, then the row by its Gaussian.

    Parameters
    ----------
    model : path, Model, Mixture, or what else has a `mixture`
        Any model file that has a mixture in it.
    n : int
    seed : int

    Returns
    -------
    Sample
    """
    found = mixture_of(model)
    n = require_count("n", n)
    if n * found.mixture.d > _MOST:
        raise InputError(f"expected at most {_MOST // found.mixture.d} rows of {found.mixture.d} columns; got {n}")
    seed = require_seed(seed)
    rows, components = found.mixture.sample(n, seed)
    return Sample(rows, components, found.names, found)
