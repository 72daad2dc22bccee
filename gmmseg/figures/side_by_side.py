"""Pictures of one size beside each other: a photo and what was made of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, pixels_of
from gmmseg.figures.lettering import lettered, width_of

_PAPER = 255
_LEAST = 11  # pixels; smaller letters are not read


def side_by_side(pictures: Sequence[ArrayLike], titles: Sequence[str] = ()) -> Bytes:
    """The pictures in one row with thin gaps, under their titles if there are any.

    Parameters
    ----------
    pictures : sequence of (h, w, 3) uint8
        At least one, all of one shape.
    titles : sequence of str
        One a picture, or none. They are as large as the pictures' width allows.

    Returns
    -------
    (H, W, 3) uint8
    """
    several = [pixels_of(picture) for picture in pictures]
    shapes = {picture.shape for picture in several}
    if len(shapes) != 1:
        raise InputError(f"expected pictures of one shape; got {sorted(shapes) or 'none'}; make them equal")
    if titles and len(titles) != len(several):
        raise InputError(f"expected a title for each of {len(several)} pictures; got {len(titles)}")
    height, width, _ = several[0].shape
    gap = max(3, round(width / 64))
    size, head = _lettering(titles, height, width, gap) if titles else (0, 0)
    row = np.full((head + height, len(several) * (width + gap) - gap, 3), _PAPER, np.uint8)
    for place, picture in enumerate(several):
        left = place * (width + gap)
        row[head:, left : left + width] = picture
    if not size:
        return row
    return lettered(row, [(t, i * (width + gap) + width // 2, head // 2) for i, t in enumerate(titles)], size)


def _lettering(titles: Sequence[str], height: int, width: int, gap: int) -> tuple[int, int]:
    """The size of the letters and the height of their strip; none where a picture is too narrow for its title."""
    size = max(_LEAST, round(min(height, width) / 24))
    while size >= _LEAST and max(width_of(title, size) for title in titles) > width + gap // 2:
        size -= 1
    return (size, size * 9 // 5) if size >= _LEAST else (0, 0)
