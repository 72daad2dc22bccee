"""Text files that grow with a clip, and can be cut back to where they once were."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from gmmseg.errors import FileError
from gmmseg.files.sources import shown
from gmmseg.footage.kinds import part_of


class Growing:
    """A text file that is NAME.part.SUFFIX until it is finished.

    Parameters
    ----------
    path : Path
        Where it will be.
    keep : int, optional
        Go on with the file of an earlier run, behind this many of its bytes.
    """

    def __init__(self, path: Path, keep: int | None = None) -> None:
        self._path = path
        self._part = part_of(path)
        try:
            if keep is None:
                self._file: BinaryIO = self._part.open("wb")
                return
            if not self._part.exists():
                path.replace(self._part)
            self._file = self._part.open("r+b")
            if self._file.seek(0, os.SEEK_END) < keep:
                self._file.close()
                raise FileError(
                    f"cannot go on with {shown(str(path))}: expected at least {keep} bytes; got fewer; begin anew"
                )
            self._file.truncate(keep)
            self._file.seek(keep)
        except OSError as error:
            raise self._failed(error) from None

    def write(self, text: str) -> None:
        """Append text."""
        try:
            self._file.write(text.encode("utf-8", "replace"))
        except OSError as error:
            raise self._failed(error) from None

    def safe(self) -> int:
        """How many bytes there are, when all of them are on the disk."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            return self._file.tell()
        except OSError as error:
            raise self._failed(error) from None

    def finish(self) -> None:
        """Give the file its name."""
        try:
            self.safe()
            self._file.close()
            self._part.replace(self._path)
        except OSError as error:
            raise self._failed(error) from None

    def abandon(self, *, keep: bool) -> None:
        """Leave the file as it is, to be taken up again, or take it away."""
        with suppress(OSError):  # something went wrong before, which is what should be told
            self._file.close()
        with suppress(OSError):
            if not keep:
                self._part.unlink(missing_ok=True)

    def _failed(self, error: OSError) -> FileError:
        if isinstance(error, FileError):
            return error
        return FileError(f"cannot write {shown(str(self._path))}: {error.strerror or error}")
