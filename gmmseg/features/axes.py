"""What the columns of features are called."""

from __future__ import annotations

from gmmseg.features import colour, grain, texture
from gmmseg.features.patches import patch_axes
from gmmseg.features.spec import COLOURS, PATCHES, FeatureSpec, Part


def axes_of(spec: FeatureSpec, pictures: str, bands: int) -> tuple[str, ...]:
    """The names of the columns, of pictures that are "rgb", "grey" or "bands", and have so many."""
    return tuple(axis for part in spec.parts for axis in part_axes(part, pictures, bands))


def part_axes(part: Part, pictures: str, bands: int) -> tuple[str, ...]:
    """The names of the columns of one kind of feature."""
    if part.name in PATCHES:
        return patch_axes(part.size, PATCHES[part.name])
    if part.name == "tone":
        inner = Part({"rgb": "lab", "grey": "grey"}.get(pictures, "bands"))
        return tuple(f"mean {axis}" for axis in part_axes(inner, pictures, bands))
    if part.name == "bands":
        return tuple(f"band {b + 1}" for b in range(bands))
    return {"xy": ("x", "y"), "texture": texture.AXES, "grain": grain.AXES, **colour.AXES}[part.name]


def axes_for(spec: FeatureSpec, d: int) -> tuple[str, ...] | None:
    """The names of `d` columns, whatever pictures they are of, colour before bands; None if no picture has so many."""
    known = any(part.name in COLOURS for part in spec.parts)  # then there are no bands
    kinds = [("rgb", 3), ("grey", 1), *([] if known else [("bands", b) for b in range(1, d + 1)])]
    for pictures, bands in kinds:
        names = axes_of(spec, pictures, bands)
        if len(names) == d:
            return names
    return None
