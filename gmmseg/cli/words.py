"""Words that options take, checked before any picture is touched."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module

import click
from click.shell_completion import CompletionItem

from gmmseg.errors import InputError


def count(_ctx: click.Context, _param: click.Parameter, value: str) -> int | str:
    """A number of segments, or "auto"."""
    if value == "auto":
        return value
    if not (value.isascii() and value.isdigit() and int(value) >= 1):
        raise click.BadParameter(f'expected a whole number of at least 1, or "auto"; got {value!r}')
    return int(value)


def counts(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int | str, ...]:
    """Several numbers of segments with commas between them, each once."""
    return tuple(dict.fromkeys(count(ctx, param, word.strip()) for word in value.split(",")))


def kinds_of(room: str) -> Callable[[click.Context, click.Parameter, str | None], tuple[str, ...] | None]:
    """The check of kinds of output with commas between them, each once, against those that a room knows."""

    def kinds(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
        if value is None:
            return None
        known = import_module(room).KINDS
        words = tuple(dict.fromkeys(word.strip() for word in value.split(",")))
        for word in words:
            if word not in known:
                raise click.BadParameter(f"expected kinds among {', '.join(known)}, joined by commas; got {word!r}")
        return words

    return kinds


def kinds_begun_of(room: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """What completes the word behind the last comma to one of the kinds that a room knows."""

    def kinds_begun(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        before, comma, begun = incomplete.rpartition(",")
        return [
            CompletionItem(f"{before}{comma}{kind}", help=about)
            for kind, about in import_module(room).KINDS.items()
            if kind.startswith(begun)
        ]

    return kinds_begun


def features(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Features as `gmmseg.features.FeatureSpec` reads them."""
    if value is not None:
        from gmmseg.features import FeatureSpec

        try:
            FeatureSpec.parse(value)
        except InputError as error:
            raise click.BadParameter(str(error)) from None
    return value


def finite(_ctx: click.Context, _param: click.Parameter, value: float | None) -> float | None:
    """A number that ranges can tell from others: NaN is in all of them."""
    if value is not None and math.isnan(value):
        raise click.BadParameter(f"expected a number; got {value}")
    return value
