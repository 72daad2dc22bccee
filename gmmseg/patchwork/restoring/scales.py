"""A picture at half its size and back, by its cosines: what is coarse is judged where noise is halved.

After Pierazzo and Facciolo (2017): the low frequencies of a restored picture are taken from one that was restored at
half the size, where patches see twice as far.
"""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Floats

_LOW = 0.5  # of the coarse picture's frequencies, along each axis, that are taken from it


def halved(planes: Floats) -> tuple[Floats, float]:
    """At half the size : (h, w, c) to (h // 2, w // 2, c), and the factor by which noise is less."""
    from scipy.fft import dctn, idctn

    h, w, _ = planes.shape
    small = h // 2, w // 2
    factor = float(np.sqrt(small[0] * small[1] / (h * w)))
    waves = dctn(planes, norm="ortho", axes=(0, 1))[: small[0], : small[1]]
    return (idctn(waves, norm="ortho", axes=(0, 1)) * np.float32(factor)).astype(np.float32), factor


def fused(fine: Floats, coarse: Floats) -> Floats:
    """The fine picture with the low frequencies of the coarse one, which `halved` made : (h, w, c)."""
    from scipy.fft import dctn, idctn

    factor = np.sqrt(coarse.shape[0] * coarse.shape[1] / (fine.shape[0] * fine.shape[1]))
    waves = dctn(fine, norm="ortho", axes=(0, 1))
    rows, columns = (int(length * _LOW) for length in coarse.shape[:2])
    waves[:rows, :columns] = dctn(coarse, norm="ortho", axes=(0, 1))[:rows, :columns] / np.float32(factor)
    return np.asarray(idctn(waves, norm="ortho", axes=(0, 1)), np.float32)
