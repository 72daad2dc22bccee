"""What goes wrong with one input among many, and what goes wrong for all of them."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from gmmseg.cli.leaving import ClosedPipe
from gmmseg.errors import FileError, GmmsegError

_FULL = {errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)}


@dataclass(frozen=True)
class Failed:
    """Why nothing came of an input; `work` is what was to be done with it."""

    error: GmmsegError | MemoryError
    path: Path
    work: str = "segment"

    @property
    def reason(self) -> str:
        """One line that names the file."""
        from gmmseg.files.sources import shown

        name = shown(str(self.path))
        if isinstance(self.error, MemoryError):
            return (
                f"cannot {self.work} {name}: it needs more memory than there is; make it smaller, or use fewer --jobs"
            )
        return str(self.error) if isinstance(self.error, FileError) else f"cannot {self.work} {name}: {self.error}"

    @property
    def hopeless(self) -> bool:
        """Whether this would go wrong for every other input too: a full disk, a reader that has gone."""
        cause = self.error.__context__
        return isinstance(cause, OSError) and (isinstance(cause, BrokenPipeError) or cause.errno in _FULL)

    def raise_if_hopeless(self) -> None:
        """Raise what would go wrong for every other input too."""
        if self.hopeless:
            if isinstance(self.error.__context__, BrokenPipeError):
                raise ClosedPipe from None
            raise self.error


def require_writable(folder: Path) -> None:
    """Refuse a folder for outputs that cannot be written to, or made, before any work is done."""
    there = folder
    while not os.path.lexists(there) and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise FileError(f"cannot write to the folder {folder}: {there} is a file; choose another with -o")
    if not os.access(there, os.W_OK | os.X_OK):
        raise FileError(f"cannot write to the folder {folder}: no permission in {there}; choose another with -o")
