"""Pictures as weighted rows for the engine, and the way back from rows to pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Floats
from gmmseg.errors import InputError
from gmmseg.features import colour, grain, texture, tone
from gmmseg.features.axes import axes_of, part_axes
from gmmseg.features.palette import distinct_colours
from gmmseg.features.patches import PatchRows, patch_step, patches_of
from gmmseg.features.spec import COLOURS, PATCHES, FeatureSpec, Part
from gmmseg.files import Image, in_srgb
from gmmseg.files.depth import full_scale

_STEP = 2.0  # the difference that counts for none, on axes that are about 100 long
_LARGEST = 1e12  # sums of the squares of samples have room in float32
_SHARE = 0.02  # and on bands, whose units are their own: so much of their standard deviation


@dataclass(frozen=True, eq=False)
class Features:
    """What the engine sees of a picture.

    Attributes
    ----------
    rows : (n, d) float32
        One row a valid pixel, in reading order, or one a distinct colour; or one a patch, in reading order, which are
        made when they are looked at. So rows are taken by slices or by their numbers.
    weights : (n,) float64
        How many pixels a row stands for.
    index : (h, w) int32
        Each pixel's row, or −1 where it is left out. Of patches the one whose centre is nearest.
    axes : tuple of str
        The names of the d columns.
    resolution : (d,) float64
        Differences under which rows are not told apart; no component is narrower.
    colours : (n, 3) uint8 or None
        The distinct colours, where the rows are made of them.
    """

    rows: Floats | PatchRows
    weights: Doubles
    index: NDArray[np.int32]
    axes: tuple[str, ...]
    resolution: Doubles
    colours: NDArray[np.uint8] | None = None

    def spread(self, values: NDArray[Any], *, fill: float = 0) -> NDArray[Any]:
        """One value a row : (n, …), carried back to the pixels : (h, w, …); `fill` where a pixel is left out."""
        spread = np.take(values, np.maximum(self.index, 0), axis=0)
        spread[self.index < 0] = fill
        return spread


def features_of(image: Image, spec: FeatureSpec) -> Features:
    """The rows of a picture.

    Features of an 8-bit picture's colours alone have one row a distinct colour, with its count for weight: exact, and
    many times fewer rows than pixels.
    """
    if not image.valid.any():
        raise InputError(f"expected a picture with pixels to look at; all of {_called(image)} are left out")
    image = in_srgb(image)
    if spec.patches:
        return _patches(image, spec.parts[0])
    if image.colour == "bands":
        _require_no_colours(image, spec)
    axes = axes_of(spec, image.colour, image.pixels.shape[2])
    if all(part.name in COLOURS for part in spec.parts) and image.pixels.dtype == np.uint8:
        colours, counts, index = distinct_colours(_triples(image), image.valid)
        rows = _ready([colour.converted(colours, part.name) for part in spec.parts])
        return Features(rows, counts.astype(np.float64), index, axes, np.full(len(axes), _STEP), colours)
    valid = image.valid
    index = np.full(valid.shape, -1, np.int32)
    n = np.count_nonzero(valid)
    index[valid] = np.arange(n, dtype=np.int32)
    rows = _ready([_columns(part.name, part.weight, image) for part in spec.parts])
    return Features(rows, np.ones(n), index, axes, _resolution(spec, rows, image))


def _patches(image: Image, part: Part) -> Features:
    channels = PATCHES[part.name]
    rows, index = patches_of(image, channels, part.size, part.stride)
    axes = part_axes(part, image.colour, channels)
    return Features(rows, np.ones(len(rows)), index, axes, np.full(len(axes), patch_step(image)))


def _require_no_colours(image: Image, spec: FeatureSpec) -> None:
    for part in spec.parts:
        if part.name in COLOURS:
            raise InputError(
                f"expected a grey or colour picture for the features {part.name!r}; {_called(image)} has "
                f"{image.pixels.shape[2]} bands; ask for the features 'bands'"
            )


def _columns(name: str, weight: float, image: Image) -> Floats:
    """The columns of one kind of feature, for all valid pixels : (n, …)."""
    valid = image.valid
    if name == "xy":
        y, x = np.nonzero(valid)
        unit = np.float32(100 * weight / max(valid.shape))
        return np.stack([x, y], axis=1).astype(np.float32) * unit
    if name in {"texture", "grain"}:
        described = texture.texture if name == "texture" else grain.grain
        light = image.pixels[..., 0].astype(np.float32) if image.colour == "bands" else _planes(image, "grey")[..., 0]
        largest = float(np.abs(light).max())
        if not largest < _LARGEST:
            raise InputError(
                f"expected samples up to {_LARGEST:.0e} for {name}, which squares them; got {largest:.3g}; "
                "divide them by a power of 10"
            )
        return described(light, valid)[valid]
    if name == "tone":
        return tone.tone(_planes(image, "grey" if image.colour == "grey" else "lab"), valid)[valid]
    if name == "bands":
        return image.pixels[valid].astype(np.float32)
    return colour.converted(_light(image), name)


def _planes(image: Image, space: str) -> Floats:
    """The channels of a colour space : (h, w, …) float32, 0 where a pixel is left out; bands as they are."""
    if image.colour == "bands":
        return image.pixels.astype(np.float32)
    columns = colour.converted(_light(image), space)
    planes = np.zeros((*image.valid.shape, columns.shape[1]), np.float32)
    planes[image.valid] = columns
    return planes


def _light(image: Image) -> NDArray[Any]:
    """The valid pixels : (n, 3), uint8 or from 0 to 1."""
    values = _triples(image)[image.valid]
    return values if values.dtype == np.uint8 else values.astype(np.float32) / np.float32(full_scale(image))


def _triples(image: Image) -> NDArray[Any]:
    """Three channels, of grey as of colour."""
    pixels = image.pixels
    return np.ascontiguousarray(np.repeat(pixels, 3, axis=2)) if pixels.shape[2] == 1 else pixels


def _ready(columns: list[Floats]) -> Floats:
    rows = columns[0] if len(columns) == 1 else np.concatenate(columns, axis=1)
    return np.ascontiguousarray(rows, np.float32)


def _resolution(spec: FeatureSpec, rows: Floats, image: Image) -> Doubles:
    steps: list[float] = []
    for part in spec.parts:
        width = len(part_axes(part, image.colour, image.pixels.shape[2]))
        if part.name == "bands" or (part.name == "tone" and image.colour == "bands"):
            own = rows[:: max(1, len(rows) // 100_000), len(steps) : len(steps) + width].std(axis=0, dtype=np.float64)
            steps.extend(_SHARE * own)
        else:
            steps.extend([_STEP] * width)
    return np.array(steps)


def _called(image: Image) -> str:
    return image.name or "this picture"
