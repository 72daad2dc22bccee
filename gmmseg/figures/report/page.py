"""What a report shows, as arrays and plain records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Floats
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, Integers, colors_of, labels_of, pixels_of
from gmmseg.figures.palette import MOST
from gmmseg.figures.report.hierarchy import Hierarchy
from gmmseg.figures.report.sizes import reduced_shape


@dataclass(frozen=True, eq=False)
class Components:
    """The components of a mixture in some space.

    Attributes
    ----------
    weights : (m,) float64
    means : (m, d) float64
    covariances : (m, d, d) float64
    axes : tuple of str
        The d names of the axes, such as L*, a*, b*.
    """

    weights: Doubles
    means: Doubles
    covariances: Doubles
    axes: tuple[str, ...] = ("red", "green", "blue")

    def __post_init__(self) -> None:
        for name in ("weights", "means", "covariances"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), np.float64))
        object.__setattr__(self, "axes", tuple(self.axes))
        m, d = self.weights.size, len(self.axes)
        for name, shape in (("weights", (m,)), ("means", (m, d)), ("covariances", (m, d, d))):
            if getattr(self, name).shape != shape:
                raise InputError(
                    f"expected {name} of shape {shape}, for {m} weights and {d} axes; got {getattr(self, name).shape}"
                )


@dataclass(frozen=True)
class Candidate:
    """One number of components that was tried.

    Attributes
    ----------
    k : int
    score : float
        What decided, such as the BIC.
    log_likelihood : float
    chosen : bool
    """

    k: int
    score: float
    log_likelihood: float
    chosen: bool = False


@dataclass(frozen=True, eq=False)
class Page:
    """Everything that a report shows; what is left empty is left out.

    Attributes
    ----------
    title : str
        The name of the picture.
    pixels : (h, w, 3) uint8
        At full size; the report embeds a smaller one.
    labels : (h, w) integers
        The segment of each pixel, below k; −1 means left out.
    colors : (k, 3) uint8
        One a segment, at most 255 of them; usually its mean colour.
    soft : iterable of k planes (h, w) floating, or one array (h, w, k)
        How much each pixel belongs to each segment, 0 to 1. Planes are taken one by one, so a generator that makes
        them needs no memory for all; a page with a generator is good for one report. Planes of `reduced_shape` will
        do: the page shows no more.
    rows : sequence of k mappings
        What is known of each segment, under the headings of the table. Of "segment" (a name), "share" and
        "certainty" (0 to 1) the legend makes use; under "color" or "colour" in a heading, three bytes or "#rrggbb"
        are shown as such.
    uncertainty : (h, w) floating, optional
        0 to 1; of `reduced_shape` will do.
    mixture : Components, optional
        In the space where it was fitted.
    rgb : Components, optional
        The same in red, green and blue, 0 to 255: the ellipsoids among the colours and the curves over the
        histograms. Where there are as many as segments, component i is segment i.
    points : (n, 3) uint8, optional
        A sample of the colours; taken from the pixels, up to 4000 of them, when not given.
    point_segments : (n,) integers, optional
        The segments of the points.
    histograms : (3, bins), optional
        Counts of the channels over 0 to 255; taken from all pixels that were not left out, when not given.
    trace : sequence of float
        The log-likelihood, step by step.
    curve : sequence of Candidate
        The numbers of components that were tried.
    choice : str
        A sentence on how k was chosen.
    criterion : str
        What the scores of the curve are.
    notes : sequence of str
        What a reader should know.
    settings : mapping
        What is needed to get the same again, versions included.
    command : str
        The command line that does it.
    regions : int, optional
        Number of connected pieces.
    seconds : float, optional
        How long it took.
    hierarchy : Hierarchy, optional
        A tree of regions for the reader to cut.
    noun : str
        What a segment is called.
    """

    title: str
    pixels: Bytes
    labels: Integers
    colors: Bytes
    soft: Iterable[Floats] | Floats = ()
    rows: Sequence[Mapping[str, object]] = ()
    uncertainty: Floats | None = None
    mixture: Components | None = None
    rgb: Components | None = None
    points: Bytes | None = None
    point_segments: Integers | None = None
    histograms: NDArray[np.number] | None = None
    trace: Sequence[float] = ()
    curve: Sequence[Candidate] = ()
    choice: str = ""
    criterion: str = "BIC"
    notes: Sequence[str] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    command: str = ""
    regions: int | None = None
    seconds: float | None = None
    hierarchy: Hierarchy | None = None
    noun: str = "segment"

    def __post_init__(self) -> None:
        pixels = pixels_of(self.pixels)
        labels = labels_of(self.labels, pixels.shape[:2])
        colors = colors_of(self.colors, max(1, int(labels.max()) + 1))
        for name, array in (("pixels", pixels), ("labels", labels), ("colors", colors)):
            object.__setattr__(self, name, array)
        if self.k > MOST:
            raise InputError(f"expected at most {MOST} segments; got {self.k}; merge some or report on fewer")
        if len(self.rows) not in {0, self.k}:
            raise InputError(f"expected {self.k} rows, one a segment, or none; got {len(self.rows)}")
        if self.hierarchy is not None and self.hierarchy.crumbs.shape != labels.shape:
            raise InputError(
                f"expected crumbs of shape {labels.shape}, as the labels have; got {self.hierarchy.crumbs.shape}"
            )
        shapes = {labels.shape, reduced_shape(labels.shape)}
        if self.uncertainty is not None and np.shape(self.uncertainty) not in shapes:
            raise InputError(f"expected uncertainty of shape {labels.shape}; got {np.shape(self.uncertainty)}")
        if self.rgb is not None and len(self.rgb.axes) != 3:
            raise InputError(f"expected rgb components in 3 dimensions; got {len(self.rgb.axes)}")
        if (self.points is None) != (self.point_segments is None):
            raise InputError("expected points and point_segments together; got one of them")
        if self.points is not None and self.point_segments is not None:
            points, segments = np.shape(self.points), np.shape(self.point_segments)
            if points != (*segments, 3):
                raise InputError(f"expected points of shape (n, 3) and n segments; got {points} and {segments}")
        if self.histograms is not None and (np.ndim(self.histograms) != 2 or len(self.histograms) != 3):
            raise InputError(f"expected histograms of shape (3, bins); got {np.shape(self.histograms)}")

    @property
    def k(self) -> int:
        """Number of segments."""
        return len(self.colors)

    @property
    def linked(self) -> bool:
        """Whether component i of `rgb` is segment i."""
        return self.rgb is not None and self.rgb.weights.size == self.k
