"""How much colours change across borders, near to them and farther off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Floats
from gmmseg.features.colour import converted
from gmmseg.segmentation.pieces import Borders, Pieces, borders_of

_FAR = 4  # times as wide are the cells on which what lies about an edge is compared
_REACH = 3  # cells to either side of a border


def contrasts(pieces: Pieces, picture: NDArray[np.uint8], lab: Floats, step: int) -> Borders:
    """The borders between pieces, with the contrast e / (e + 4) summed up along each.

    e is the distance of the colours (CIE Lab, blurred) on the two sides, close to the border and four times as far from
    it, and the contrast the mean of both: within a texture colours change at every step, and on the whole not at all.

    picture : (h, w, 3) uint8 sRGB. lab : the picture in cells of `step` pixels, which count as one.
    """
    near = borders_of(pieces, _blurred(lab), step, _REACH)
    far = borders_of(pieces, _blurred(lab_cells(picture, _FAR * step)), _FAR * step, _REACH)
    return replace(near, totals=(near.totals + far.totals) / 2)


def lab_cells(picture: NDArray[np.uint8], step: int) -> Floats:
    """CIE Lab of the mean colour of cells : (h', w', 3) float32."""
    if step == 1:
        return converted(picture.reshape(-1, 3), "lab").reshape(picture.shape)
    h, w, _ = picture.shape
    down = np.arange(0, h, step)
    across = np.arange(0, w, step)
    rows = np.stack([picture[y : y + step].sum(axis=0, dtype=np.uint32) for y in down])
    sums = np.add.reduceat(rows, across, axis=1)
    sizes = np.diff(np.append(down, h))[:, None, None] * np.diff(np.append(across, w))[None, :, None]
    means = (sums / (255 * sizes)).astype(np.float32)
    return converted(means.reshape(-1, 3), "lab").reshape(means.shape)


def _blurred(planes: Floats) -> Floats:
    """Three passes of the binomial (1 4 6 4 1)/16, a Gaussian of σ = 1.7, along both axes."""
    for _ in range(3):
        for axis in (0, 1):
            pad = [(0, 0)] * 3
            pad[axis] = (2, 2)
            padded = np.moveaxis(np.pad(planes, pad, mode="edge"), axis, 0)
            n = planes.shape[axis]
            mixed = padded[2 : n + 2] * np.float32(6 / 16)
            mixed += (padded[1 : n + 1] + padded[3 : n + 3]) * np.float32(4 / 16)
            mixed += (padded[:n] + padded[4 : n + 4]) * np.float32(1 / 16)
            planes = np.moveaxis(mixed, 0, axis)
    return np.ascontiguousarray(planes)
