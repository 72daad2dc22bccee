"""Which format a kind of output takes, and folders of files that appear together."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gmmseg.errors import FileError
from gmmseg.outputs.kinds import TABLE
from gmmseg.outputs.labelled import Labelled

_GREY = 65535  # numbers that 16 bits hold beside the one for what was left out
_JPEG = 65500  # pixels a side
_OURS = re.compile(r"\d+\.(png|tif)")


def suffix_of(kind: str, seg: Labelled) -> str:
    """The suffix of the files of a kind: what the picture's place on earth, its size or its segments call for."""
    usual, *other = TABLE[kind].suffixes
    if not other:
        return usual
    if usual == ".jpg":
        unusual = max(seg.labels.shape) > _JPEG
    else:
        unusual = bool(seg.image.geo) or (kind == "regions" and int(seg.regions.max()) >= _GREY)
    return other[0] if unusual else usual


@contextmanager
def appearing_folder(path: Path) -> Iterator[Path]:
    """A folder to write numbered files into, which is at `path` when the block ends and nowhere if the block fails.

    Where there is a folder already, the new files take the places of the old, and those that an earlier run wrote
    beyond go: masks of ten segments are none of a picture that now has eight. Everything else stays.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        draft.mkdir()
        yield draft
        if not path.exists():
            draft.rename(path)
            return
        if not path.is_dir():
            raise FileError(f"cannot make the folder {path}: a file is in the way; choose another name")
        earlier = _numbered(path)
        fresh = list(draft.iterdir())
        for file in fresh:
            file.replace(path / file.name)
        for name in earlier - {file.name for file in fresh}:
            (path / name).unlink()
    except FileError:
        raise
    except OSError as error:
        raise FileError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _numbered(path: Path) -> set[str]:
    """The files of a folder that an earlier run wrote.

    They are numbered from 0 without a gap, with as many digits as the last. What is numbered otherwise may be
    somebody's own, and stays.
    """
    names = {file.name for file in path.iterdir() if _OURS.fullmatch(file.name)}
    count = len(names)
    for suffix in (".png", ".tif"):
        if names == {f"{i:0{len(str(count - 1))}d}{suffix}" for i in range(count)}:
            return names
    return set()
