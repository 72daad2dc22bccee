"""The files of a collection copied or linked into a folder for each cluster; nothing is moved, replaced or deleted."""

from __future__ import annotations

import errno
import filecmp
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from gmmseg.albums.looking import Trouble
from gmmseg.errors import FileError, InputError
from gmmseg.files import folder as folder_at
from gmmseg.files.sources import shown

if TYPE_CHECKING:
    from gmmseg.albums.album import Collection

Progress = Callable[[int, int], object]
_HOPELESS = {errno.ENOSPC, errno.EROFS, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC}


@dataclass(frozen=True)
class Placed:
    """What became of the files.

    Attributes
    ----------
    paths : tuple of Path
        Where each picture is now; without those that failed.
    there : int
        How many of them were there already.
    failures : tuple of Trouble
        Pictures that could not be placed.
    """

    paths: tuple[Path, ...]
    there: int
    failures: tuple[Trouble, ...]


def into(
    found: Collection, folder: str | PathLike[str], how: str = "copy", *, progress: Progress | None = None
) -> Placed:
    """Place every picture's file in the folder of its most probable cluster: folder/cluster-0/photo.jpg.

    A file of the same name and content is left as it is, so doing it again changes nothing; a link does not stand for
    a copy, which must outlive the original. Where a different file has the name, the new one takes the name of its own
    folder too (monday-photo.jpg), and then a number. Files appear whole or not at all.

    Parameters
    ----------
    found : Collection
    folder : path
        Made if it is not there.
    how : {"copy", "link", "hardlink"}
        Copies keep times and permissions; links are symbolic, and relative unless they would leave everything but the
        root behind.
    progress : callable, optional
        Called as progress(done, total) after each file. What it raises ends the work.

    Returns
    -------
    Placed

    Raises
    ------
    FileError
        The folder cannot be made, or the disk is full or read-only.
    """
    if how not in _WAYS:
        raise InputError(f"expected how among {', '.join(_WAYS)}; got {how!r}")
    place, is_same = _WAYS[how]
    root = folder_at(folder)
    digits = len(str(found.k - 1))
    taken: set[tuple[Path, str]] = set()
    paths: list[Path] = []
    failures: list[Trouble] = []
    there = 0
    for number, (source, label) in enumerate(zip(found.files, found.labels.tolist(), strict=True), 1):
        cluster = folder_at(root / f"cluster-{label:0{digits}d}")
        try:
            if not source.is_file():
                raise FileNotFoundError(errno.ENOENT, "it is no file")
            for name in _names(source):
                if (cluster, name.casefold()) in taken:
                    continue
                target = cluster / name
                known = os.path.lexists(target)
                if known and not is_same(source, target):
                    continue
                if not known and not place(source, target):
                    continue  # somebody else has just taken the name
                there += known
                taken.add((cluster, name.casefold()))
                paths.append(target)
                break
        except OSError as error:
            if error.errno in _HOPELESS:
                raise FileError(f"cannot write to {shown(str(cluster))}: {error.strerror or error}") from error
            failures.append(Trouble(source, f"cannot {how} {shown(str(source))}: {error.strerror or error}"))
        if progress is not None:
            progress(number, found.n)
    return Placed(tuple(paths), there, tuple(failures))


def _names(source: Path) -> Iterator[str]:
    """The names that a file may take, the best first."""
    yield source.name
    parent = Path(os.path.abspath(source)).parent.name  # noqa: PTH100 - as it was named, links not resolved
    if parent:
        yield f"{parent}-{source.name}"
    number = 2
    while True:
        yield f"{source.stem}-{number}{source.suffix}"
        number += 1


def _copy(source: Path, target: Path) -> bool:
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        shutil.copy2(source, draft)
        return _named(draft, target)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _named(draft: Path, target: Path) -> bool:
    """Give a finished file its name unless there is one by now; renaming would replace it."""
    try:
        os.link(draft, target)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            return False
        draft.rename(target)
    return True


def _is_copy(source: Path, target: Path) -> bool:
    return not target.is_symlink() and target.is_file() and filecmp.cmp(source, target, shallow=False)


def _link(source: Path, target: Path) -> bool:
    own, place = Path(os.path.realpath(source)), Path(os.path.realpath(target.parent))
    try:
        near = len(Path(os.path.commonpath([own, place])).parts) > 1
    except ValueError:  # on different drives
        near = False
    try:
        target.symlink_to(os.path.relpath(own, place) if near else own)
    except FileExistsError:
        return False
    return True


def _is_link(source: Path, target: Path) -> bool:
    leads_there = target.is_symlink() and os.path.realpath(target) == os.path.realpath(source)
    return leads_there or _is_copy(source, target)


def _hardlink(source: Path, target: Path) -> bool:
    try:
        os.link(os.path.realpath(source), target)
    except FileExistsError:
        return False
    return True


_WAYS: dict[str, tuple[Callable[[Path, Path], bool], Callable[[Path, Path], bool]]] = {
    "copy": (_copy, _is_copy),
    "link": (_link, _is_link),
    "hardlink": (_hardlink, _is_copy),
}
