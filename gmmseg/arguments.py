"""Checks of what callers pass."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from numbers import Real
from typing import Any

import numpy as np

from gmmseg.errors import InputError


def require_count(name: str, given: object) -> int:
    """`given` as a whole number of at least 1."""
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < 1:
        raise InputError(f"expected {name} as a whole number of at least 1; got {given!r}")
    return int(given)


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


def is_number(given: object) -> bool:
    """Whether `given` is a finite real number, of Python's or NumPy's."""
    if not isinstance(given, Real) or isinstance(given, bool):
        return False
    try:
        return bool(np.isfinite(float(given)))
    except OverflowError:  # a whole number of hundreds of digits
        return False


def generator(seed: int | np.random.Generator) -> np.random.Generator:
    """A random generator from a seed, or the one given."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise InputError(f"expected a seed as a whole number of at least 0 or a Generator; got {seed!r}") from None
