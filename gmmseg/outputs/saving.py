"""Outputs of several kinds into a folder, side by side; or one into a file or a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gmmseg.errors import InputError
from gmmseg.outputs.kinds import TABLE, chosen
from gmmseg.outputs.wishes import Wishes

if TYPE_CHECKING:
    from gmmseg.segmentation import Segmentation

_THREADS = 2  # at work on different outputs; each holds a picture or two, and most use several threads themselves
_PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"}


def save(
    seg: Segmentation,
    folder: str | PathLike[str],
    kinds: str | Iterable[str] | None = None,
    *,
    stem: str | None = None,
    palette: str = "distinct",
    command: str = "",
    depth: int = 8,
) -> tuple[Path, ...]:
    """Write outputs of several kinds into a folder.

    Parameters
    ----------
    seg : Segmentation
    folder : path
        Made if it is not there.
    kinds : str or iterable of str, optional
        Names of `KINDS`, or text with commas between them; by default labels, overlay and csv.
    stem : str, optional
        What names begin with; by default the picture's own name without its suffix. With "photo" there will be
        photo-labels.png, with "" labels.png.
    palette : {"distinct", "mean"}
        Colours of labels, regions and overlay: ones that can be told apart, by colour-blind people too, or the mean
        colours of the segments.
    command : str
        The command line that does the same, for the report and the JSON.
    depth : {8, 16}
        Bits of the masks.

    Returns
    -------
    tuple of Path
        What was written, in the order of `kinds`. Every file appears whole or not at all; other outputs stay if one
        of them fails.
    """
    from gmmseg import files
    from gmmseg.outputs import places
    from gmmseg.outputs.writers import FOLDERS, WRITERS

    names = chosen(kinds)
    wishes = Wishes(palette, command, depth)
    stem = Path(seg.image.name).stem if stem is None else stem

    def one(name: str) -> tuple[Path, ...]:
        kind = TABLE[name]
        suffix = places.suffix_of(name, seg)
        path = kind.path(folder, stem, suffix)
        files.folder(path.parent)
        if kind.many:
            with places.appearing_folder(path) as draft:
                written = FOLDERS[name](seg, draft, wishes, suffix)
            return tuple(path / file.name for file in written)
        WRITERS[name](seg, path, wishes, suffix)
        return (path,)

    return each_saved(names, one)


def each_filed(
    names: Sequence[str], place: Callable[[str], Path], write: Callable[[str, Path], None]
) -> tuple[Path, ...]:
    """Write a file for each name with write(name, place(name)), in folders that are made; where they are."""
    from gmmseg.files import folder

    def one(name: str) -> tuple[Path, ...]:
        path = place(name)
        folder(path.parent)
        write(name, path)
        return (path,)

    return each_saved(names, one)


def each_saved(names: Sequence[str], one: Callable[[str], tuple[Path, ...]]) -> tuple[Path, ...]:
    """What one(name) writes for all names, side by side, in the order of the names; if one fails the others go on."""
    if len(names) == 1:
        return one(names[0])
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="gmmseg") as pool:
        waiting = [pool.submit(one, name) for name in names]
    return tuple(path for done in waiting for path in done.result())


def write(
    seg: Segmentation,
    kind: str,
    target: str | PathLike[str] | BinaryIO,
    *,
    palette: str = "distinct",
    command: str = "",
    depth: int = 8,
) -> None:
    """Write an output that is one file to a path, or into a file that is open for bytes.

    Pictures take the format that the path's suffix says, or else the one that `save` would choose. The options are
    those of `save`.
    """
    from gmmseg.outputs import places
    from gmmseg.outputs.writers import WRITERS

    names = chosen(kind)
    if len(names) != 1 or TABLE[names[0]].many:
        raise InputError(
            f"expected a kind of output that is one file; got {kind!r}, which is several; save it into a folder"
        )
    suffix = places.suffix_of(names[0], seg)
    own = Path(target).suffix.lower() if isinstance(target, str | PathLike) else ""
    if own in _PICTURES and suffix in _PICTURES:
        suffix = own
    WRITERS[names[0]](seg, target, Wishes(palette, command, depth), suffix)
