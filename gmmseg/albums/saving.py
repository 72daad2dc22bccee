"""The outputs of a collection, into a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from gmmseg.albums import sheets, tables
from gmmseg.albums.kinds import planned
from gmmseg.errors import FileError
from gmmseg.files import folder as folder_at
from gmmseg.files import write_csv, write_json, write_picture

if TYPE_CHECKING:
    from gmmseg.albums.album import Collection

_OURS = re.compile(r"cluster-\d+\.jpg")


def save(
    found: Collection,
    folder: str | PathLike[str],
    kinds: str | Iterable[str] | None = None,
    *,
    command: str = "",
) -> tuple[Path, ...]:
    """Write outputs of several kinds into a folder.

    Parameters
    ----------
    found : Collection
    folder : path
        Made if it is not there.
    kinds : str or iterable of str, optional
        Names of `gmmseg.albums.KINDS`, or text with commas between them; by default all of them.
    command : str
        The command line that does the same, for the JSON.

    Returns
    -------
    tuple of Path
        What was written. Every file appears whole or not at all.
    """
    paths = planned(kinds, folder)
    folder_at(folder)
    written: list[Path] = []
    for name, path in paths.items():
        if name == "sheets":
            written += _sheets(found, path)
            continue
        if name == "overview":
            write_picture(path, sheets.overview(found))
        elif name == "csv":
            write_csv(path, found.table())
        elif name == "json":
            write_json(path, tables.record(found, command))
        else:
            found.model.save(path)
        written.append(path)
    return tuple(written)


def _sheets(found: Collection, folder: Path) -> list[Path]:
    """A sheet for each cluster that has pictures; those of an earlier run with more clusters go."""
    folder_at(folder)
    digits = len(str(found.k - 1))
    written = []
    for cluster in range(found.k):
        if found.counts[cluster]:
            path = folder / f"cluster-{cluster:0{digits}d}.jpg"
            write_picture(path, sheets.sheet(found, cluster))
            written.append(path)
    names = {path.name for path in written}
    try:
        for path in folder.iterdir():
            if _OURS.fullmatch(path.name) and path.name not in names:
                path.unlink()
    except OSError as error:
        raise FileError(f"cannot write {folder}: {error.strerror or error}") from None
    return written
