"""Many pictures looked at side by side: each is read small, described, and kept as a thumbnail of a few kilobytes."""

from __future__ import annotations

import io
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from gmmseg.albums.describing import DESCRIPTORS
from gmmseg.arguments import require_count
from gmmseg.arrays import Doubles
from gmmseg.errors import FileError, GmmsegError, InputError
from gmmseg.files import Image, Source, listed, write_picture
from gmmseg.files.image import is_pillow
from gmmseg.files.small import read_small

_MOST = 8  # threads unless more are asked for: each may hold a whole picture
_AHEAD = 4  # pictures a thread that may wait for the ones before them
_QUALITY = 82  # of thumbnails: 3 or 4 kilobytes each, which is nothing for thousands

Progress = Callable[[int, int | None], object]
Troubled = Callable[[Path, str], object]


@dataclass(frozen=True, eq=False)
class Look:
    """What is kept of a picture.

    Attributes
    ----------
    path : Path
        Its file; of what is no file, what it is called.
    description : (D,) float64
    mean : (3,) float64
        Its mean colour.
    thumbnail : bytes
        JPEG.
    """

    path: Path
    description: Doubles = field(repr=False)
    mean: Doubles = field(repr=False)
    thumbnail: bytes = field(repr=False)


@dataclass(frozen=True)
class Trouble:
    """A picture that could not be read, and why, in one line."""

    path: Path
    reason: str


def looks(
    sources: Any,
    features: str,
    *,
    recursive: bool = False,
    threads: int | None = None,
    max_pixels: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Look | Trouble]:
    """What is to be kept of each picture, or why nothing is, in the order of the sources.

    Only a few pictures are in memory at any time, whatever their number.

    Parameters
    ----------
    sources : path, folder, glob, picture, or iterable of these
    features : str
    recursive : bool
        Folders include what is below them.
    threads : int, optional
        All processors by default, up to 8.
    max_pixels : int, optional
    progress : callable, optional
        Called as progress(done, total) after each picture, in the thread of the caller; total is None where nobody
        knows. What it raises ends the work.
    """
    describe = DESCRIPTORS[features].row
    crew = _usual_threads() if threads is None else require_count("threads", threads)
    pictures, total = _pictures(sources, recursive)

    def look(picture: tuple[Any, Path]) -> Look | Trouble:
        source, path = picture
        try:
            small = read_small(source, max_pixels=max_pixels)
            thumbnail = io.BytesIO()
            write_picture(thumbnail, small.pixels, format="jpeg", quality=_QUALITY)
            return Look(path, describe(small), small.mean, thumbnail.getvalue())
        except (GmmsegError, MemoryError) as error:
            return Trouble(path, _reason(error, path))

    pool = ThreadPoolExecutor(crew, thread_name_prefix="gmmseg-look")
    waiting: deque[Future[Look | Trouble]] = deque()
    done = 0
    try:
        for picture in pictures:
            waiting.append(pool.submit(look, picture))
            if len(waiting) < crew * _AHEAD:
                continue
            yield waiting.popleft().result()
            done += 1
            if progress is not None:
                progress(done, total)
        while waiting:
            yield waiting.popleft().result()
            done += 1
            if progress is not None:
                progress(done, total)
    finally:
        pool.shutdown(cancel_futures=True)


def _usual_threads() -> int:
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(processors, _MOST))


def _pictures(sources: Any, recursive: bool) -> tuple[Iterable[tuple[Any, Path]], int | None]:
    """What to read, with what it is called, and how many there are if that is known."""
    if isinstance(sources, str | PathLike | Source):
        sources = [sources]
    elif _is_picture(sources):
        return [(sources, _called(sources, 0))], 1
    try:
        several = sources if isinstance(sources, list | tuple) else iter(sources)
    except TypeError:
        raise InputError(
            f"expected pictures as paths, folders, arrays or a list of these; got {type(sources).__name__}"
        ) from None
    if isinstance(several, list | tuple) and all(isinstance(one, str | PathLike) for one in several):
        found = listed(several, recursive=recursive)
        return [(source, source.path) for source in found], len(found)
    counted = len(several) if isinstance(several, list | tuple) else None
    if isinstance(several, list | tuple) and any(isinstance(one, str | PathLike) for one in several):
        counted = None  # one of them may be a folder
    return _one_by_one(several, recursive), counted


def _one_by_one(several: Iterable[Any], recursive: bool) -> Iterator[tuple[Any, Path]]:
    number = 0
    for one in several:
        found = listed(one, recursive=recursive) if isinstance(one, str | PathLike) else (one,)
        for source in found:
            yield source, source.path if isinstance(source, Source) else _called(source, number)
            number += 1


def _is_picture(given: Any) -> bool:
    """Whether this is one picture: an image, bytes, an open file, or an array of as many dimensions as one has."""
    if isinstance(given, Image | bytes | bytearray | memoryview) or is_pillow(given):
        return True
    return getattr(given, "ndim", 4) <= 3 or callable(getattr(given, "read", None))


def _called(given: Any, number: int) -> Path:
    name = getattr(given, "name", "") or getattr(given, "filename", "")
    return Path(name) if isinstance(name, str) and name else Path(f"picture-{number}")


def _reason(error: GmmsegError | MemoryError, path: Path) -> str:
    from gmmseg.files.sources import shown

    name = shown(str(path))
    if isinstance(error, MemoryError):
        return f"cannot read {name}: it needs more memory than there is; make it smaller, or use fewer threads"
    return str(error) if isinstance(error, FileError) else f"cannot read {name}: {error}"
