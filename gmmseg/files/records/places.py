"""Which columns of a table are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gmmseg.errors import InputError

_SHOWN = 12  # names that a message lists


def column_places(wanted: str | Sequence[str | int], names: Sequence[str]) -> list[int]:
    """The places of the columns that are wanted, in that order, each once.

    Parameters
    ----------
    wanted : str or sequence
        Text as on the command line, names and numbers from 1 on with commas between them, 2-5 for a range; or a
        sequence of names, and of places from 0 on.
    names : sequence of str
        All columns there are.
    """
    index = {name: place for place, name in reversed(list(enumerate(names)))}
    places: list[int] = []
    if isinstance(wanted, str):
        for word in (part.strip() for part in wanted.split(",")):
            places += [index[word]] if word in index else _range(word, names)
    elif not isinstance(wanted, Iterable):
        raise InputError(f"expected columns as text, or as a sequence of names and places; got {wanted!r}")
    else:
        for one in wanted:
            places.append(_place(one, index, names))
    if not places:
        raise InputError("expected at least one column; got none; leave the choice out for all numeric ones")
    return list(dict.fromkeys(places))


def _place(one: object, index: dict[str, int], names: Sequence[str]) -> int:
    if isinstance(one, str) and one in index:
        return index[one]
    if isinstance(one, int) and not isinstance(one, bool) and 0 <= one < len(names):
        return one
    raise InputError(f"expected columns among {listed(names)}; got {one!r}")


def _range(word: str, names: Sequence[str]) -> list[int]:
    found = re.fullmatch(r"(\d+)\s*(?:-\s*(\d+))?", word)
    if found is None:
        raise InputError(f"expected columns among {listed(names)}, or numbers from 1 to {len(names)}; got {word!r}")
    first, last = int(found.group(1)), int(found.group(2) or found.group(1))
    if not 1 <= first <= last <= len(names):
        raise InputError(f"expected columns from 1 to {len(names)}; got {word}")
    return list(range(first - 1, last))


def listed(names: Sequence[str]) -> str:
    """Names in a line, not too many of them."""
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
