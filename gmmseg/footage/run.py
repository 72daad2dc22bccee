"""One pass through a clip, with states saved on the way."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gmmseg.figures.arguments import Bytes
from gmmseg.footage.belts import staged
from gmmseg.footage.seen import Seen
from gmmseg.footage.state import Position, completed, draft_of, published
from gmmseg.footage.tally import Tally
from gmmseg.footage.writing import Outputs
from gmmseg.video.blobs import blobs_of

if TYPE_CHECKING:
    from gmmseg.files.clips import Clip, Frame
    from gmmseg.video import BackgroundModel

_INTERVAL = 30.0  # seconds between saved states
_BURDEN = 20  # of this many seconds, saving states may take one
# Encoders hold some frames back, and files about a second: a state counts only when so much more was written.
_HELD = 64  # frames
_BUFFERED = 3  # seconds of the clip


@dataclass(frozen=True)
class _Saved:
    """A model's file on its way through the belts, behind the last frame that the model has seen."""

    draft: Path


@dataclass
class Run:
    """One pass through a clip: modelled, written and remembered, with states saved on the way.

    Attributes
    ----------
    resumable : bool
        Whether the clip and its outputs can be taken up again, so that states are of use.
    position : Position
        Where an earlier run left the outputs; after `through`, where this one did.
    """

    model: BackgroundModel
    clip: Clip
    outputs: Outputs
    tally: Tally
    position: Position
    state: Path
    begun: float
    resumable: bool = True
    learning_rate: float | None = None
    min_area: int = 0
    boxed: bool = False
    progress: Callable[[int, int | None], None] | None = None
    watch: Callable[[Bytes], None] | None = None

    def __post_init__(self) -> None:
        self._waiting: deque[tuple[int, Path]] = deque()  # how many frames must be written for which state to count
        self._before = self.position.seconds
        self._lag = _HELD + round(_BUFFERED * float(self.clip.rate))
        self._due = time.monotonic() + _INTERVAL

    def through(self, stopped: Callable[[], bool]) -> tuple[bool, BaseException | None]:
        """All frames; whether it was stopped early, and what interrupted the calling thread, if anything did."""
        early, interruption = False, None
        try:
            with self.outputs:
                if self.outputs.keep:
                    self.outputs.open()
                try:
                    early = staged(self._frames(), self._seen, self._written, stopped)
                except Exception:
                    raise
                except BaseException as error:  # noqa: BLE001 - raised again when all outputs are whole
                    interruption = error
                if len(self.tally):
                    self.position = self.here()  # before the outputs get their ends
        finally:
            for _, draft in self._waiting:
                draft.unlink(missing_ok=True)
        return early, interruption

    def _frames(self) -> Iterator[Frame]:
        """The frames that are not done yet."""
        done = self.tally.indices[-1] if len(self.tally) else -1
        for frame in self.clip:
            if frame.index > done:
                yield frame

    def _seen(self, frame: Frame) -> list[Seen | _Saved]:
        """Model a frame; now and then save the model too."""
        found = self.model.apply(frame.pixels, learning_rate=self.learning_rate)
        blobs = blobs_of(found.mask, found.probability, min_area=self.min_area)
        made: list[Seen | _Saved] = [Seen(frame, found, blobs, self.boxed, self.model.levels)]
        if self.resumable and time.monotonic() >= self._due:
            before = time.monotonic()
            made.append(_Saved(draft_of(self.model, self.state)))
            now = time.monotonic()
            self._due = now + max(_INTERVAL, _BURDEN * (now - before))
        return made

    def _written(self, made: list[Seen | _Saved]) -> None:
        """Write a frame; complete the model's file where there is one, and publish one that has waited for long."""
        for item in made:
            if isinstance(item, _Saved):
                completed(item.draft, self.here(), self.tally)
                self._waiting.append((len(self.tally) + self._lag, item.draft))
                continue
            self.tally.add(item)
            self.outputs.write(item)
            if self.watch is not None:
                self.watch(item.overlay)
            if self.progress is not None:
                count = self.clip.count
                self.progress(len(self.tally), None if count is None else max(count, len(self.tally)))
        while self._waiting and self._waiting[0][0] <= len(self.tally):
            published(self._waiting.popleft()[1], self.state)
            self.outputs.keep = True

    def here(self) -> Position:
        """Where the outputs are now."""
        seconds = self._before + time.perf_counter() - self.begun
        return replace(self.position, seconds=seconds, **self.outputs.mark())

    def leave(self, *, interrupted: bool, wished: bool) -> None:
        """Keep the state where the clip can be taken up again or somebody wishes it, and else none."""
        resumable = interrupted and self.resumable
        if not resumable and not wished:
            self.state.unlink(missing_ok=True)
            return
        draft = draft_of(self.model, self.state)
        try:
            completed(draft, replace(self.position, done=not resumable), self.tally)
            published(draft, self.state)
        finally:
            draft.unlink(missing_ok=True)
