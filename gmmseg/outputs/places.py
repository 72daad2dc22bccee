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
from gmmseg.segmentation import Segmentation

_GREY = 65535  # numbers that 16 bits hold beside the one for what was left out
_JPEG = 65500  # pixels a side
_OURS = re.compile(r"\d+\.(png|tif)")


def suffix_of(kind: str, seg: Segmentation) -> str:
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

    Where there is a folder already, the new files take the places of the old, whose surplus goes: masks of ten
    segments are none of a picture that now has eight. Files of other names stay.
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
        fresh = list(draft.iterdir())
        for file in fresh:
            file.replace(path / file.name)
        names = {file.name for file in fresh}
        for old in path.iterdir():
            if _OURS.fullmatch(old.name) and old.name not in names:
                old.unlink()
    except FileError:
        raise
    except OSError as error:
        raise FileError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
