"""What a user may wish of outputs, checked."""

from __future__ import annotations

from dataclasses import dataclass

from gmmseg.errors import InputError

PALETTES = ("distinct", "mean")
DEPTHS = (8, 16)


@dataclass(frozen=True)
class Wishes:
    """Options of the outputs; see `gmmseg.outputs.save`."""

    palette: str = "distinct"
    command: str = ""
    depth: int = 8

    def __post_init__(self) -> None:
        if self.palette not in PALETTES:
            raise InputError(f"expected a palette among {', '.join(PALETTES)}; got {self.palette!r}")
        if self.depth not in DEPTHS or isinstance(self.depth, bool):
            raise InputError(f"expected a depth of 8 or 16 bits; got {self.depth!r}")
