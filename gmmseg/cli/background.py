"""gmmseg background: clips into masks of what moves, overlays, boxes, tables, a plate, a report."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gmmseg.cli import clip_words, options, words
from gmmseg.cli.batch import in_order
from gmmseg.cli.failing import Failed, require_writable
from gmmseg.cli.leaving import Gate, Interrupted, Stopped
from gmmseg.cli.loading import load_numba
from gmmseg.cli.messages import Reporter
from gmmseg.errors import FileError, GmmsegError

if TYPE_CHECKING:
    from gmmseg.footage import Summary
    from gmmseg.footage.inputs import ClipSource

_EPILOG = """\
\b
Examples:
  gmmseg background street.mp4
  gmmseg background street.mp4 --save mask,boxes,report --min-area 80 -o out
  gmmseg background clips --from 1:30 --to 2:00 --every 2 --scale 0.5
  gmmseg background street.mp4 --save state
  gmmseg background later.mp4 --model background/street.state.npz
  gmmseg background camera:0 --show
"""
_TICK = 0.04  # seconds between looks at what is to be shown


class BackgroundVerb(click.Command):
    """A verb whose help lists the kinds of output."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then kinds."""
        from gmmseg.footage.kinds import KINDS

        super().format_options(ctx, formatter)
        with formatter.section("Kinds of output for --save"):
            formatter.write_dl(list(KINDS.items()))


@click.command(cls=BackgroundVerb, epilog=_EPILOG)
@options.inputs
@click.option("-o", "--out", metavar="FOLDER", default="background", show_default=True, help="Folder for the outputs.")
@click.option(
    "--save",
    callback=clip_words.kinds,
    shell_complete=clip_words.kinds_begun,
    metavar="KIND,KIND,…",
    help="What to write; see below.  [default: mask,overlay]",
)
@click.option(
    "--format",
    "formats",
    callback=clip_words.formats,
    metavar="FORMAT|KIND=FORMAT,…",
    help="Of clips: mkv, mp4, png (a folder of frames), gif or webp.  [default: mask and probability mkv, others mp4]",
)
@click.option("--preset", callback=clip_words.preset, metavar="NAME", help="What kind of scene it is.")
@click.option(
    "--model",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A state that was saved, to begin with what was learnt then.",
)
@click.option(
    "--learning-rate",
    type=click.FloatRange(0, 1),
    callback=words.finite,
    metavar="X",
    help="How fast the background follows; 0 freezes it.  [default: the preset's]",
)
@click.option("--from", "start", callback=clip_words.moment, metavar="T", help="Begin there: seconds, or h:mm:ss.")
@click.option("--to", "stop", callback=clip_words.moment, metavar="T", help="End there.")
@click.option(
    "--every",
    type=click.IntRange(min=1),
    metavar="N",
    default=1,
    show_default=True,
    help="Take one frame of so many.",
)
@click.option(
    "--scale",
    type=click.FloatRange(0, 1, min_open=True),
    callback=words.finite,
    metavar="X",
    default=1.0,
    show_default=True,
    help="Work on smaller frames.",
)
@click.option(
    "--roi",
    callback=clip_words.region,
    metavar="FILE|X,Y,W,H",
    help="Where to look: a picture, black elsewhere; a box.",
)
@click.option(
    "--min-area",
    type=click.IntRange(min=0),
    metavar="N",
    default=0,
    show_default=True,
    help="Blobs of fewer pixels are left out.",
)
@click.option("--boxes", "boxed", is_flag=True, help="Draw boxes around the blobs in the overlay.")
@click.option(
    "--rate", type=click.FloatRange(0, 1000, min_open=True), metavar="X", help="Frames a second of folders, cameras."
)
@click.option("--size", callback=clip_words.size, metavar="WxH", help="Of a camera's frames, or of raw ones.")
@click.option("--resume", is_flag=True, help="Go on where an earlier run was interrupted.")
@click.option("--show", is_flag=True, help="Show the overlay in a window meanwhile; q ends it.")
@click.option(
    "--threads", type=click.IntRange(min=1), metavar="N", help="For the model.  [default: as many as processors]"
)
@click.option("--overwrite", is_flag=True, help="Do again what is there already.")
@options.as_json
@options.quiet
def background(inputs: tuple[str, ...], out: str, show: bool, as_json: bool, quiet: bool, **given: Any) -> int:
    """Find what moves in clips, by a mixture of Gaussians for each pixel of the background.

    INPUT is a file, a folder of clips or of the frames of one, a pattern such as "frames/*.png", camera:0, the address
    of a stream (rtsp://…), or - for standard input. A clip whose outputs are there already is skipped; one that cannot
    be read is reported, and the others go on. Ctrl-C leaves whole outputs of what was done, and --resume goes on.
    """
    from gmmseg.footage.inputs import clips_of

    window = _window() if show else None
    require_writable(Path(out))
    load_numba()
    clips = clips_of(inputs)
    told = Reporter(len(clips), as_json=as_json, quiet=quiet)
    overwrite, resume = given.pop("overwrite"), given.pop("resume")
    skipped = {clip for clip in clips if not overwrite and _is_done(clip, out, given)}
    course = _Course(len(clips))
    command = re.sub(r"//[^/@\s]*@", "//", str(click.get_current_context().meta.get("gmmseg.command", "")))

    hopeless = threading.Event()

    def work(clip: ClipSource, gate: Gate) -> tuple[ClipSource, Summary | Failed | None]:
        if hopeless.is_set():  # the next clip would begin before anybody hears of it
            raise Stopped
        came = None if clip in skipped else attempted(clip, gate)
        if isinstance(came, Failed) and came.hopeless:
            hopeless.set()
        return clip, came

    def attempted(clip: ClipSource, gate: Gate) -> Summary | Failed:
        try:
            if clip.problem:
                raise FileError(clip.problem)
            if not (overwrite or resume or clip.live):
                _refuse_unfinished(clip, out)
            with gate.passed():
                return _one(clip, out, gate, course, window, {"resume": resume, "command": command, **given})
        except (GmmsegError, MemoryError) as error:
            return Failed(error, Path(clip.given), "work on")

    def tell(done: tuple[ClipSource, Summary | Failed | None]) -> None:
        clip, came = done
        if came is None:
            told.result("", {"file": clip.given, "skipped": True})
        elif isinstance(came, Failed):
            came.raise_if_hopeless()
            told.failure(came.reason, {"file": clip.given, "error": came.reason})
        else:
            told.result(_line(clip, came, out), _record(clip, came))
            if came.trouble:
                told.trouble(f"{_shown(clip.given)}: {came.trouble}; what could be read of it was worked on")
            for note in came.notes:
                told.note(note)

    def look(done: int) -> None:
        told.status(course.line(done))
        if window is not None:
            window.look()

    try:
        in_order(clips, work, 1, tell, look, _TICK if window else 0.1)
    except Interrupted:
        told.note(f"what was done is whole in {out}; --resume goes on")
        raise
    told.clear()
    if skipped:
        told.note(f"skipped {len(skipped)} of {len(clips)}: their outputs are in {out}; --overwrite does them again")
    return 1 if told.failures else 0


