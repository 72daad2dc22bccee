"""What is wrong with a clip, in words that help."""

from __future__ import annotations

import errno
import os

from gmmseg.errors import FileError


def reason(error: BaseException) -> str:
    """Why FFmpeg or the system gave up, in a few words."""
    from av.error import ExitError, InvalidDataError

    if isinstance(error, InvalidDataError):
        return "damaged data"
    if isinstance(error, ExitError | TimeoutError):
        return "nothing came for too long"
    if isinstance(error, MemoryError):
        return "it needs more memory than there is"
    number = getattr(error, "errno", None)
    if isinstance(number, int) and number in errno.errorcode:
        return os.strerror(number)
    text = " ".join((getattr(error, "strerror", None) or str(error)).split())
    return text[:120] or type(error).__name__


def unreadable(name: str, got: str, do: str, expected: str = "a clip") -> FileError:
    """The error for what cannot be read."""
    return FileError(f"cannot read {name}: expected {expected}; got {got}; {do}")
