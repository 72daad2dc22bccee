"""The photo with its subject standing out: the ground around is dark and grey."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.bands import by_bands
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, pixels_of

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_DIM = np.float32(0.3)  # the light that the ground keeps


def subject_overlay(pixels: ArrayLike, alpha: ArrayLike) -> Bytes:
    """The photo where alpha is 1; a third of its light, and none of its colour, where it is 0.

    Parameters
    ----------
    pixels : (h, w, 3) uint8
    alpha : (h, w) floating, from 0 to 1

    Returns
    -------
    (h, w, 3) uint8
    """
    photo = pixels_of(pixels)
    share = np.asarray(alpha)
    if share.shape != photo.shape[:2] or share.dtype.kind != "f":
        raise InputError(f"expected alpha as floats of shape {photo.shape[:2]}; got {share.dtype} {share.shape}")
    drawn = np.empty_like(photo)

    def work(top: int, bottom: int) -> None:
        band = photo[top:bottom].astype(np.float32)
        dark = (_DIM * (band @ _LUMA))[..., None]
        drawn[top:bottom] = np.rint(dark + share[top:bottom, :, None].astype(np.float32) * (band - dark))

    by_bands(share.shape[0], share.shape[1], work)
    return drawn