def _one(clip: ClipSource, out: str, gate: Gate, course: _Course, window: Any, given: dict[str, Any]) -> Summary:
    """One clip, from its beginning or from where it was left."""
    from gmmseg.footage import subtract_background

    course.begin(clip.given)
    return subtract_background(
        clip.given,
        Path(out) / clip.stem.parent,
        stem=clip.stem.name,
        region=given.pop("roi"),
        progress=course.step,
        watch=None if window is None else window.take,
        stopped=lambda: gate.closed or (window is not None and window.closed),
        **given,
    )


class _Course:
    """How far the clip is that is worked on: written by one thread, read by another."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._name = ""
        self._begun = 0.0
        self._first = 0
        self._done = 0
        self._count: int | None = None

    def begin(self, name: str) -> None:
        """Another clip."""
        self._name, self._begun, self._done, self._count = name, 0.0, 0, None

    def step(self, done: int, count: int | None) -> None:
        """Another frame."""
        if not self._begun:
            self._begun, self._first = time.monotonic(), done
        self._done, self._count = done, count

    def line(self, done: int) -> str:
        """Frames, frames a second, and how long it will take."""
        if not self._begun:
            return ""
        elapsed = time.monotonic() - self._begun
        speed = (self._done - self._first) / elapsed if elapsed > 0.5 else 0.0
        words = [f"[{done + 1}/{self._total}]"] if self._total > 1 else []
        words += [_shown(Path(self._name).name), f"{self._done}/{self._count or '?'} frames"]
        if speed > 0:
            words.append(f"{speed:.1f} frames/s")
            if self._count is not None:
                left = max(0, round((self._count - self._done) / speed))
                words.append(f"{left // 3600}:{left // 60 % 60:02d}:{left % 60:02d} left")
        return "  ".join(words)


def _window() -> Any:
    from gmmseg.cli.window import Window

    return Window.opened("gmmseg background")


def _is_done(clip: ClipSource, out: str, given: dict[str, Any]) -> bool:
    """Whether a clip's outputs are there, all that it has; those of a camera may be of another day."""
    from gmmseg.footage.kinds import TABLE, planned
    from gmmseg.footage.state import is_unfinished

    folder, stem = Path(out) / clip.stem.parent, clip.stem.name
    if clip.problem or clip.live or is_unfinished(TABLE["state"].path(folder, stem)):
        return False
    paths = planned(given["save"], folder, stem, given["formats"]).values()
    return all(path.is_file() or (path.is_dir() and any(path.iterdir())) for path in paths)


def _refuse_unfinished(clip: ClipSource, out: str) -> None:
    """Neither skip nor wipe out what an earlier run has left."""
    from gmmseg.footage.kinds import TABLE
    from gmmseg.footage.state import is_unfinished

    path = TABLE["state"].path(Path(out) / clip.stem.parent, clip.stem.name)
    if is_unfinished(path):
        raise FileError(
            f"cannot begin with {_shown(clip.given)}: an earlier run was interrupted, as {_shown(str(path))} says; "
            "--resume goes on, --overwrite begins anew"
        )


def _line(clip: ClipSource, came: Summary, out: str) -> str:
    speed = came.frames / max(came.seconds, 1e-9)
    mean = float(came.foreground.mean())
    parts = [
        _shown(clip.given),
        f"{came.width}×{came.height}",
        f"{came.frames} frames",
        f"{100 * mean:.2f}% foreground",
        f"{came.seconds:.2f} s, {speed:.1f} frames/s",
        _shown(str(Path(out) / f"{clip.stem}.*")),
    ]
    return "  ".join(parts)


def _record(clip: ClipSource, came: Summary) -> dict[str, Any]:
    return {
        "file": clip.given,
        "width": came.width,
        "height": came.height,
        "frames": came.frames,
        "foreground": round(float(came.foreground.mean()), 6),
        "boxes": came.boxes,
        "trouble": came.trouble,
        "interrupted": came.interrupted,
        "outputs": [str(path) for path in came.outputs],
        "seconds": round(came.seconds, 4),
    }


def _shown(name: str) -> str:
    from gmmseg.files.sources import shown

    return shown(re.sub(r"//[^/@]*@", "//", name))
