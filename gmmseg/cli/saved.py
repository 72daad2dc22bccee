"""Each picture of many segmented and saved: what `segment`, `apply`, `patches` and others have in common."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gmmseg.cli.batch import in_order, usual_jobs
from gmmseg.cli.failing import Failed, require_writable
from gmmseg.cli.leaving import Gate
from gmmseg.cli.loading import load_numba
from gmmseg.cli.messages import Reporter, unwritable
from gmmseg.cli.options import STANDARD_OUTPUT, Reading, Saving, Telling
from gmmseg.errors import FileError, GmmsegError

if TYPE_CHECKING:
    from gmmseg.files import Image, Source
    from gmmseg.segmentation import Segmentation


@dataclass(frozen=True)
class _Task:
    """A picture and what its outputs are called."""

    source: Source
    stem: str


@dataclass(frozen=True)
class _Done:
    """What came of a picture."""

    line: str
    record: dict[str, Any]


class SavingVerb(click.Command):
    """A verb whose help lists the kinds of output that a room knows."""

    room = "gmmseg.outputs"

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then kinds."""
        super().format_options(ctx, formatter)
        with formatter.section("Kinds of output for --save"):
            formatter.write_dl(list(import_module(self.room).KINDS.items()))


@dataclass(frozen=True)
class Shelf:
    """What becomes of a verb's results.

    Attributes
    ----------
    work : str
        What is done with a picture, for messages.
    single : callable
        Whether a kind of output is one file.
    present : callable
        Whether outputs of these kinds are there, in a folder, under names that begin so.
    write : callable
        Writes a kind of output of a result into an open file; the last is how, as `outputs.write` takes it.
    told : callable
        The words about a result that stand behind the picture's size, and its record.
    """

    work: str
    single: Callable[[str], bool]
    present: Callable[[tuple[str, ...] | None, str, str], bool]
    write: Callable[..., None]
    told: Callable[[Any], tuple[str, dict[str, Any]]]


def segment_each(
    inputs: Sequence[str],
    segmenter: Callable[[Image], Segmentation],
    reading: Reading,
    saving: Saving,
    telling: Telling,
    *,
    recursive: bool,
) -> int:
    """Read, segment and save every picture that the inputs name; the exit code."""
    from gmmseg.outputs import present, write
    from gmmseg.outputs.kinds import TABLE

    shelf = Shelf("segment", lambda kind: not TABLE[kind].many, present, write, _told)
    return shelve_each(inputs, segmenter, shelf, reading, saving, telling, recursive=recursive)


def shelve_each(
    inputs: Sequence[str],
    worker: Callable[[Any], Any],
    shelf: Shelf,
    reading: Reading,
    saving: Saving,
    telling: Telling,
    *,
    recursive: bool,
    read: Callable[[Source], Any] | None = None,
) -> int:
    """Read every picture that the inputs name, work on it and save what came of it; the exit code.

    read : what reads an input in place of `reading`, if it may be something else; it has a width and a height too
    """
    from gmmseg.files import listed, output_stems

    load_numba()
    streamed = saving.out == STANDARD_OUTPUT
    sources = listed(inputs, recursive=recursive)
    if streamed:
        _check_stream(shelf, saving, telling, len(sources))
    else:
        require_writable(Path(saving.out))
        own = [Path(saving.out).resolve()]
        sources = tuple(source for source in sources if not is_output(source, own))
    page = f"-page{reading.page}" if reading.page > 1 else ""
    tasks = [_Task(source, f"{stem}{page}") for source, stem in zip(sources, output_stems(sources), strict=True)]
    told = Reporter(len(tasks), as_json=telling.as_json, quiet=telling.quiet, stdout_taken=streamed)
    skipped = {task for task in tasks if not streamed and not saving.overwrite and _is_done(task, shelf, saving)}
    command = str(click.get_current_context().meta.get("gmmseg.command", ""))

    def work(task: _Task, gate: Gate) -> _Done | Failed:
        if task in skipped:
            return _Done("", {"file": str(task.source.path), "skipped": True})
        begun = time.perf_counter()
        try:
            image = reading.read(task.source) if read is None else read(task.source)
            found = worker(image)
            if streamed:
                written = _streamed(found, shelf, saving, command)
            else:
                written = _filed(found, task.stem, saving, command, gate)
        except (GmmsegError, MemoryError) as error:
            return Failed(error, task.source.path, shelf.work)
        return _done(image, shelf.told(found), task.source, written, time.perf_counter() - begun)

    def tell(done: _Done | Failed) -> None:
        if isinstance(done, Failed):
            done.raise_if_hopeless()
            told.failure(done.reason, {"file": str(done.path), "error": done.reason})
        else:
            told.result(done.line, done.record)

    in_order(tasks, work, telling.jobs or usual_jobs(len(tasks)), tell, told.progress)
    if skipped:
        told.note(
            f"skipped {len(skipped)} of {len(tasks)}: their outputs are in {saving.out}; --overwrite does them again"
        )
    return 1 if told.failures else 0


