"""Numba with a cache that helps where it can and never stands in the way."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from numba import njit
from numba.core.caching import FunctionCache

Function = TypeVar("Function", bound=Callable[..., Any])

# Every float that reaches a kernel is finite (rows are checked, parameters validated), so the compiler may assume so;
# sums may be reordered into vector lanes, which is the same order on every run.
_FASTMATH = {"nnan", "ninf", "nsz", "arcp", "contract", "reassoc"}


@cache
def _sources(folder: Path) -> str:
    """A digest of a folder's sources: a change in any of them must not find the others' old machine code."""
    return sha256(b"".join(path.read_bytes() for path in sorted(folder.glob("*.py")))).hexdigest()


class _ForgivingCache(FunctionCache):
    """A cache on disk whose troubles (full disk, truncated entry, lost folder) cost a compilation and no more."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except (OSError, EOFError, pickle.UnpicklingError, ValueError, AttributeError, ImportError, KeyError):
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except (OSError, EOFError, pickle.PickleError, ValueError):
            self.disable()

    def _index_key(self, sig: Any, codegen: Any) -> Any:
        return (*super()._index_key(sig, codegen), _sources(Path(self._py_func.__code__.co_filename).parent))


def compiled(function: Function) -> Function:
    """Compile a kernel on first use, without the GIL, and keep the machine code on disk where that is possible.

    Numba refuses to decorate at all where it finds no place it could write to; then the code is compiled anew in
    every process, and works.
    """
    dispatcher = njit(nogil=True, fastmath=_FASTMATH, error_model="numpy")(function)
    with suppress(RuntimeError, OSError):
        dispatcher._cache = _ForgivingCache(function)
    compiled_function: Function = dispatcher
    return compiled_function
