"""A lesson as files of several kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gmmseg.errors import FileError
from gmmseg.figures.plots.drawing import write_figure
from gmmseg.files import clip_writer, folder, write_csv
from gmmseg.lessons.kinds import MOVING, STILL, TABLE, chosen

if TYPE_CHECKING:
    from gmmseg.lessons.lesson import Lesson

_RATE = 12  # frames a second, as clips call it; every frame has a time of its own
_FIRST, _EARLY, _LATER, _LAST = 1.5, 0.6, 0.25, 3.0  # seconds that a frame is seen
_SLOW = 5  # steps that are seen for long


def save(
    lesson: Lesson,
    place: str | PathLike[str],
    kinds: str | Iterable[str] | None = None,
    *,
    stem: str | None = None,
    stopped: Callable[[], bool] | None = None,
) -> tuple[Path, ...]:
    """Write kinds of output into a folder; what was written, in their order. See `Lesson.save`."""
    names = chosen(kinds)
    stem = (Path(lesson.material.name).stem or "lesson") if stem is None else stem
    where = folder(place)
    paths = {name: where / f"{stem}-{TABLE[name].name}" for name in names}
    for name in names:
        if name == "csv":
            write_csv(paths[name], lesson.table())
        elif name in STILL:
            write_figure(lesson.strip(), paths[name])
    moving = [paths[name] for name in names if name in MOVING]
    if moving:
        write_animations(lesson, moving, stopped)
    return tuple(paths.values())


def write_animations(lesson: Lesson, paths: Sequence[Path], stopped: Callable[[], bool] | None = None) -> None:
    """Write all frames to each path, a frame for as long as it takes to see what changed; nothing if stopped.

    A clip that breaks off keeps what it has, which of an animation is of no use: so they grow in a folder that goes.
    """
    try:
        with TemporaryDirectory(prefix=".", dir=paths[0].parent) as place:
            drafts = [Path(place) / path.name for path in paths]
            if _written(lesson, drafts, stopped):
                for draft, path in zip(drafts, paths, strict=True):
                    draft.replace(path)
    except OSError as error:  # which names a draft that is gone
        cause = error.__context__ if isinstance(error, FileError) else error
        reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else error
        raise FileError(f"cannot write {' and '.join(map(str, paths))}: {reason}") from None


def _written(lesson: Lesson, paths: Sequence[Path], stopped: Callable[[], bool] | None) -> bool:
    """Write all frames to each path; false if it was stopped before the last."""
    steps, frames = lesson.steps, lesson.frames()
    frame = next(frames)
    with ExitStack() as stack:
        clips = [stack.enter_context(clip_writer(path, frame.shape[1], frame.shape[0], _RATE)) for path in paths]
        time = 0.0
        for step in steps:
            if stopped is not None and stopped():
                for clip in clips:
                    clip.keep = False  # not even a frame may be there
                return False
            for clip in clips:
                clip.write(frame, time)
            time += _FIRST if step == 0 else _EARLY if step <= _SLOW else _LATER
            frame = frame if step == steps[-1] else next(frames)
        for clip in clips:
            clip.write(frame, time + _LAST)  # in some formats a last frame has no duration
    return True


def planned(kinds: str | Iterable[str] | None, place: str | PathLike[str], stem: str) -> tuple[Path, ...]:
    """Where outputs of these kinds go."""
    return tuple(Path(place) / f"{stem}-{TABLE[name].name}" for name in chosen(kinds))
