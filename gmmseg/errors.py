"""The errors of gmmseg: each says what was expected, what came and what to do about it.

All of them are `GmmsegError`; each is also the built-in error that a caller would look for.
"""

from __future__ import annotations


class GmmsegError(Exception):
    """The family of everything that gmmseg raises on purpose."""


class InputError(GmmsegError, ValueError):
    """An argument has a value, a shape or a type that cannot be worked with."""


class FileError(GmmsegError, OSError):
    """A file cannot be read or written, or holds something else than it should."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""
