"""Background models run over labelled clips and scored, clip by clip, side by side."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import GmmsegError, InputError
from gmmseg.evaluate.detection import Detection, detection
from gmmseg.evaluate.evaluation import Failure
from gmmseg.evaluate.reliability import Reliability, reliability
from gmmseg.evaluate.side_by_side import Progress, side_by_side
from gmmseg.evaluate.video_evaluation import VideoEvaluation, VideoScore

Subtractor = Callable[[NDArray[Any]], tuple[ArrayLike, ArrayLike | None]]
_Kind = tuple[tuple[int, ...], np.dtype[Any]]


class Labelled(Protocol):
    """What is asked of a clip; `labelled_clips` gives such clips."""

    @property
    def category(self) -> str:
        """The category that the clip counts for."""

    @property
    def name(self) -> str:
        """What the clip is called."""

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of the frames."""

    @property
    def truths(self) -> Mapping[int, Any]:
        """Has the numbers of those frames that are scored."""

    def pixels(self, number: int) -> NDArray[Any]:
        """A frame : (h, w) or (h, w, 3)."""

    def truth(self, number: int, shape: tuple[int, int]) -> NDArray[np.uint8]:
        """The truth of a frame of this shape : (h, w) uint8."""

    def inside(self, shape: tuple[int, int]) -> Flags | None:
        """Where frames of this shape are scored : (h, w) bool, or None for everywhere."""


def evaluate_video(
    clips: Sequence[Labelled],
    subtractors: Mapping[str, Callable[[], Subtractor]],
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> VideoEvaluation:
    """Run every background model over every clip, and score its masks against the truth.

    Parameters
    ----------
    clips : sequence of LabelledClip
        As from `labelled_clips`, or anything with the same attributes.
    subtractors : mapping of str to callable
        For each setting's name, a function that makes a new subtractor for a clip: a function from a frame, (h, w)
        or (h, w, 3), to its mask, (h, w) bool, and the probability of foreground, (h, w) float, or None.
    jobs : int, optional
        How many clips are worked on side by side; all processors if left out.
    progress : callable, optional
        Called as progress(done, total), in frames, from the threads that work, one call at a time.

    Returns
    -------
    VideoEvaluation
        The same whatever the number of jobs, but for the seconds. A clip that cannot be read, or a subtractor that
        raises a GmmsegError, gives a Failure and the rest goes on; any other exception ends the evaluation.
    """
    if not clips or not subtractors:
        raise InputError(
            f"expected clips and background models to evaluate; got {len(clips)} clips and {len(subtractors)} models"
        )
    done = _Done(sum(len(clip.numbers) for clip in clips), progress)
    # The longest first, so that no thread begins on it when the others are about to end.
    order = sorted(range(len(clips)), key=lambda i: -len(clips[i].numbers))
    found = side_by_side([clips[i] for i in order], lambda clip: _clip(clip, subtractors, done), jobs)
    by_clip = dict(zip(order, found, strict=True))
    results = [result for i in range(len(clips)) for result in by_clip[i]]
    return VideoEvaluation(
        tuple(subtractors),
        tuple(result for result in results if isinstance(result, VideoScore)),
        tuple(result for result in results if isinstance(result, Failure)),
    )


class _Done:
    """Counts frames over all threads."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._lock = threading.Lock()
        self._frames, self._total, self._progress = 0, total, progress

    def more(self, frames: int) -> None:
        with self._lock:
            self._frames += frames
            if self._progress is not None and frames:
                self._progress(self._frames, self._total)


@dataclass
class _Run:
    """One setting on one clip, so far."""

    name: str
    subtractor: Subtractor | None = None
    scored: list[tuple[int, Detection]] = field(default_factory=list)
    reliability: Reliability | None = None
    seconds: float = 0.0
    error: str = ""


def _clip(
    clip: Labelled, subtractors: Mapping[str, Callable[[], Subtractor]], done: _Done
) -> list[VideoScore | Failure]:
    """One clip through all models at once, so that its pictures are read once."""
    runs = [_Run(name) for name in subtractors]
    seen = 0
    for run in runs:
        try:
            run.subtractor = subtractors[run.name]()
        except GmmsegError as error:
            run.error = str(error)
    try:
        inside: Flags | None = None
        kind: _Kind | None = None
        for number in clip.numbers:
            if all(run.error for run in runs):
                break
            pixels = clip.pixels(number)
            if kind is None:
                kind, inside = (pixels.shape, pixels.dtype), clip.inside(pixels.shape[:2])
            _require_same(clip, number, kind, (pixels.shape, pixels.dtype))
            truth = clip.truth(number, pixels.shape[:2]) if number in clip.truths else None
            for run in runs:
                _frame(run, number, pixels, truth, inside)
            seen += 1
            done.more(1)
    except GmmsegError as error:  # what is lost of a clip is lost for all
        for run in runs:
            run.error = run.error or str(error)
    done.more(len(clip.numbers) - seen)
    title = f"{clip.category}/{clip.name}"
    return [
        Failure(run.name, title, run.error)
        if run.error
        else VideoScore(run.name, clip.category, clip.name, seen, tuple(run.scored), run.reliability, run.seconds)
        for run in runs
    ]


def _frame(run: _Run, number: int, pixels: NDArray[Any], truth: NDArray[np.uint8] | None, inside: Flags | None) -> None:
    """Let one model see a frame, and score it where there is a truth."""
    if run.error or run.subtractor is None:
        return
    try:
        begin = time.perf_counter()
        mask, probability = run.subtractor(pixels)
        run.seconds += time.perf_counter() - begin
        if truth is None:
            return
        run.scored.append((number, detection(mask, truth, inside)))
        if probability is not None:
            own = reliability(probability, truth, inside)
            run.reliability = own if run.reliability is None else run.reliability + own
    except GmmsegError as error:
        run.error = f"frame {number}: {error}"


def _require_same(clip: Labelled, number: int, first: _Kind, now: _Kind) -> None:
    if first != now:
        raise InputError(
            f"expected all frames of {clip.name} in one size and type, {first[0]} {first[1]}; "
            f"got {now[0]} {now[1]} in frame {number}; make them alike"
        )
