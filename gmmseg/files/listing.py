"""Which files are meant: folders, globs and names on a command line, in natural order, each file once."""

from __future__ import annotations

import glob
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from os import PathLike
from pathlib import Path, PurePath

from gmmseg.files.sources import STDIN, shown

SUFFIXES = frozenset(
    {
        ".apng",
        ".avif",
        ".avifs",
        ".bmp",
        ".dib",
        ".gif",
        ".j2k",
        ".jfif",
        ".jp2",
        ".jpe",
        ".jpeg",
        ".jpf",
        ".jpg",
        ".jpx",
        ".mpo",
        ".pbm",
        ".pcx",
        ".pgm",
        ".png",
        ".pnm",
        ".ppm",
        ".psd",
        ".qoi",
        ".sgi",
        ".tga",
        ".tif",
        ".tiff",
        ".webp",
    }
)


@dataclass(frozen=True)
class Source:
    """A picture to be read, or why there is none.

    Attributes
    ----------
    path : Path
        Where it is; "-" is standard input.
    relative : Path
        Its place below the folder that was given, for outputs that mirror folders; else its name.
    problem : str
        Empty, or one line that says why there is nothing to read; `read` raises it as a FileError.
    """

    path: Path
    relative: Path
    problem: str = ""


def listed(
    inputs: str | PathLike[str] | Iterable[str | PathLike[str]],
    *,
    recursive: bool = False,
    suffixes: Set[str] = SUFFIXES,
    what: str = "pictures",
) -> tuple[Source, ...]:
    """The pictures that `inputs` name, in their order; within folders and globs in natural order.

    Parameters
    ----------
    inputs : paths
        Files; "-"; folders, for the pictures in them (by suffix, hidden ones skipped); globs such as
        "photos/**/*.jpg", unless a file of that very name exists. A missing file is listed too: reading it says so.
    recursive : bool
        Folders include what is below them.
    suffixes : set of str
        What files that are found, not named, end in.
    what : str
        What they are called.

    Returns
    -------
    tuple of Source
        A file that is named twice is listed once. Empty folders and globs without a match are entries with a problem.
    """
    found: list[Source] = []
    seen: set[str] = set()
    for given in [inputs] if isinstance(inputs, str | PathLike) else inputs:
        for source in _sources(os.fspath(given), recursive, _Wanted(frozenset(suffixes), what)):
            identity = str(source.path) if _is_stdin(source) else os.path.realpath(source.path)
            if identity not in seen:
                seen.add(identity)
                found.append(source)
    return tuple(found)


def natural(path: PurePath) -> tuple[object, ...]:
    """A key that sorts img2 before img10, and capital letters with small ones."""
    parts = tuple(
        tuple(
            (0, int(piece), "") if piece.isdecimal() else (1, 0, piece)
            for piece in re.split(r"(\d+)", part.casefold())
            if piece
        )
        for part in path.parts
    )
    return (parts, str(path))


def _is_stdin(source: Source) -> bool:
    return str(source.path) == STDIN


@dataclass(frozen=True)
class _Wanted:
    """What is looked for."""

    suffixes: frozenset[str]
    what: str


def _sources(given: str, recursive: bool, wanted: _Wanted) -> Iterator[Source]:
    path = Path(given)
    if given == STDIN:
        yield Source(path, Path("stdin"))
    elif os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where a name is too long or a folder locked
        yield from _in_folder(path, recursive, wanted) or [_nothing(path, recursive, wanted)]
    elif not os.path.lexists(path) and glob.has_magic(given):
        yield from _matching(given, wanted) or [Source(path, Path(path.name), _no_match(given))]
    else:
        if str(path) == STDIN:
            path = path.absolute()  # "./-" is a file
        yield Source(path, Path(path.name))


def _in_folder(folder: Path, recursive: bool, wanted: _Wanted) -> list[Source]:
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if recursive and not name.startswith(".")]
        for name in names:
            path = Path(parent, name)
            if not name.startswith(".") and path.suffix.lower() in wanted.suffixes:
                found.append(Source(path, path.relative_to(folder)))
    return sorted(found, key=lambda source: natural(source.relative))


def _matching(pattern: str, wanted: _Wanted) -> list[Source]:
    """Files that match; only such as are wanted, unless the pattern itself says which suffix they have."""
    plain = []
    for part in PurePath(pattern).parts:
        if glob.has_magic(part):
            break
        plain.append(part)
    base = Path(*plain)
    outspoken = not glob.has_magic(PurePath(pattern).suffix or "*")
    paths = (Path(name) for name in glob.iglob(pattern, recursive=True))  # noqa: PTH207 - a pattern may be absolute
    found = [
        Source(path, path.relative_to(base))
        for path in paths
        if path.is_file() and (outspoken or path.suffix.lower() in wanted.suffixes)
    ]
    return sorted(found, key=lambda source: natural(source.relative))


def _nothing(folder: Path, recursive: bool, wanted: _Wanted) -> Source:
    advice = "name another folder" if recursive else "look below it with --recursive, or name another folder"
    problem = f"cannot read {shown(str(folder))}: expected {wanted.what} in this folder; got none; {advice}"
    return Source(folder, Path(folder.name), problem)


def _no_match(pattern: str) -> str:
    return f"cannot read {shown(pattern)}: expected files that match this pattern; got none; check it"


def output_stems(sources: Sequence[Source]) -> list[Path]:
    """A relative path without suffix for each source, no two alike even where capital letters do not count.

    photo.jpg is "photo" and sub/photo.jpg "sub/photo". Where a.jpg and a.png both occur they are "a-jpg" and "a-png";
    files of one name from several folders take the folder's name too, and what is still alike is counted.
    """
    choices = [_stems(source) for source in sources]
    level = [0] * len(choices)
    while True:
        stems = [options[place] for options, place in zip(choices, level, strict=True)]
        alike = {key for key, count in Counter(map(_key, stems)).items() if count > 1}
        rising = [n for n, stem in enumerate(stems) if _key(stem) in alike and level[n] + 1 < len(choices[n])]
        if not rising:
            return _numbered(stems)
        for n in rising:
            level[n] += 1


def _stems(source: Source) -> list[Path]:
    """Names for a source, each longer than the one before."""
    relative = source.relative
    suffix = relative.suffix[1:]
    plain = relative.with_suffix("") if suffix else relative
    suffixed = plain.with_name(f"{plain.name}-{suffix}") if suffix else plain
    parent = Path(os.path.abspath(source.path)).parent.name  # noqa: PTH100 - as it was named, links not resolved
    if _is_stdin(source) or not parent:
        return [plain, suffixed]
    return [plain, suffixed, *(stem.with_name(f"{parent}-{stem.name}") for stem in (plain, suffixed))]


def _key(stem: Path) -> str:
    """What file systems that know no capital letters take for one name."""
    return unicodedata.normalize("NFC", str(stem)).casefold()


def _numbered(stems: list[Path]) -> list[Path]:
    counts = Counter(map(_key, stems))
    taken = {key for key, count in counts.items() if count == 1}
    numbered = []
    for stem in stems:
        chosen, number = stem, 1
        while counts[_key(stem)] > 1 and _key(chosen) in taken:
            number += 1
            chosen = stem.with_name(f"{stem.name}-{number}")
        taken.add(_key(chosen))
        numbered.append(chosen)
    return numbered
