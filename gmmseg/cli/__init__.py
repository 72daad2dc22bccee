"""The command line: a thin face over the library, one file a verb."""

from __future__ import annotations

from typing import NoReturn

from gmmseg.cli.leaving import ClosedPipe, Interrupted, leave, listen, unheard
from gmmseg.cli.messages import complain, tolerant
from gmmseg.cli.program import program

__all__ = ["main", "program"]

_PIPE = 13  # SIGPIPE, which not every system has


def main() -> NoReturn:
    """Run the command that was typed, and end the process with a code that means something.

    0 all is well, 1 something could not be read, worked on or written, 2 the command itself was wrong; 128 + n when
    signal n ended it: 130 for Ctrl-C, 143 for a polite kill, 141 for a reader that went away.
    """
    tolerant()
    listen()
    try:
        program.main()
    except Interrupted as interruption:
        unheard()
        complain("interrupted")
        leave(128 + interruption.number)
    except ClosedPipe:
        leave(128 + _PIPE)
    except SystemExit as end:
        unheard()
        leave(end.code if isinstance(end.code, int) else 0)
