"""All outputs that grow frame by frame, opened, written, marked and finished together."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.errors import FileError
from gmmseg.figures.foreground import foreground_alone
from gmmseg.files.sources import shown
from gmmseg.footage.kinds import part_of
from gmmseg.footage.seen import Seen
from gmmseg.footage.state import Position
from gmmseg.footage.tables import Boxes, Coco, Frames
from gmmseg.footage.tally import Tally

_LOSSLESS = {"mkv", "png", "webp"}
_AUDIBLE = {"mkv", "mp4"}


@dataclass(frozen=True)
class Wanted:
    """What is written of a clip.

    Attributes
    ----------
    paths : mapping
        Of each kind that is wanted.
    formats : mapping
        Of each kind that is a clip.
    name : str
        The clip's.
    shape : (int, int)
        Height and width of its frames.
    rate : Fraction
        Frames a second.
    sound_of : source or None
        Where the overlay's sound comes from.
    """

    paths: Mapping[str, Path]
    formats: Mapping[str, str]
    name: str
    shape: tuple[int, int]
    rate: Fraction
    sound_of: Any = None


class Outputs:
    """The outputs of a clip, from its first frame on or from where an earlier run left it.

    Clips are opened with the first frame, which their time begins with. If the block fails, or no frame came, what is
    unfinished is taken away, unless `keep` says that it can be taken up again.
    """

    def __init__(self, wanted: Wanted, tally: Tally, taken: Position | None) -> None:
        self._wanted = wanted
        self._tally = tally
        self._taken = taken
        self._stack = ExitStack()
        self._clips: list[tuple[Any, Callable[[Seen], NDArray[Any]]]] = []
        self._texts: dict[str, Boxes | Frames | Coco] = {}
        self._opened = False
        self.keep = taken is not None

    def __enter__(self) -> Outputs:
        lengths = {} if self._taken is None else self._taken.lengths
        count = 0 if self._taken is None else self._taken.annotations
        for kind, path in self._wanted.paths.items():
            keep = lengths.get(kind)
            if kind == "boxes":
                self._texts[kind] = Boxes(path, keep)
            elif kind == "csv":
                self._texts[kind] = Frames(path, keep)
            elif kind == "coco":
                self._texts[kind] = Coco(path, keep, name=self._wanted.name, shape=self._wanted.shape, count=count)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for clip, _ in self._clips:
            clip.keep = error is None or self.keep
        try:
            self._stack.__exit__(kind, error, trace)
            if error is None and len(self._tally):
                for text in self._texts.values():
                    text.finish(self._tally)
        except BaseException:
            self._abandon()
            raise
        if error is not None or not len(self._tally):
            self._abandon()

    def _abandon(self) -> None:
        for text in self._texts.values():
            text.file.abandon(keep=self.keep)

    def open(self) -> None:
        """Open the clips; the tally has the first frame already, which is where their time begins."""
        from gmmseg.files.clips import clip_writer

        self._opened = True
        height, width = self._wanted.shape
        times = self._tally.times
        for kind, draw in DRAWN.items():
            if kind not in self._wanted.paths:
                continue
            path, suffix = self._wanted.paths[kind], self._wanted.formats[kind]
            plane = kind in PLANES
            options: dict[str, Any] = {"colour": not plane, "lossless": plane and suffix in _LOSSLESS}
            if kind == "overlay" and suffix in _AUDIBLE and self._wanted.sound_of is not None:
                options |= {"sound_of": self._wanted.sound_of, "sound_from": times[0]}
            if self._taken is not None:
                part = part_of(path)
                options |= {"continues": part if part.exists() else path, "until": times[-1] - times[0]}
            elif suffix == "png":
                _emptied(path)
            # A folder is told by the separator at its end, since its name has dots.
            place = f"{path}{os.sep}" if suffix == "png" else path
            clip = self._stack.enter_context(clip_writer(place, width, height, self._wanted.rate, **options))
            self._clips.append((clip, draw))
            if self._taken is not None and clip.frames != len(times):
                raise FileError(
                    f"cannot go on with {shown(str(path))}: expected {len(times)} frames, as the state tells; "
                    f"got {clip.frames}; begin anew with --overwrite"
                )

    def write(self, seen: Seen) -> None:
        """One more frame, which the tally has already."""
        if not self._opened:
            self.open()
        for clip, draw in self._clips:
            clip.write(draw(seen), seen.frame.time - self._tally.times[0])
        for text in self._texts.values():
            text.write(seen)

    def mark(self) -> dict[str, Any]:
        """How long the texts are, safely on the disk, and how many annotations there are."""
        coco = self._texts.get("coco")
        return {
            "lengths": {kind: text.file.safe() for kind, text in self._texts.items()},
            "annotations": coco.count if isinstance(coco, Coco) else 0,
        }


PLANES = ("mask", "probability")
TEXTS = ("boxes", "coco", "csv")
DRAWN: dict[str, Callable[[Seen], NDArray[Any]]] = {
    "mask": lambda seen: seen.blobs.mask.view(np.uint8) * np.uint8(255),
    "overlay": lambda seen: seen.overlay,
    "foreground": lambda seen: foreground_alone(seen.picture, seen.blobs.mask),
    "probability": lambda seen: _levels(seen.foreground.probability),
}


def _emptied(folder: Path) -> None:
    """Take the frames of an earlier run out of a folder."""
    if folder.is_dir():
        for path in folder.iterdir():
            if re.fullmatch(r"\d{6,}\.png", path.name):
                path.unlink()


def _levels(probability: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Probabilities as bytes : (h, w)."""
    levels = probability * np.float32(255)
    levels += np.float32(0.5)
    np.clip(levels, 0, 255, out=levels)
    return levels.astype(np.uint8)
