"""Words that options of clips take, checked before any clip is touched."""

from __future__ import annotations

import math
import re
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from gmmseg.errors import InputError


def kinds(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Kinds of output with commas between them, each once."""
    if value is None:
        return None
    from gmmseg.footage.kinds import chosen

    try:
        return chosen(value)
    except InputError as error:
        raise click.BadParameter(str(error)) from None


def kinds_begun(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The kinds that the word behind the last comma may become."""
    from gmmseg.footage.kinds import KINDS

    before, comma, begun = incomplete.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{kind}", help=about) for kind, about in KINDS.items() if kind.startswith(begun)
    ]


def formats(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | dict[str, str] | None:
    """One format for all clips, or some kinds with a format each."""
    if value is None:
        return None
    from gmmseg.footage.kinds import formats_of

    given: str | dict[str, str] = value.strip()
    if "=" in value:
        pairs = (word.partition("=") for word in value.split(","))
        given = {kind.strip(): suffix.strip() for kind, _, suffix in pairs}
    try:
        formats_of(given)
    except InputError as error:
        raise click.BadParameter(str(error)) from None
    return given


def preset(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """One of the background model's presets."""
    if value is None:
        return None
    from gmmseg.video import PRESETS

    names = dict.fromkeys(("default", *PRESETS))
    if value not in names:
        raise click.BadParameter(f"expected a preset among {', '.join(names)}; got {value!r}")
    return value


def moment(_ctx: click.Context, _param: click.Parameter, value: str | None) -> float | None:
    """A time in a clip in seconds: 90, 90.5, 1:30 or 0:01:30."""
    if value is None:
        return None
    parts = value.split(":")
    plain = len(parts) <= 3 and all(re.fullmatch(r"\d+", part) for part in parts[:-1])
    if not plain or not re.fullmatch(r"\d+(\.\d*)?|\.\d+", parts[-1]) or any(float(part) >= 60 for part in parts[1:]):
        raise click.BadParameter(f"expected a time in seconds, or as h:mm:ss; got {value!r}")
    return math.fsum(float(part) * 60**place for place, part in enumerate(reversed(parts)))


def region(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Path | tuple[float, ...] | None:
    """A picture, or x, y, width and height of a box in pixels."""
    if value is None:
        return None
    parts = value.split(",")
    if len(parts) == 4 and all(re.fullmatch(r"\s*\d+\s*", part) for part in parts):
        box = tuple(float(part) for part in parts)
        if box[2] < 1 or box[3] < 1:
            raise click.BadParameter(f"expected a box of at least one pixel; got {value!r}")
        return box
    path = Path(value)
    if not path.is_file():
        raise click.BadParameter(f"expected a picture, or x,y,width,height in pixels; got {value!r}, which is neither")
    return path


def size(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """Width and height with an x between them."""
    if value is None:
        return None
    found = re.fullmatch(r"([1-9]\d{0,5})[x×]([1-9]\d{0,5})", value)
    if found is None:
        raise click.BadParameter(f"expected a width and a height, as in 640x480; got {value!r}")
    return int(found.group(1)), int(found.group(2))
