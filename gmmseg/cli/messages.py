"""What is said, and where: results on standard output, everything else on standard error."""

from __future__ import annotations

import io
import json
import shutil
import sys
from typing import Any

import click

from gmmseg.cli.leaving import ClosedPipe
from gmmseg.errors import FileError

_WIDTH = 24  # signs of a progress bar


def tolerant() -> None:
    """Let signs that a stream's encoding lacks be spelt out, rather than end the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """A line of results."""
    try:
        click.echo(text)
    except BrokenPipeError:
        raise ClosedPipe from None
    except OSError as error:
        raise unwritable(error) from None


def unwritable(error: OSError) -> FileError:
    """The error for a standard output that takes no more; ClosedPipe if its reader has gone."""
    if isinstance(error, BrokenPipeError) or isinstance(error.__context__, BrokenPipeError):
        raise ClosedPipe from None
    return FileError(f"cannot write to standard output: {error.strerror or error}")


def complain(text: str) -> None:
    """What went wrong, in one line."""
    click.echo(f"gmmseg: {' '.join(map(str.strip, text.splitlines()))}", err=True)


class Reporter:
    """Tells what becomes of many inputs: lines or JSON, failures, and a progress bar where a person looks on.

    Parameters
    ----------
    total : int
        How many inputs there are.
    as_json : bool
        One JSON object an input, in place of lines.
    quiet : bool
        Failures alone, and JSON where it was asked for.
    stdout_taken : bool
        Standard output carries a file, so lines go to standard error.
    """

    def __init__(self, total: int, *, as_json: bool = False, quiet: bool = False, stdout_taken: bool = False) -> None:
        self._total = total
        self._json = as_json
        self._quiet = quiet
        self._taken = stdout_taken
        self._bar = ""
        self._watched = not quiet and sys.stderr is not None and sys.stderr.isatty()
        self._draws = total > 1 and self._watched
        self.failures = 0

    def result(self, line: str, record: dict[str, Any]) -> None:
        """What came of an input; no line where it is empty."""
        self.clear()
        if self._json:
            say(json.dumps(record, allow_nan=False))
        elif line and not self._quiet:
            if self._taken:
                click.echo(line, err=True)
            else:
                say(line)

    def failure(self, line: str, record: dict[str, Any]) -> None:
        """Why nothing came of an input."""
        self.clear()
        self.failures += 1
        complain(line)
        if self._json:
            say(json.dumps(record, allow_nan=False))

    def trouble(self, line: str) -> None:
        """What was wrong with an input of which something came all the same."""
        self.clear()
        self.failures += 1
        complain(line)

    def note(self, line: str) -> None:
        """Something that people may want to know."""
        self.clear()
        if not self._quiet:
            complain(line)

    def progress(self, done: int, total: int | None = None) -> None:
        """Draw the bar anew if it has changed."""
        if not self._draws:
            return
        total = total or self._total
        full = _WIDTH * done // total
        bar = f"\r[{'█' * full}{'·' * (_WIDTH - full)}] {done}/{total}"
        if bar != self._bar:
            self._bar = bar
            click.echo(bar, err=True, nl=False)

    def status(self, line: str) -> None:
        """Say how far the work is, in a line that is drawn anew, where a person looks on."""
        if not self._watched:
            return
        shown = "\r" + line[: max(1, shutil.get_terminal_size().columns - 1)]
        if shown != self._bar:
            click.echo(shown + " " * max(0, len(self._bar) - len(shown)), err=True, nl=False)
            self._bar = shown.ljust(len(self._bar))

    def clear(self) -> None:
        """Take the bar away, for a line to stand in its place."""
        if self._bar:
            click.echo("\r" + " " * (len(self._bar) - 1) + "\r", err=True, nl=False)
            self._bar = ""
