"""The kinds of output of a lesson, and the names of their files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gmmseg.choosing import chosen_kinds


@dataclass(frozen=True)
class Kind:
    """One kind of output: a line about it, and what stands behind the input's own name."""

    about: str
    name: str


TABLE: dict[str, Kind] = {
    "strip": Kind("the chosen steps side by side, as a PNG", "strip.png"),
    "svg": Kind("the same as an SVG, for slides and print", "strip.svg"),
    "pdf": Kind("the same as a PDF", "strip.pdf"),
    "gif": Kind("every step as an animation, for any page or slide", "steps.gif"),
    "webp": Kind("the same as an animated WebP, which is smaller", "steps.webp"),
    "mp4": Kind("the same as a clip, to be paused", "steps.mp4"),
    "csv": Kind("the log-likelihood after every step, and the squared distance of k-means", "climb.csv"),
}
KINDS: dict[str, str] = {name: kind.about for name, kind in TABLE.items()}
STILL = ("strip", "svg", "pdf")
MOVING = ("gif", "webp", "mp4")
USUAL = ("strip", "gif")


def chosen(kinds: str | Iterable[str] | None) -> tuple[str, ...]:
    """The kinds that are meant, each once."""
    return chosen_kinds(kinds, TABLE, USUAL)
