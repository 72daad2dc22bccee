"""The patch around each pixel: size × size samples as one row, cut out of the picture when they are looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import InputError
from gmmseg.features.display import full_scale
from gmmseg.files import Image

STEP = 0.5  # grey levels: differences below are quantisation
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # Rec. 601, of samples as they are
_RGB = ("red", "green", "blue")


@dataclass(frozen=True, eq=False)
class PatchRows:
    """The patches of a picture as rows, made when they are asked for: all at once would fill size² times the picture.

    It is read as an array is: rows[a:b], rows[index] and rows[::step] are (n, d) float32.

    Attributes
    ----------
    plane : (h, w, c) float32
        The samples; columns are in the reading order of a patch, channels last.
    size : int
    stride : int
        Pixels from one patch to the next, along both axes.
    places : (n,) int32 or None
        Which patches, by their number in the reading order of all that lie inside the picture; None for all of them.
    """

    plane: NDArray[np.float32] = field(repr=False)
    size: int
    stride: int = 1
    places: NDArray[np.int32] | None = field(default=None, repr=False)

    @property
    def grid(self) -> tuple[int, int]:
        """How many patches lie inside the picture, down and across."""
        h, w, _ = self.plane.shape
        return (h - self.size) // self.stride + 1, (w - self.size) // self.stride + 1

    @property
    def shape(self) -> tuple[int, int]:
        """Number of patches and of their samples."""
        down, across = self.grid
        return down * across if self.places is None else len(self.places), self.size**2 * self.plane.shape[2]

    @property
    def dtype(self) -> np.dtype[np.float32]:
        """The type of the rows."""
        return np.dtype(np.float32)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: slice | NDArray[Any]) -> NDArray[np.float32]:
        y, x = self._numbers(index)
        return self._windows[y, x].reshape(*y.shape, self.shape[1])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """All rows, for who has the memory."""
        return self[:].astype(dtype or np.float32, copy=False)

    def corners(self, index: slice | NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Down and across, the first pixels of patches : (n,) each."""
        y, x = self._numbers(index)
        return y * self.stride, x * self.stride

    def _numbers(self, index: slice | NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Which patches are meant, down and across."""
        n = len(self)
        chosen: NDArray[np.integer[Any]]
        if isinstance(index, slice):
            chosen = np.arange(*index.indices(n))
        else:
            chosen = np.asarray(index)
            if chosen.dtype == np.bool_:
                chosen = np.flatnonzero(chosen)
            if chosen.size and not (-n <= chosen.min() and chosen.max() < n):
                raise IndexError(f"expected numbers of {n} patches; got {chosen.min()} to {chosen.max()}")
            chosen = np.where(chosen < 0, chosen + n, chosen)
        if self.places is not None:
            chosen = self.places[chosen]
        y, x = np.divmod(chosen.astype(np.intp), self.grid[1])
        return y, x

    @cached_property
    def _windows(self) -> NDArray[np.float32]:
        """All patches : (down, across, size, size · c), a view of the plane."""
        h, w, c = self.plane.shape
        windows = sliding_window_view(self.plane.reshape(h, w * c), (self.size, self.size * c))
        return windows[:: self.stride, :: self.stride * c]


def patches_of(image: Image, channels: int, size: int, stride: int) -> tuple[PatchRows, NDArray[np.int32]]:
    """The patches of an sRGB picture that hold valid pixels alone, and the patch of each pixel.

    Returns
    -------
    rows : PatchRows
    index : (h, w) int32
        −1 where a pixel is left out; else the patch whose centre is nearest to the pixel, the earlier of two. At the
        borders, and near pixels that are left out, that is one in which the pixel is not in the middle.
    """
    h, w = image.valid.shape
    if min(h, w) < size:
        raise _none(image, size)
    rows = PatchRows(_plane(image, channels), size, stride)
    down, across = (_own(length, size, stride) for length in (h, w))
    if image.valid.all():
        down, across = (own.clip(0, count - 1) for own, count in zip((down, across), rows.grid, strict=True))
        return rows, (down[:, None] * np.int32(rows.grid[1]) + across).astype(np.int32, copy=False)
    whole = _whole(image.valid, size)[::stride, ::stride]
    if not whole.any():
        raise _none(image, size)
    places = np.flatnonzero(whole).astype(np.int32)
    numbers = np.full(whole.shape, -1, np.int32)
    numbers.reshape(-1)[places] = np.arange(len(places), dtype=np.int32)
    index = np.where(image.valid, _nearest(numbers, down, across), np.int32(-1))
    return PatchRows(rows.plane, size, stride, places), index


def patch_axes(size: int, channels: int) -> tuple[str, ...]:
    """Names of the columns: down and across from the patch's first pixel, and the colour."""
    pixels = [f"{y},{x}" for y in range(size) for x in range(size)]
    return tuple(pixels) if channels == 1 else tuple(f"{pixel} {colour}" for pixel in pixels for colour in _RGB)


def patch_step(image: Image) -> float:
    """Half a grey level in the units of the rows; of bands of floats, half a 255th of their range."""
    if image.colour == "bands" and image.pixels.dtype == np.float32:
        band = image.pixels[..., 0][image.valid]
        return STEP / 255 * float(band.max() - band.min())
    return STEP


def _plane(image: Image, channels: int) -> NDArray[np.float32]:
    """The samples that patches are cut from : (h, w, channels), where full light is 255.

    Of bands the first; of bands of floats, which have units of their own, as it is. What is not valid is 0.
    """
    pixels = image.pixels
    if image.colour == "bands":
        if channels == 3:
            raise InputError(
                f"expected a grey or colour picture for colour patches; {image.name or 'this picture'} has "
                f"{pixels.shape[2]} bands; ask for grey patches, which are those of the first band"
            )
        pixels = pixels[..., :1]
        scale = 1.0 if pixels.dtype == np.float32 else 255 / full_scale(image)
    else:
        scale = 255 / full_scale(image)
    if channels == 1 and pixels.shape[2] == 3:
        plane = np.zeros((*pixels.shape[:2], 1), np.float32)
        for channel, share in enumerate(_LUMA):
            plane[..., 0] += pixels[..., channel] * share
    else:
        plane = np.repeat(pixels, channels // pixels.shape[2], axis=2).astype(np.float32)
    if scale != 1:
        plane *= np.float32(scale)
    if not image.valid.all():
        plane[~image.valid] = 0
    return plane


def _own(length: int, size: int, stride: int) -> NDArray[np.int32]:
    """Along one axis, the patch whose centre is nearest to each pixel : (length,), also of patches beyond the border.

    The centre of patch i is at s i + (size − 1)/2; the earlier of two that are equally near is ⌈(p − centre)/s − ½⌉.
    """
    twice = 2 * np.arange(length, dtype=np.int32) - (size - 1)
    return -((stride - twice) // (2 * stride))


def _whole(valid: Flags, size: int) -> Flags:
    """Whether the patch that begins at a pixel holds valid pixels alone : (h − size + 1, w − size + 1)."""
    for axis in (0, 1):
        count = np.cumsum(np.insert(valid, 0, 0, axis=axis), axis=axis, dtype=np.int32)
        ahead, behind = np.split(count, [size], axis=axis)[1], np.split(count, [-size], axis=axis)[0]
        valid = ahead - behind == size
    return valid


def _nearest(numbers: NDArray[np.int32], down: NDArray[np.int32], across: NDArray[np.int32]) -> NDArray[np.int32]:
    """The number of the patch nearest to each pixel's own : (h, w).

    numbers : (m, n), one a patch inside the picture, −1 of those that are not whole. down, across : each pixel's own
    patch, which may lie beyond the border.
    """
    from scipy.ndimage import distance_transform_edt

    first = down[0], across[0]
    shape = tuple(
        max(int(own[-1]) + 1, count) - int(own[0]) for own, count in zip((down, across), numbers.shape, strict=True)
    )
    wide = np.full(shape, -1, np.int32)
    wide[-first[0] : numbers.shape[0] - first[0], -first[1] : numbers.shape[1] - first[1]] = numbers
    y, x = distance_transform_edt(wide < 0, return_distances=False, return_indices=True)
    places = np.ix_(down - first[0], across - first[1])
    found: NDArray[np.int32] = wide[y[places], x[places]]
    return found


def _none(image: Image, size: int) -> InputError:
    h, w = image.valid.shape
    return InputError(
        f"expected a picture that has patches of {size} × {size} pixels, none of them left out; "
        f"{image.name or 'this picture'}, {w} × {h}, has none; ask for smaller patches"
    )
