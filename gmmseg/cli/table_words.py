"""Words that options of tables take, checked before any table is touched."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from gmmseg.cli.words import counts
from gmmseg.errors import InputError


def sizes(ctx: click.Context, param: click.Parameter, value: str) -> str | int | tuple[int, ...]:
    """A number of clusters, several to choose among, or "auto"."""
    several = counts(ctx, param, value)
    if len(several) == 1:
        return several[0]
    numbers = tuple(word for word in several if not isinstance(word, str))
    if len(numbers) < len(several):
        raise click.BadParameter(f'expected whole numbers with commas between them, or "auto" alone; got {value!r}')
    return numbers


def kinds(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Kinds of output with commas between them, each once."""
    if value is None:
        return None
    from gmmseg.tables.kinds import chosen

    try:
        return chosen(value)
    except InputError as error:
        raise click.BadParameter(str(error)) from None


def kinds_begun(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The kinds that the word behind the last comma may become."""
    from gmmseg.tables.kinds import KINDS

    before, comma, begun = incomplete.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{kind}", help=about) for kind, about in KINDS.items() if kind.startswith(begun)
    ]
