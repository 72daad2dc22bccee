"""Checks of what callers pass."""

from __future__ import annotations

from numbers import Real

import numpy as np

from gmmseg.errors import InputError


def require_count(name: str, given: object) -> int:
    """`given` as a whole number of at least 1."""
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < 1:
        raise InputError(f"expected {name} as a whole number of at least 1; got {given!r}")
    return int(given)


def require_seed(given: object) -> int:
    """`given` as a whole number of at least 0."""
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < 0:
        raise InputError(f"expected a seed as a whole number of at least 0; got {given!r}")
    return int(given)


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
