"""Which clips are meant: files, folders of frames or of clips, patterns, cameras, addresses."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from gmmseg.files.clips.addresses import is_address
from gmmseg.files.clips.inspecting import SUFFIXES as CLIPS
from gmmseg.files.listing import SUFFIXES as PICTURES
from gmmseg.files.listing import Source, natural, output_stems
from gmmseg.files.sources import STDIN, shown
from gmmseg.footage.kinds import TABLE
from gmmseg.footage.process import stem_of

_MOVING = frozenset({".gif", ".webp", ".apng"})  # pictures that may be clips
_OURS = tuple(f".{kind.name}" for kind in TABLE.values() if kind.clip)


@dataclass(frozen=True)
class ClipSource:
    """A clip to be read, or why there is none.

    Attributes
    ----------
    given : str
        What `gmmseg.files.read_clip` takes.
    stem : Path
        What its outputs are called, below their folder.
    problem : str
        Empty, or one line that says why there is nothing to read.
    live : bool
        Whether another time it may be another clip.
    """

    given: str
    stem: Path
    problem: str = ""
    live: bool = False


def clips_of(inputs: Iterable[str | PathLike[str]]) -> tuple[ClipSource, ...]:
    """The clips that `inputs` name, in their order, each once.

    A folder with pictures in it is one clip, and so is a pattern that matches pictures; other folders and patterns
    stand for the clips in them, but for those that are outputs of ours.
    """
    found: dict[str, tuple[str, Source]] = {}
    for given in inputs:
        for name, source in _sources(os.fspath(given)):
            found.setdefault(name if _is_live(name) else os.path.realpath(name), (name, source))
    stems = output_stems([source for _, source in found.values()])
    return tuple(
        ClipSource(name, stem, source.problem, _is_live(name))
        for (name, source), stem in zip(found.values(), stems, strict=True)
    )


def _is_live(given: str) -> bool:
    return given == STDIN or is_address(given)


def _sources(given: str) -> Iterator[tuple[str, Source]]:
    """What is meant, each as it is read and as it is called."""
    path = Path(given)
    if _is_live(given):
        # Stems of addresses have no suffix that could be taken away.
        yield given, Source(Path(STDIN), Path(stem_of(given)))
    elif os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where a name is too long or a folder locked
        yield from _in_folder(given, path)
    elif not os.path.lexists(path) and glob.has_magic(given):
        yield from _matching(given)
    else:
        yield given, Source(path, Path(path.name))


def _in_folder(given: str, folder: Path) -> Iterator[tuple[str, Source]]:
    try:
        entries = [entry for entry in folder.iterdir() if not entry.name.startswith(".") and entry.is_file()]
    except OSError as error:
        problem = f"cannot read {shown(given)}: {error.strerror or error}"
        yield given, Source(folder, Path(stem_of(given)), problem)
        return
    if any(entry.suffix.lower() in PICTURES - _MOVING for entry in entries):
        yield given, Source(folder, Path(folder.resolve().name))
        return
    clips = sorted((entry for entry in entries if _is_clip(entry)), key=natural)
    for clip in clips:
        yield str(clip), Source(clip, Path(clip.name))
    if not clips:
        problem = f"cannot read {shown(given)}: expected clips, or the frames of one, in this folder; got none"
        yield given, Source(folder, Path(folder.resolve().name), f"{problem}; name another")


def _matching(pattern: str) -> Iterator[tuple[str, Source]]:
    paths = [Path(name) for name in glob.iglob(pattern, recursive=True)]  # noqa: PTH207 - a pattern may be absolute
    files = sorted((path for path in paths if path.is_file() and not _is_output(path)), key=natural)
    if files and all(path.suffix.lower() in PICTURES - _MOVING for path in files):
        yield pattern, Source(files[0], Path(stem_of(pattern)))
        return
    for path in files:
        if path.suffix.lower() not in PICTURES - _MOVING:
            yield str(path), Source(path, Path(path.name))
    if not files:
        problem = f"cannot read {shown(pattern)}: expected files that match this pattern; got none; check it"
        yield pattern, Source(Path(pattern), Path(stem_of(pattern)), problem)


def _is_clip(path: Path) -> bool:
    return path.suffix.lower() in CLIPS | _MOVING and not _is_output(path)


def _is_output(path: Path) -> bool:
    """Whether a file that was found, not named, is called as an output of ours is."""
    return path.stem.removesuffix(".part").endswith(_OURS)
