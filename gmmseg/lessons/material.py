"""What a lesson is about: rows of a table or colours of a picture, and how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from gmmseg.arrays import Doubles, Floats
from gmmseg.errors import InputError
from gmmseg.features import Features, FeatureSpec, displayed, features_of
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.plots.photo_tint import tinted_by_share
from gmmseg.files import Image, in_srgb
from gmmseg.files.records import Records
from gmmseg.lessons.plane import Plane
from gmmseg.mixture import Mixture

_LONGEST = 480  # pixels of the photo's long side, as it is drawn
_MOST_COLUMNS = 256  # each step inverts covariances of so many rows and columns


@dataclass(frozen=True, eq=False)
class Material:
    """Rows, and how they are drawn.

    Attributes
    ----------
    name : str
        Of the file, or "".
    rows : (n, d) float32 or float64
        What mixtures are fitted to: columns of a table in units of their standard deviation, or features of pixels.
    names : tuple of str
        Of the axes that rows are drawn along.
    plane : Plane
    resolution : (d,) float64 or None
        No component is narrower.
    own : (n, 3) uint8 or None
        The colours of pixels.
    photo : Photo or None
    notes : tuple of str
    """

    name: str
    rows: Floats
    names: tuple[str, ...]
    plane: Plane
    resolution: Doubles | None = None
    own: Bytes | None = field(default=None, repr=False)
    photo: Photo | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Photo:
    """A picture made small, to be tinted.

    Attributes
    ----------
    pixels : (h, w, 3) uint8
    features : Features
    """

    pixels: Bytes = field(repr=False)
    features: Features = field(repr=False)

    def tinted(self, mixture: Mixture, colours: Bytes) -> Bytes:
        """The picture in the mixed colours of what shares each pixel."""
        shares = mixture.responsibilities(self.features.rows)
        return tinted_by_share(self.pixels, shares, self.features.index, colours)


def of_table(records: Records, most: int, seed: int) -> Material:
    """Rows of a table; of more than `most`, some drawn by lot, and none with a missing value.

    Each column is divided by its standard deviation, so that "round" means something; what is drawn of one or two
    columns is in the columns' own units.
    """
    if not isinstance(records.values, np.ndarray):
        raise InputError("expected a table whose cells are all there; got a sparse one; choose a few columns of it")
    if records.values.shape[1] > _MOST_COLUMNS:
        raise InputError(
            f"expected at most {_MOST_COLUMNS} columns; got {records.values.shape[1]} in {records.name}; choose some"
        )
    notes = list(records.notes)
    whole = np.asarray(~np.isnan(records.values).any(axis=1))
    rows = records.values[whole]
    if not whole.all():
        notes.append(f"left out {np.count_nonzero(~whole)} of {len(whole)} rows, in which a value is missing")
    if not len(rows):
        raise InputError(f"expected rows without missing values; got none in {records.name}; choose other columns")
    if len(rows) > most:
        notes.append(f"{most} of the {len(rows)} rows, drawn by lot")
        rows = rows[np.sort(np.random.default_rng(seed).choice(len(rows), most, replace=False))]
    with np.errstate(over="ignore", invalid="ignore"):
        mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(scale > 1e-12 * np.abs(mean), scale, 1.0)
    if not (np.isfinite(mean).all() and np.isfinite(scale).all()):
        raise InputError(
            "expected numbers whose squares can be added up; got larger ones; divide them by a power of 10"
        )
    units = (rows - mean) / scale
    if rows.shape[1] <= 2:
        return Material(records.name, units, records.columns, Plane.of_columns(scale, mean), notes=tuple(notes))
    plane = Plane.principal(units)
    return Material(records.name, units, principal_names(plane), plane, notes=tuple(notes))


def of_image(image: Image, features: str | FeatureSpec | None, most: int, seed: int) -> Material:
    """The colours, or other features, of at most so many pixels, drawn by lot."""
    small = reduced(in_srgb(image), _LONGEST)
    spec = features if isinstance(features, FeatureSpec) else None
    if spec is None:
        spec = FeatureSpec.usual(small) if features is None else FeatureSpec.parse(str(features))
    seen = features_of(small, spec)
    pixels = displayed(small)
    counts = seen.weights / seen.weights.sum()
    total = round(float(seen.weights.sum()))
    by_lot = total > most
    if not by_lot:
        chosen = np.repeat(np.arange(len(seen.rows)), np.rint(seen.weights).astype(np.intp))
    else:
        chosen = np.random.default_rng(seed).choice(len(seen.rows), most, p=counts)
    own = np.zeros((len(seen.rows), 3), np.uint8)
    valid = seen.index >= 0
    own[seen.index[valid]] = pixels[valid]
    rows = seen.rows[chosen]
    notes = (f"{len(rows)} of the {image.height * image.width} pixels, drawn by lot",) if by_lot else ()
    if rows.shape[1] <= 2:
        width = rows.shape[1]
        plane, names = Plane.of_columns(np.ones(width), np.zeros(width)), seen.axes
    else:
        plane = Plane.principal(rows)
        names = principal_names(plane)
    photo = Photo(pixels, seen)
    return Material(image.name, rows, names, plane, seen.resolution, own[chosen], photo, notes)


def reduced(image: Image, longest: int) -> Image:
    """The picture at most so long, each pixel the mean of a block; a block with a pixel left out is left out."""
    block = -(-max(image.height, image.width) // longest)
    if block == 1:
        return image
    down, across = min(block, image.height), min(block, image.width)
    tall, wide = image.height // down, image.width // across
    pixels = image.pixels[: tall * down, : wide * across].reshape(tall, down, wide, across, -1).mean(axis=(1, 3))
    if image.pixels.dtype != np.float32:
        pixels = np.rint(pixels)
    valid = image.valid[: tall * down, : wide * across].reshape(tall, down, wide, across).all(axis=(1, 3))
    if not valid.any():
        valid = image.valid[: tall * down, : wide * across].reshape(tall, down, wide, across).any(axis=(1, 3))
    return replace(image, pixels=pixels.astype(image.pixels.dtype), valid=np.asarray(valid), alpha=None)


def principal_names(plane: Plane) -> tuple[str, ...]:
    """What the axes of a plane of principal directions are called."""
    shares = np.zeros(2) if plane.shares is None else plane.shares
    first, second = (round(100 * float(share)) for share in shares)
    return (f"1st principal direction, {first} % of variance", f"2nd, {second} %")
