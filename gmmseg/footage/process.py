"""A clip through a background model, into clips, tables and a report."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gmmseg.arguments import is_number, require_count
from gmmseg.arrays import Flags
from gmmseg.errors import FileError, InputError
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.foreground import eight_bit
from gmmseg.footage.identity import identity
from gmmseg.footage.kinds import TABLE, formats_of, planned
from gmmseg.footage.region import Region, region_of
from gmmseg.footage.run import Run
from gmmseg.footage.state import Position, position_of, swept
from gmmseg.footage.summary import Summary
from gmmseg.footage.tally import Tally
from gmmseg.footage.writing import DRAWN, TEXTS, Outputs, Wanted

if TYPE_CHECKING:
    from gmmseg.video import BackgroundModel

_WHOLE = {"gif", "webp"}  # formats that cannot be continued


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
        "default", or one of `gmmseg.video.PRESETS`.
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
    from gmmseg.files import folder
    from gmmseg.files.clips import read_clip

    _check(every, scale, min_area, learning_rate)
    for what, other in (("preset", preset), ("region", region)):
        if other is not None and model is not None:
            raise InputError(f"expected a {what} or a model; got both; a model has a {what} of its own")
    name = stem_of(source) if stem is None else stem
    paths, suffixes = planned(save, output, name, formats), formats_of(formats)
    state = TABLE["state"].path(output, name)
    settings: dict[str, Any] = {
        "save": [kind for kind in paths if kind in DRAWN or kind in TEXTS],
        "formats": {kind: suffix for kind, suffix in suffixes.items() if kind in paths},
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
        where = region_of(region, shape, scale)
        # A live clip cannot be taken up again, and asking for it twice might take what is to come.
        known = {} if clip.live else identity(source, clip, where)
        if taken is not None:
            taken[0].check_source(known, state)
        # What an earlier run has left is only touched when all that could be refused has been found good.
        if taken is not None or model is not None:
            given = state if taken is not None or model is None else model
            background = _loaded(given, threads)
        else:
            background = _fresh(preset, threads, where)
        folder(state.parent)
        swept(state)
        if taken is None:
            state.unlink(missing_ok=True)
        position, tally = taken or (Position(settings, source=known), Tally())
        if taken is None and "report" in paths:
            tally.activity = np.zeros(shape, np.uint32)
        sound = source if clip.has_sound and every == 1 and not clip.live else None
        wanted = Wanted(paths, suffixes, clip.name, shape, clip.rate, sound)
        run = Run(background, clip, Outputs(wanted, tally, taken and position), tally, position, state, begun)
        run.resumable = not clip.live and not _WHOLE & set(settings["formats"].values())
        run.learning_rate, run.min_area, run.boxed = learning_rate, min_area, boxed
        run.progress, run.watch = progress, watch
        early, interruption = run.through(stopped)
    if not len(tally):
        if interruption is not None:
            raise interruption
        raise FileError(f"cannot work on {clip.name}: expected frames; got none; check the clip, and start and stop")
    run.leave(interrupted=early or interruption is not None, wished="state" in paths)
    summary = _summary(run, paths, interrupted=early or interruption is not None)
    _looked_back(summary, run, paths, settings, command)
    if interruption is not None:
        raise interruption
    return summary


def _summary(run: Run, paths: Mapping[str, Path], *, interrupted: bool) -> Summary:
    tally = run.tally
    return Summary(
        name=run.clip.name,
        width=run.clip.width,
        height=run.clip.height,
        frames=len(tally),
        seconds=run.position.seconds,
        times=np.array(tally.times, np.float64),
        foreground=np.array(tally.shares, np.float64),
        boxes=int(sum(tally.counts)),
        outputs=tuple(paths.values()),
        trouble=run.clip.trouble,
        notes=tuple(run.clip.notes),
        interrupted=interrupted,
    )


def _looked_back(
    summary: Summary, run: Run, paths: Mapping[str, Path], settings: Mapping[str, object], command: str
) -> None:
    """Write what can be told at the end alone."""
    plate = _plate(run.model)
    if "background" in paths:
        from gmmseg.files import write_picture

        write_picture(paths["background"], plate)
    if "report" in paths:
        from gmmseg.files import write_text
        from gmmseg.footage.report import report_of

        told = {**settings, "save": list(paths), "preset": run.model.preset} | asdict(run.model.settings)
        page = report_of(summary, run.tally, plate, float(run.clip.rate), told, command)
        write_text(paths["report"], page)


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
    # Of "walk/*.png" the folder tells more than the star.
    bare = re.sub(r"\[[^\]]*\]|[*?]+", "", plain)
    return bare or re.sub(r"\[[^\]]*\]|[*?]+", "", path.parent.name) or "clip"


def _taken(state: Path, settings: dict[str, Any]) -> tuple[Position, Tally] | None:
    """Where an earlier run was interrupted, if one was."""
    found = position_of(state) if state.exists() else None
    if found is None or found[0].done or not len(found[1]):
        return None
    found[0].check(settings, state)
    return found


def _fresh(preset: str | None, threads: int | None, region: Flags | None) -> BackgroundModel:
    from gmmseg.video import BackgroundModel

    return BackgroundModel("default" if preset is None else preset, threads=threads, region=region)


def _loaded(given: BackgroundModel | str | PathLike[str], threads: int | None) -> BackgroundModel:
    from gmmseg.video import BackgroundModel

    if isinstance(given, BackgroundModel):
        return given
    return BackgroundModel.load(given, threads=threads)


def _plate(model: BackgroundModel) -> Bytes:
    """The background as people see it : (h, w, 3) uint8."""
    return eight_bit(model.background, model.levels)
