"""Which kinds of output are meant, of those that a room knows; it loads nothing, as help asks for the kinds alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from gmmseg.errors import InputError


def chosen_kinds(kinds: object, known: Collection[str], usual: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds of output that are meant, each once: names in a sequence, or text with commas; `usual` for None."""
    if kinds is None:
        return usual
    words = kinds.split(",") if isinstance(kinds, str) else list(kinds) if isinstance(kinds, Iterable) else [kinds]
    names: list[Any] = [word.strip() if isinstance(word, str) else word for word in words]
    unknown = [name for name in names if not isinstance(name, str) or name not in known]
    if unknown or not names:
        got = ", ".join(map(repr, unknown)) or "none"
        raise InputError(f"expected kinds of output among {', '.join(known)}; got {got}; name some of these")
    return tuple(dict.fromkeys(names))
