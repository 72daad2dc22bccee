"""What a pixel is described by, as users write it: "lab", "rgb,xy:0.5", "grey,texture", "patch:8"."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from gmmseg.errors import InputError
from gmmseg.files import Image

COLOURS = {"rgb": 3, "lab": 3, "luv": 3, "hsv": 3, "grey": 1}
PATCHES = {"patch": 1, "colourpatch": 3}  # with their channels
_NAMES = (*COLOURS, "bands", "xy", "texture", "tone", "grain", *PATCHES)
_SIZES = (2, 16)  # of patches; 16 × 16 in colour are 768 dimensions
_USUAL = 8


@dataclass(frozen=True)
class Part:
    """One kind of feature.

    Attributes
    ----------
    name : str
    weight : float
        Of position; others have 1.
    size : int
        Side of a patch in pixels; 0 of what is no patch.
    stride : int
        Pixels from one patch to the next.
    """

    name: str
    weight: float = 1.0
    size: int = 0
    stride: int = 1

    def __str__(self) -> str:
        if self.name in PATCHES:
            return f"{self.name}:{self.size}" + (f"/{self.stride}" if self.stride > 1 else "")
        return self.name if self.weight == 1 else f"{self.name}:{self.weight:g}"


@dataclass(frozen=True)
class FeatureSpec:
    """The features of a pixel, one kind after the other.

    Attributes
    ----------
    parts : tuple of Part
        At least one; no kind twice, and patches alone.
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
        patches = [part for part in parts if part.name in PATCHES]
        if patches and len(parts) > 1:
            raise InputError(f"expected patches alone; got {text!r}; ask for {str(patches[0])!r}")
        return cls(parts)

    @classmethod
    def usual(cls, image: Image) -> FeatureSpec:
        """What suits a picture when the user has no wish: "lab", "grey" or "bands"."""
        return cls((Part({"rgb": "lab", "grey": "grey"}.get(image.colour, "bands")),))

    @property
    def patches(self) -> bool:
        """Whether pixels are described by the patches around them."""
        return self.parts[0].name in PATCHES

    def __str__(self) -> str:
        return ",".join(str(part) for part in self.parts)


def _part(word: str) -> Part:
    name, colon, number = word.partition(":")
    if name not in _NAMES:
        raise InputError(f"expected features among {', '.join(_NAMES)}, joined by commas; got {word!r}")
    if name in PATCHES:
        return _patch(word, name, number if colon else str(_USUAL))
    if not colon:
        return Part(name)
    try:
        weight = float(number)
    except ValueError:
        weight = -1.0
    if name != "xy" or not isfinite(weight) or weight <= 0:
        raise InputError(f"expected a weight above 0, and behind xy alone, as in 'lab,xy:0.5'; got {word!r}")
    return Part(name, weight)


def _patch(word: str, name: str, numbers: str) -> Part:
    size, slash, stride = numbers.partition("/")
    given = [size, stride if slash else "1"]
    low, high = _SIZES
    if all(text.isascii() and text.isdigit() and len(text) < 3 for text in given):
        side, step = map(int, given)
        if low <= side <= high and 1 <= step <= side:
            return Part(name, size=side, stride=step)
    raise InputError(
        f"expected a size from {low} to {high} and a stride up to the size, as in '{name}:8' or '{name}:8/2'; "
        f"got {word!r}"
    )
