"""`explain`: EM on a picture's colours or a table's rows, watched step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike, fsdecode
from pathlib import PurePath
from typing import Any

from gmmseg.arguments import generator, require_count
from gmmseg.errors import InputError
from gmmseg.features import FeatureSpec
from gmmseg.figures.palette import MOST as MOST_COLOURS
from gmmseg.files import read
from gmmseg.files.records import read_records
from gmmseg.files.sources import STDIN, shown
from gmmseg.lessons.ascent import ascended
from gmmseg.lessons.descent import descended
from gmmseg.lessons.lesson import Lesson
from gmmseg.lessons.material import Material, of_image, of_table
from gmmseg.lessons.sources import held, is_table
from gmmseg.lessons.starting import start_of
from gmmseg.mixture import Mixture
from gmmseg.mixture.families import FAMILIES

AT = (0, 1, 2, 5, 20)
MOST = 3000
_LONGEST = 1000  # steps


def explain(
    source: Any,
    k: int = 3,
    *,
    at: Sequence[int] = AT,
    covariance: str = "full",
    versus: str | None = None,
    start: str | Mixture = "poor",
    features: str | FeatureSpec | None = None,
    columns: str | Sequence[str | int] | None = None,
    names: Sequence[str] | None = None,
    most: int = MOST,
    max_iterations: int = _LONGEST,
    seed: int = 0,
) -> Lesson:
    """Fit a mixture by EM, and keep what it was on the way.

    Parameters
    ----------
    source : path, array, frame, Image, Pillow image, bytes or binary file
        A table: an array (n,) or (n, d), a frame of pandas or polars, a file of CSV, other text or NumPy. A picture:
        anything else that `gmmseg.segment` takes; as an array, (h, w, 3) or, of grey, (h, w, 1).
    k : int
        Number of components.
    at : sequence of int
        The steps that the strip shows; the last one is always shown.
    covariance : {"full", "diag", "tied", "spherical", "all"}
        "all" fits the four families side by side, from the same start.
    versus : {"kmeans"}, optional
        K-means beside it, from the same centres.
    start : {"poor", "random", "kmeans++"} or Mixture
        Round, broad components about rows: "random" ones, ones far from each other, or "poor": of twelve random starts
        the lowest that leads to the best end.
    features : str, optional
        Of a picture, as for `gmmseg.segment`.
    columns : str or sequence, optional
        Of a table: text such as "width,height" or "1,3-5", names, or places from 0; by default all that are numbers.
    names : sequence of str, optional
        What a table's columns are called.
    most : int
        Rows, or pixels; of more, so many are drawn by lot.
    max_iterations : int
    seed : int

    Returns
    -------
    Lesson
    """
    k, most = require_count("k", k), require_count("most", most)
    max_iterations = require_count("max_iterations", max_iterations)
    chosen = _steps(at)
    generator(seed)  # which refuses what is no seed
    if k > MOST_COLOURS:
        raise InputError(f"expected at most {MOST_COLOURS} components, as there are colours; got {k}")
    if covariance != "all" and covariance not in FAMILIES:
        raise InputError(f"expected a covariance among {', '.join(FAMILIES)}, all; got {covariance!r}")
    if versus is not None and versus != "kmeans":
        raise InputError(f"expected versus as kmeans or None; got {versus!r}")
    material = _material(source, features, columns, names, most, seed)
    begin = start_of(material.rows, k, start, material.resolution, seed)
    families = tuple(FAMILIES) if covariance == "all" else (covariance,)
    ascents = tuple(ascended(material, begin, family, chosen, max_iterations) for family in families)
    descent = None if versus is None else descended(material, begin.means, chosen, max_iterations)
    return Lesson(material, ascents, descent, chosen)


def _steps(at: Sequence[int]) -> tuple[int, ...]:
    try:
        steps = sorted({int(step) for step in at if step == int(step)})
    except (TypeError, ValueError):
        raise InputError(f"expected at as whole numbers of at least 0; got {at!r}") from None
    if len(steps) != len(set(at)) or not steps or steps[0] < 0:
        raise InputError(f"expected at as whole numbers of at least 0; got {at!r}")
    return tuple(steps)


def _material(
    source: Any,
    features: str | FeatureSpec | None,
    columns: str | Sequence[str | int] | None,
    names: Sequence[str] | None,
    most: int,
    seed: int,
) -> Material:
    """The rows of a table, or the pixels of a picture."""
    named = PurePath(fsdecode(source)).name if isinstance(source, str | PathLike) and source != STDIN else ""
    source = held(source)
    if columns is not None or names is not None or is_table(source):
        if features is not None:
            raise InputError(f"expected features of a picture; got {features} for a table; leave them out")
        return replace(of_table(read_records(source, columns=columns, names=names), most, seed), name=shown(named))
    return of_image(read(source), features, most, seed)
