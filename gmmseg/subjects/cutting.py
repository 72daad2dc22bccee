"""How a cut-out comes about: read, shrink, grow a tree, label it in rounds, soften at full size."""

from __future__ import annotations

import time
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import InputError
from gmmseg.features import displayed
from gmmseg.files import Image, read
from gmmseg.files.shrinking import shrunk
from gmmseg.parts import regions
from gmmseg.subjects.found import Cutout
from gmmseg.subjects.hints import Hints, hints_of
from gmmseg.subjects.labelling import labelled
from gmmseg.subjects.recipe import Recipe
from gmmseg.subjects.softening import softened

_PIXELS = 250_000  # of the picture in which the subject is looked for
_MARGIN = 8  # pixels around the box, at least


def cutout(
    source: Any,
    *,
    box: Any = None,
    foreground: Any = None,
    background: Any = None,
    seed: int = 0,
    mask: Any = None,
    page: int = 1,
    threads: int | None = None,
) -> Cutout:
    """Cut the subject out of a photo.

    Parameters
    ----------
    source : path, array, Image, Pillow image, bytes or binary file
        The photo.
    box : (x, y, width, height), optional
        Around the subject, in pixels; all that lies outside is ground.
    foreground, background : array (h, w), path or picture, optional
        Marks: pixels where it is not 0 surely are the subject's, or the ground's. Marks are always obeyed, and those on
        the subject count outside of the box too. A box or marks on the subject are needed.
    seed : int
    mask : array (h, w) or path, optional
        Pixels where it is 0 are left out.
    page : int
        Of a file with several pictures, from 1.
    threads : int, optional
        All processors by default.

    Returns
    -------
    Cutout
    """
    image = read(source, page=page, mask=mask)
    return made_cutout(image, box, foreground, background, Recipe(), seed, threads)


def made_cutout(
    image: Image, box: Any, foreground: Any, background: Any, recipe: Recipe, seed: int, threads: int | None = None
) -> Cutout:
    """The same by numbers of one's own."""
    begun = time.perf_counter()
    if not image.valid.any():
        raise InputError(f"expected a picture with pixels to look at; all of {image.name or 'it'} are left out")
    hints = hints_of(image, box, foreground, background)
    picture = displayed(image)
    window = _window(hints, recipe.margin)
    near, there, known = picture[window], image.valid[window], hints.within(window)
    small = _small(near, there)
    tree = regions(small, seed=seed, threads=threads)
    found = labelled(tree, known.shrunk(small.height, small.width), recipe, seed)
    alpha = np.zeros(image.valid.shape, np.float32)
    alpha[window] = softened(near, there, found.odds, recipe.soft, threads)
    alpha[hints.background] = 0
    alpha[hints.foreground] = 1
    return Cutout(image, picture, alpha, hints, found.subject, found.ground, time.perf_counter() - begun)


def _window(hints: Hints, margin: float) -> tuple[slice, slice]:
    """The rows and columns that are looked at: the box with a margin, and all marks on the subject.

    Ground farther away says little of what is in the box, and the subject has the more pixels the less there are of it.
    """
    height, width = hints.foreground.shape
    if hints.box is None:
        return slice(0, height), slice(0, width)
    x, y, w, h = hints.box
    marks = hints.foreground
    rows, columns = np.asarray(marks.any(axis=1)), np.asarray(marks.any(axis=0))
    return _span(y, h, margin, rows), _span(x, w, margin, columns)


def _span(begin: int, length: int, margin: float, marks: Flags) -> slice:
    """The same along one axis, whose marks are : (size,)."""
    more = max(_MARGIN, round(margin * length))
    places = np.flatnonzero(marks).tolist()
    return slice(max(0, min([begin - more, *places])), min(marks.size, max([begin + length + more, *places[-1:]]) + 1))


def _small(picture: NDArray[np.uint8], valid: Flags) -> Image:
    """The picture at the size at which its subject is looked for."""
    height, width = valid.shape
    scale = sqrt(_PIXELS / (height * width))
    if scale >= 1:
        return Image(picture, valid, "rgb")
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    if valid.all():
        means, _ = shrunk(picture, rows, columns)
        return Image(np.rint(means).astype(np.uint8), np.ones((rows, columns), np.bool_), "rgb")
    means, shares = shrunk(picture, rows, columns, valid.astype(np.float32))
    return Image(np.rint(means).astype(np.uint8), shares > 0, "rgb")
