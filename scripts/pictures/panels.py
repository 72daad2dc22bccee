"""Pictures brought to one size, and put beside and under each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gmmseg.figures.side_by_side import side_by_side

IMAGES = Path(__file__).resolve().parents[2] / "images"

Pixels = NDArray[np.uint8]


def astronaut() -> Pixels:
    """Eileen Collins by NASA : (512, 512, 3), which comes with scikit-image."""
    from skimage import data

    return np.asarray(data.astronaut(), np.uint8)


def resized(picture: Pixels, width: int, height: int) -> Pixels:
    """The picture in another size, and an array of its own."""
    return np.array(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS))


def beside(pictures: Sequence[Pixels], titles: Sequence[str] = ()) -> Pixels:
    """Pictures of one size in a row, under their titles."""
    return side_by_side(pictures, titles)


def stacked(rows: Sequence[Pixels], gap: int = 5) -> Pixels:
    """Rows of one width under each other."""
    paper = np.full((gap, rows[0].shape[1], 3), 255, np.uint8)
    return np.concatenate([part for row in rows for part in (row, paper)][:-1])
