"""Where a clip was left: the model and all that the outputs need to go on, in one file."""

from __future__ import annotations

import json
import os
import re
import secrets
import zipfile
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.archives import damaged
from gmmseg.errors import FileError, InputError
from gmmseg.files.sources import shown
from gmmseg.footage.tally import Tally

if TYPE_CHECKING:
    from gmmseg.video import BackgroundModel

KIND = "state of a clip"
_VERSION = 1
_HEADER = "footage.json"
_PREFIX = "footage-"
_LEVEL = 3
_BROKEN = (ValueError, KeyError, TypeError, EOFError, AttributeError, OverflowError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Position:
    """How far a clip is done.

    Attributes
    ----------
    settings : dict
        What must be the same for the rest to be as if nothing had come between.
    lengths : dict
        Bytes of the outputs that are text, by kind.
    annotations : int
        In the COCO file.
    seconds : float
        Spent so far.
    done : bool
        Whether the clip was finished; then the file is kept for its model.
    source : dict
        What clip it is, which must be the same too; see `gmmseg.footage.identity`.
    """

    settings: dict[str, Any]
    lengths: dict[str, int] = field(default_factory=dict)
    annotations: int = 0
    seconds: float = 0.0
    done: bool = False
    source: dict[str, Any] = field(default_factory=dict)

    def check(self, settings: dict[str, Any], path: Path) -> None:
        """Refuse to go on with other settings."""
        _require_same(self.settings, settings, "settings", path)

    def check_source(self, source: dict[str, Any], path: Path) -> None:
        """Refuse to go on with another clip, or to look elsewhere in it."""
        _require_same(self.source, source, "clip and region", path)


def _require_same(before: dict[str, Any], now: dict[str, Any], what: str, path: Path) -> None:
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            raise InputError(
                f"expected {name} {before.get(name)!r}, as when {shown(str(path))} was written; got {now.get(name)!r}; "
                f"go on with the same {what}, or begin anew with --overwrite"
            )


def draft_of(model: BackgroundModel, path: Path) -> Path:
    """The model in a file of its own beside `path`, to which the rest is added when the outputs are as far."""
    draft = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    model.save(draft)
    return draft


def completed(draft: Path, position: Position, tally: Tally) -> None:
    """Add where the outputs are to a model's file."""
    record, arrays = tally.packed()
    header = {"version": _VERSION, "position": asdict(position), "tally": record}
    try:
        with zipfile.ZipFile(draft, "a", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            archive.writestr(_HEADER, json.dumps(header))
            for name, array in arrays.items():
                with archive.open(f"{_PREFIX}{name}.npy", "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, array, allow_pickle=False)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
    except OSError as error:
        raise FileError(f"cannot write {shown(str(draft))}: {error.strerror or error}") from None


def published(draft: Path, path: Path) -> None:
    """Let a draft take its place."""
    try:
        draft.replace(path)
    except OSError as error:
        raise FileError(f"cannot write {shown(str(path))}: {error.strerror or error}") from None


def position_of(path: Path) -> tuple[Position, Tally] | None:
    """How far the clip is that a file is the state of; None if it holds a model alone."""
    try:
        with zipfile.ZipFile(path) as archive:
            if _HEADER not in archive.namelist():
                return None
            header = json.loads(archive.read(_HEADER))
            if header["version"] != _VERSION:
                raise FileError(
                    f"cannot read {shown(str(path))}: expected version {_VERSION} of the {KIND}; got "
                    f"{header['version']}; a newer gmmseg may read it"
                )
            arrays: dict[str, NDArray[Any]] = {}
            for name in archive.namelist():
                if name.startswith(_PREFIX):
                    with archive.open(name) as member:
                        array = np.lib.format.read_array(member, allow_pickle=False)
                    arrays[name.removeprefix(_PREFIX).removesuffix(".npy")] = array
        return Position(**header["position"]), Tally.unpacked(header["tally"], arrays)
    except (*_BROKEN, zipfile.BadZipFile, zlib.error):
        raise damaged(path, KIND, "it is damaged or a file of another kind") from None
    except FileError:
        raise
    except OSError as error:
        raise FileError(f"cannot read {shown(str(path))}: {error.strerror or error}") from None


def is_unfinished(path: Path) -> bool:
    """Whether the file at `path` says that a clip waits to be taken up again."""
    try:
        with zipfile.ZipFile(path) as archive:
            return not json.loads(archive.read(_HEADER))["position"]["done"]
    except (*_BROKEN, zipfile.BadZipFile, zlib.error, OSError):  # no such file, or no such kind of file
        return False


def swept(path: Path) -> None:
    """Take away what a process that was killed left of drafts, and of drafts of these."""
    ours = re.compile(rf"\.{{1,2}}{re.escape(path.stem)}\.[0-9a-f]{{8}}{re.escape(path.suffix)}(\.[0-9a-f]{{8}})?")
    for draft in path.parent.iterdir():
        if ours.fullmatch(draft.name):
            draft.unlink(missing_ok=True)
