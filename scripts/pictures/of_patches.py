"""A photo by its patches: their clusters, what these are made of, and the photo without noise."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from panels import astronaut, beside, resized

import gmmseg
from gmmseg.files import write_picture
from gmmseg.patchwork import Patches
from gmmseg.patchwork.drawing import clustered, drawn_dictionary

_NOISE = 25
_CROP = np.s_[20:280, 100:360]


def patches(path: Path) -> None:
    """The photo, and every pixel in the colour of the cluster of the patch around it."""
    found = _clusters()
    views = [found.segmentation.picture, clustered(found)]
    write_picture(path, beside([resized(view, 460, 460) for view in views]), quality=85)


def dictionary(path: Path) -> None:
    """What the patches of each cluster are made of."""
    write_picture(path, drawn_dictionary(_clusters()))


def restored(path: Path) -> None:
    """A part of the photo with noise and without, beside the photo itself."""
    photo = astronaut()[_CROP]
    noise = np.random.default_rng(0).normal(0, _NOISE, photo.shape)
    noisy = np.clip(np.rint(photo + noise), 0, 255).astype(np.uint8)
    clean = np.asarray(gmmseg.patches(noisy, noise=_NOISE).restored.pixels)
    views = [resized(view, 390, 390) for view in (noisy, clean, photo)]
    titles = [f"noise of {_NOISE}: {_psnr(noisy, photo):.1f} dB", f"restored: {_psnr(clean, photo):.1f} dB", "photo"]
    write_picture(path, beside(views, titles), quality=88)


@cache
def _clusters() -> Patches:
    return gmmseg.patches(astronaut())


def _psnr(picture: np.ndarray, photo: np.ndarray) -> float:
    return float(20 * np.log10(255 / np.sqrt(np.mean((picture.astype(float) - photo) ** 2))))
