"""Photos cut into regions at several details, and the contours of all cuts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from panels import IMAGES, Pixels, astronaut, beside, resized, stacked

import gmmseg
from gmmseg.figures import posterised
from gmmseg.files import write_picture
from gmmseg.parts.cut import cut_of

_WIDTH = 250
_DETAILS = (0.3, 0.5, 0.8)


def regions(path: Path) -> None:
    """A photo a row: its regions at three details in their mean colours, and how strong all borders are."""
    titles = ["photo", *(f"detail {detail}" for detail in _DETAILS), "contours"]
    rows: list[Pixels] = []
    for source in (astronaut(), IMAGES / "chelsea.jpg"):
        tree = gmmseg.regions(source)
        cuts = [cut_of(tree, detail) for detail in _DETAILS]
        views = [tree.picture, *(posterised(cut.labels, cut.colors) for cut in cuts), _drawn(tree.contours())]
        height = round(_WIDTH * tree.height / tree.width)
        rows.append(beside([resized(view, _WIDTH, height) for view in views], [] if rows else titles))
    write_picture(path, stacked(rows), quality=85)


def _drawn(strengths: NDArray[np.float32]) -> Pixels:
    """Strong borders black on white, two pixels wide, so that they are seen in a smaller picture."""
    wide = np.pad(strengths, ((1, 0), (1, 0)))
    strongest = np.maximum.reduce([wide[1:, 1:], wide[1:, :-1], wide[:-1, 1:], wide[:-1, :-1]])
    grey = np.rint(255 * (1 - strongest)).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)