def _check_stream(shelf: Shelf, saving: Saving, telling: Telling, inputs: int) -> None:
    """Refuse what does not go through standard output."""
    kinds = saving.kinds or ()
    if len(kinds) != 1 or not shelf.single(kinds[0]):
        raise click.UsageError(
            f"expected --save with one kind that is a single file for -o -; got {','.join(kinds) or 'none'}"
        )
    if inputs != 1:
        raise click.UsageError(f"expected one picture for -o -; got {inputs}; name a folder with -o")
    if telling.as_json:
        raise click.UsageError("expected --json or -o -; got both, and there is one standard output")
    if sys.stdout is None or sys.stdout.isatty():
        got = "none" if sys.stdout is None else "a terminal"
        raise click.UsageError(f"expected standard output to lead to a file or a pipe for -o -; got {got}")


def is_output(source: Source, folders: Sequence[Path]) -> bool:
    """Whether a picture that was found by looking below a folder lies among the outputs of an earlier run.

    folders : where outputs go, resolved
    """
    path = Path(os.path.abspath(source.path))  # noqa: PTH100 - as it was found, links not resolved
    base = path.parents[min(len(source.relative.parts), len(path.parents)) - 1].resolve()
    above = path.resolve().parents
    return not source.problem and any(folder in above and base in folder.parents for folder in folders)


def _is_done(task: _Task, shelf: Shelf, saving: Saving) -> bool:
    """Whether a picture's outputs are there; those of standard input may be another picture's."""
    source = task.source
    try:
        there = not source.problem and str(source.path) != "-" and source.path.is_file()
        return there and shelf.present(saving.kinds, saving.out, task.stem)
    except OSError:  # reading or writing says why
        return False


def _filed(found: Any, stem: str, saving: Saving, command: str, gate: Gate) -> tuple[Path, ...]:
    """The outputs in their folder."""
    with gate.passed():
        written: tuple[Path, ...] = found.save(
            saving.out, saving.kinds, stem=stem, palette=saving.palette, command=command, depth=int(saving.depth)
        )
    return written


def _streamed(found: Any, shelf: Shelf, saving: Saving, command: str) -> tuple[Path, ...]:
    """The one output on standard output."""
    (kind,) = saving.kinds or ("",)
    try:
        shelf.write(found, kind, sys.stdout.buffer, palette=saving.palette, command=command, depth=int(saving.depth))
    except FileError as error:
        if isinstance(error.__context__, OSError):
            raise unwritable(error.__context__) from None
        raise
    return ()


def _told(seg: Segmentation) -> tuple[str, dict[str, Any]]:
    segments = "1 segment" if seg.k == 1 else f"{seg.k} segments"
    return segments, {"k": seg.k, "segments": seg.table()}


def _done(
    image: Any, told: tuple[str, dict[str, Any]], source: Source, written: Sequence[Path], seconds: float
) -> _Done:
    size = f"{image.width}×{image.height}"
    words = [_shown(source.path), size, told[0], f"{seconds:.2f} s", _place(written)]
    record = {
        "file": str(source.path),
        "width": image.width,
        "height": image.height,
        **told[1],
        "outputs": [str(path) for path in written],
        "seconds": round(seconds, 4),
    }
    return _Done("  ".join(word for word in words if word), record)


def _shown(path: Path) -> str:
    from gmmseg.files.sources import shown

    return shown(str(path))


def _place(written: Sequence[Path]) -> str:
    """Where outputs are: one path, or a pattern that a shell expands to all."""
    names = sorted(_shown(path) for path in written)
    if len(names) < 2:
        return "".join(names)
    first, last = names[0], names[-1]
    alike = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return f"{first[:alike]}*"
