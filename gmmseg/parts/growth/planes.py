"""A picture of any kind and size as three planes to look for regions in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags, Floats
from gmmseg.compiled import compiled
from gmmseg.crew import Crew
from gmmseg.features import colour
from gmmseg.files import Image, in_srgb
from gmmseg.files.depth import full_scale

_CONTRAST = 20.0  # the standard deviation of L* in a photo with light and shade, which the first axis of bands is given


def planes_of(image: Image, factor: int, crew: Crew) -> tuple[Floats, Flags]:
    """What a picture looks like, as means over blocks of factor × factor pixels.

    Returns
    -------
    planes : (3, ⌈h/factor⌉, ⌈w/factor⌉) float32
        L*, a*, b*; of grey pictures L*, 0, 0; of bands their first principal axes, the first with a photo's contrast.
        Where a block has no valid pixel they are those of the nearest that has, so that nothing looks like a border.
    seen : (⌈h/factor⌉, ⌈w/factor⌉) bool
        Blocks with valid pixels.
    """
    image = in_srgb(image)
    pixels = image.pixels
    h, w, bands = pixels.shape
    shape = (-(-h // factor), -(-w // factor))
    means, seen = np.zeros((*shape, bands), np.float32), np.zeros(shape, np.bool_)
    crew.share(lambda a, b: _averaged(pixels, image.valid, factor, a, b, means, seen), shape[0], least=16)
    if image.colour == "bands":
        rows = _principal(means[seen])
    else:
        light = np.repeat(means[seen], 3 // bands, axis=1) / np.float32(full_scale(image))
        rows = colour.converted(light, "lab" if bands == 3 else "grey")
    planes = np.zeros((3, *shape), np.float32)
    planes[: rows.shape[1], seen] = rows.T
    return _filled(planes, seen), seen


def _principal(rows: Floats) -> Floats:
    """Rows of bands : (n, c) along at most three principal axes : (n, ≤ 3), each band counting alike."""
    scaled = rows.astype(np.float64) - rows.mean(axis=0, dtype=np.float64)
    spread = scaled.std(axis=0)
    scaled /= np.where(spread > 0, spread, 1)
    # Not by BLAS, whose threads might round differently.
    found, axes = np.linalg.eigh(np.einsum("ni,nj->ij", scaled, scaled) / len(scaled))
    axes = axes[:, ::-1][:, :3]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    first = np.sqrt(max(float(found[-1]), 1e-12))
    seen: Floats = (np.einsum("ni,ij->nj", scaled, axes) * (_CONTRAST / first)).astype(np.float32)
    return seen


def _filled(planes: Floats, seen: Flags) -> Floats:
    """The planes : (c, h, w) with the nearest seen value where nothing was seen."""
    if seen.all():
        return planes
    from scipy.ndimage import distance_transform_edt

    y, x = distance_transform_edt(~seen, return_distances=False, return_indices=True)
    return np.ascontiguousarray(planes[:, y, x])


@compiled
def _averaged(pixels: Any, valid: Any, factor: Any, begin: Any, end: Any, means: Any, seen: Any) -> None:
    h, w, bands = pixels.shape
    for y in range(begin, end):
        for x in range(means.shape[1]):
            count = 0
            for v in range(y * factor, min((y + 1) * factor, h)):
                for u in range(x * factor, min((x + 1) * factor, w)):
                    if valid[v, u]:
                        count += 1
                        for c in range(bands):
                            means[y, x, c] += np.float32(pixels[v, u, c])
            if count:
                seen[y, x] = True
                for c in range(bands):
                    means[y, x, c] /= np.float32(count)


def halved_picture(picture: NDArray[np.uint8], crew: Crew) -> NDArray[np.uint8]:
    """Means of 2 × 2 pixels of a picture : (h, w, 3) to (⌈h/2⌉, ⌈w/2⌉, 3) uint8."""
    h, w = picture.shape[:2]
    small = np.empty(((h + 1) // 2, (w + 1) // 2, 3), np.uint8)
    crew.share(lambda a, b: _halved(picture, a, b, small), len(small), least=64)
    return small


def halved_mask(valid: Flags) -> Flags:
    """Whether any of 2 × 2 pixels is valid : (h, w) to (⌈h/2⌉, ⌈w/2⌉) bool."""
    h, w = valid.shape
    small = np.zeros(((h + 1) // 2, (w + 1) // 2), np.bool_)
    for first in range(2):
        for second in range(2):
            part = valid[first::2, second::2]
            small[: part.shape[0], : part.shape[1]] |= part
    return small


@compiled
def _halved(picture: Any, begin: Any, end: Any, small: Any) -> None:
    h, w, _ = picture.shape
    for y in range(begin, end):
        bottom = min(2 * y + 1, h - 1)
        for x in range(small.shape[1]):
            right = min(2 * x + 1, w - 1)
            for c in range(3):
                total = (
                    np.int64(picture[2 * y, 2 * x, c])
                    + picture[2 * y, right, c]
                    + picture[bottom, 2 * x, c]
                    + picture[bottom, right, c]
                )
                small[y, x, c] = (total + 2) // 4
