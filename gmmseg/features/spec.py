"""What a pixel is described by, as users write it: "lab", "rgb,xy:0.5", "grey,texture"."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from gmmseg.errors import InputError
from gmmseg.files import Image

COLOURS = {"rgb": 3, "lab": 3, "luv": 3, "hsv": 3, "grey": 1}
_NAMES = (*COLOURS, "bands", "xy", "texture")


@dataclass(frozen=True)
class Part:
    """One kind of feature and its weight; only position has a weight other than 1."""

    name: str
    weight: float = 1.0

    def __str__(self) -> str:
        return self.name if self.weight == 1 else f"{self.name}:{self.weight:g}"


@dataclass(frozen=True)
class FeatureSpec:
    """The features of a pixel, one kind after the other.

    Attributes
    ----------
    parts : tuple of Part
        At least one; no kind twice.
    """

    parts: tuple[Part, ...]

    @classmethod
    def parse(cls, text: str) -> FeatureSpec:
        """The spec that a user wrote: names joined by commas, and a weight behind "xy:"."""
        if not isinstance(text, str):
            raise InputError(f"expected features as text such as 'lab' or 'lab,xy:0.5'; got {text!r}")
        parts = tuple(_part(word.strip()) for word in text.split(","))
        names = [part.name for part in parts]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise InputError(f"expected every kind of feature once; got {', '.join(twice)} twice in {text!r}")
        return cls(parts)

    @classmethod
    def usual(cls, image: Image) -> FeatureSpec:
        """What suits a picture when the user has no wish: "lab", "grey" or "bands"."""
        return cls((Part({"rgb": "lab", "grey": "grey"}.get(image.colour, "bands")),))

    def __str__(self) -> str:
        return ",".join(str(part) for part in self.parts)


def _part(word: str) -> Part:
    name, colon, weight = word.partition(":")
    if name not in _NAMES:
        raise InputError(f"expected features among {', '.join(_NAMES)}, joined by commas; got {word!r}")
    if not colon:
        return Part(name)
    try:
        number = float(weight)
    except ValueError:
        number = -1.0
    if name != "xy" or not isfinite(number) or number <= 0:
        raise InputError(f"expected a weight above 0, and behind xy alone, as in 'lab,xy:0.5'; got {word!r}")
    return Part(name, number)
