"""A clip through a background model, into clips, tables and a report."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gmmseg.arrays import Flags
from gmmseg.arguments import is_number, require_count
from gmmseg.errors import FileError, InputError
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.foreground import eight_bit
from gmmseg.footage.belts import staged
from gmmseg.footage.kinds import TABLE, formats_of, planned
from gmmseg.footage.region import Region, region_of
from gmmseg.footage.seen import Seen
from gmmseg.footage.state import Position, completed, draft_of, position_of, published, swept
from gmmseg.footage.summary import Summary
from gmmseg.footage.tally import Tally
from gmmseg.footage.writing import DRAWN, Outputs, Wanted
from gmmseg.video.blobs import blobs_of

if TYPE_CHECKING:
    from gmmseg.files import Clip, Frame
    from gmmseg.video import BackgroundModel

_INTERVAL = 30.0  # seconds between saved states
_BURDEN = 20  # of this many seconds, saving states may take one
# Frames that an encoder may hold back: a state counts only when so many more were written than it tells of.
_LATENCY = 300


@dataclass(frozen=True)
class _Saved:
    """A model's file on its way through the belts, behind the last frame that the model has seen."""

    draft: Path


def subtract_background(
    source: Any,
    output: str | PathLike[str],
    *,
    save: str | Iterable[str] | None = None,
    preset: str | None = None,
    model: BackgroundModel | str | PathLike[str] | None = None,
    start: float | None = None,
    stop: float | None = None,
    every: int = 1,
    scale: float = 1.0,
    rate: float | None = None,
    size: tuple[int, int] | None = None,
    region: Region | None = None,
    min_area: int = 0,
    learning_rate: float | None = None,
    boxed: bool = False,
    formats: str | Mapping[str, str] | None = None,
    stem: str | None = None,
    threads: int | None = None,
    resume: bool = False,
    command: str = "",
    progress: Callable[[int, int | None], None] | None = None,
    watch: Callable[[Bytes], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Summary:
    """Find what moves in a clip, and write it in several ways.

    Reading, modelling and writing go on side by side. A state is saved now and then, and when the clip is interrupted,
    from which `resume` goes on as if nothing had come between.

    Parameters
    ----------
    source : path, "camera:0", address of a stream, folder of frames, …
        What `gmmseg.files.read_clip` reads.
    output : path
        A folder, made if it is not there.
    save : str or iterable of str
        Names of `gmmseg.footage.KINDS`, or text with commas between them; by default mask and overlay.
    preset : str, optional
        One of `gmmseg.video.PRESETS`.
    model : BackgroundModel or path, optional
        To begin with, in place of a fresh one; a model that is given is changed.
    start, stop : float, optional
        Seconds.
    every : int
        Of so many frames take one.
    scale : float
        Of the frames that are worked on.
    rate, size
        Frames a second, and (width, height), for sources that do not say.
    region : path, (x, y, width, height) or (h, w) array, optional
        Where to look; see `gmmseg.footage.region.region_of`.
    min_area : int
        Smaller blobs are left out, in pixels of the frames that are worked on.
    learning_rate : float, optional
        How fast the background follows, 0 (not at all) to 1.
    boxed : bool
        Whether the overlay has boxes.
    formats : str or mapping of kinds to str, optional
        mkv, mp4, png (a folder of frames), gif or webp, for the outputs that are clips.
    stem : str, optional
        What names begin with; by default the clip's own without its suffix. "walk" gives walk.mask.mkv.
    threads : int, optional
        For the model.
    resume : bool
        Go on where an earlier run was interrupted, if there is its state.
    command : str
        The command line that does the same, for the report.
    progress : callable, optional
        Called with the number of frames done and, where it is known, of all.
    watch : callable, optional
        Called with each overlay : (h, w, 3) uint8.
    stopped : callable
        Asked ten times a second; when it says so, the outputs are finished as they are, the state is saved, and the
        summary says that it was interrupted. An interrupt of the calling thread does the same, and is raised again.

    Returns
    -------
    Summary
    """
    from gmmseg.files import folder, read_clip

    _check(every, scale, min_area, learning_rate)
    if preset is not None and model is not None:
        raise InputError("expected a preset or a model; got both; a model has a preset of its own")
    if region is not None and model is not None:
        raise InputError("expected a region or a model; got both; a model has a region of its own")
    stem = stem_of(source) if stem is None else stem
    paths = planned(save, output, stem, formats)
    state = TABLE["state"].path(output, stem)
    settings = {
        "save": [name for name in paths if name in DRAWN or name in {"boxes", "coco", "csv"}],
        "formats": {kind: suffix for kind, suffix in formats_of(formats).items() if kind in paths},
        "preset": preset,
        "start": start,
        "stop": stop,
        "every": every,
        "scale": scale,
        "region": None if region is None else "given",
        "min_area": min_area,
        "learning_rate": learning_rate,
        "boxed": boxed,
        "report": "report" in paths,
    }
    taken = _taken(state, settings) if resume else None
    begun = time.perf_counter()
    first = start if taken is None else taken[1].times[-1]
    with read_clip(source, start=first, stop=stop, every=every, scale=scale, rate=rate, size=size) as clip:
        if clip.live and taken is not None:
            raise InputError(f"expected a clip that can be read again; got {clip.name}; use its state as --model")
        shape = (clip.height, clip.width)
        if taken is not None:
            background = _loaded(state, threads)
        elif model is not None:
            background = _loaded(model, threads) if isinstance(model, str | PathLike) else model
        else:
            background = _fresh(preset, threads, region_of(region, shape, scale))
        folder(state.parent)
        swept(state)
        if taken is None:
            state.unlink(missing_ok=True)
        position, tally = taken or (Position(settings), Tally())
        if taken is None and "report" in paths:
            tally.activity = np.zeros(shape, np.uint32)
        sound = source if clip.has_sound and every == 1 and not clip.live else None
        wanted = Wanted(paths, formats_of(formats), clip.name, shape, clip.rate, sound)
        outputs = Outputs(wanted, tally, None if taken is None else position)
        run = _Run(background, clip, outputs, tally, position, state, begun)
        run.learning_rate, run.min_area, run.boxed = learning_rate, min_area, boxed
        run.progress, run.watch = progress, watch
        early, interruption = run.through(stopped)
    if not len(tally):
        raise FileError(f"cannot work on {clip.name}: expected frames; got none; check the clip, and start and stop")
    interrupted = early or interruption is not None
    run.leave(interrupted=interrupted, wished="state" in paths)
    times, shares = tally.numbers()
    summary = Summary(
        name=clip.name,
        width=shape[1],
        height=shape[0],
        frames=len(tally),
        seconds=run.position.seconds,
        times=times,
        foreground=shares,
        boxes=int(sum(tally.counts)),
        outputs=tuple(paths.values()),
        trouble=clip.trouble,
        interrupted=interrupted,
    )
    plate = _plate(background)
    if "background" in paths:
        from gmmseg.files import write_picture

        write_picture(paths["background"], plate)
    if "report" in paths:
        from gmmseg.files import write_text
        from gmmseg.footage.report import report_of

        write_text(
            paths["report"], report_of(summary, tally, plate, float(clip.rate), settings, command)
        )
    if interruption is not None:
        raise interruption
    return summary


@dataclass
class _Run:
    """One pass through a clip."""

    model: BackgroundModel
    clip: Clip
    outputs: Outputs
    tally: Tally
    position: Position
    state: Path
    begun: float
    learning_rate: float | None = None
    min_area: int = 0
    boxed: bool = False
    progress: Callable[[int, int | None], None] | None = None
    watch: Callable[[Bytes], None] | None = None

    def __post_init__(self) -> None:
        self._waiting: deque[tuple[int, Path]] = deque()  # how many frames must be written for which state to count
        self._before = self.position.seconds
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
        made: list[Seen | _Saved] = [Seen(frame, found, blobs, self.boxed)]
        if time.monotonic() >= self._due and not self.clip.live:
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
                self._waiting.append((len(self.tally) + _LATENCY, item.draft))
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
        resumable = interrupted and not self.clip.live
        if not resumable and not wished:
            self.state.unlink(missing_ok=True)
            return
        draft = draft_of(self.model, self.state)
        try:
            completed(draft, replace(self.position, done=not resumable), self.tally)
            published(draft, self.state)
        finally:
            draft.unlink(missing_ok=True)


def _check(every: int, scale: float, min_area: int, learning_rate: float | None) -> None:
    require_count("every", every)
    if not is_number(scale) or not 0 < scale <= 1:
        raise InputError(f"expected scale above 0 and at most 1; got {scale!r}")
    if isinstance(min_area, bool) or not isinstance(min_area, int | np.integer) or min_area < 0:
        raise InputError(f"expected min_area as a whole number of pixels, at least 0; got {min_area!r}")
    if learning_rate is not None and (not is_number(learning_rate) or not 0 <= learning_rate <= 1):
        raise InputError(f"expected learning_rate from 0 to 1, or None; got {learning_rate!r}")


def stem_of(source: Any) -> str:
    """What the outputs of a clip are called, from what it is called."""
    name = str(source) if isinstance(source, str | PathLike) else str(getattr(source, "name", ""))
    if name == "-":
        return "stdin"
    if "://" in name or name.startswith("camera:"):
        bare = re.sub(r"^\w+://([^/@]*@)?", "", name)  # no password in the names of files
        return re.sub(r"\W+", "-", bare).strip("-")[:80] or "stream"
    path = Path(name)
    plain = path.resolve().name if path.is_dir() else path.stem
    return re.sub(r"[*?\[\]]+", "", plain) or "clip"


def _taken(state: Path, settings: dict[str, Any]) -> tuple[Position, Tally] | None:
    """Where an earlier run was interrupted, if one was."""
    found = position_of(state) if state.exists() else None
    if found is None or found[0].done or not len(found[1]):
        return None
    found[0].check(settings, state)
    return found


def _fresh(preset: str | None, threads: int | None, region: Flags | None) -> BackgroundModel:
    from gmmseg.video import BackgroundModel

    given = {"preset": preset, "threads": threads, "region": region}
    return BackgroundModel(**{name: value for name, value in given.items() if value is not None})


def _loaded(path: str | PathLike[str], threads: int | None) -> BackgroundModel:
    from gmmseg.video import BackgroundModel

    return BackgroundModel.load(path, threads=threads)


def _plate(model: BackgroundModel) -> Bytes:
    """The background as people see it : (h, w, 3) uint8."""
    background = np.asarray(model.background)
    if background.dtype.kind == "f":
        background = np.rint(np.clip(background, 0, 255)).astype(np.uint8)
    return eight_bit(background)
