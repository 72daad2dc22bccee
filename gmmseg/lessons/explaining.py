"""`explain`: EM on a picture's colours or a table's rows, watched step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gmmseg.arguments import require_count
from gmmseg.errors import InputError
from gmmseg.features import FeatureSpec
from gmmseg.files import Image, read
from gmmseg.lessons.ascent import ascended
from gmmseg.lessons.descent import descended
from gmmseg.lessons.lesson import Lesson
from gmmseg.lessons.material import Material, of_image, of_table
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
    columns: Sequence[str] | None = None,
    most: int = MOST,
    max_iterations: int = _LONGEST,
    seed: int = 0,
) -> Lesson:
    """Fit a mixture by EM, and keep what it was on the way.

    Parameters
    ----------
    source : array, path, Image, Pillow image, bytes or binary file
        A table of rows: an array (n,) or (n, d), or a .npy file with one. A picture: anything else that
        `gmmseg.segment` takes; as an array, (h, w, 3) or, of grey, (h, w, 1).
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
    columns : sequence of str, optional
        Names of an array's columns.
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
    if covariance != "all" and covariance not in FAMILIES:
        raise InputError(f"expected a covariance among {', '.join(FAMILIES)}, all; got {covariance!r}")
    if versus not in {None, "kmeans"}:
        raise InputError(f"expected versus as kmeans or None; got {versus!r}")
    material = _material(source, features, columns, most, seed)
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
    source: Any, features: str | FeatureSpec | None, columns: Sequence[str] | None, most: int, seed: int
) -> Material:
    """The rows of a table, or the pixels of a picture."""
    table, name = _table(source)
    if table is not None:
        if features is not None:
            raise InputError(f"expected features of a picture; got {features} of a table; leave them out")
        return of_table(table, columns, most, seed, name)
    if columns is not None:
        raise InputError("expected columns of a table; got them of a picture; leave them out")
    image = source if isinstance(source, Image) else read(source)
    return of_image(image, features, most, seed)


def _table(source: Any) -> tuple[Any, str]:
    """The numbers of a table and its name, or None where the source is a picture."""
    if isinstance(source, list | tuple) or (hasattr(source, "__array__") and not isinstance(source, Image)):
        return (source, "") if np.ndim(source) <= 2 and not hasattr(source, "mode") else (None, "")
    return None, ""
