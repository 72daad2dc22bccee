"""How the process ends before its time: at once, yet without half-written files."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_PATIENCE = 20.0  # seconds that outputs which are being written may take to be whole


class Interrupted(BaseException):
    """A signal came that asks the process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class ClosedPipe(BaseException):
    """Whoever read our standard output has gone, as `head` does."""


class Stopped(BaseException):
    """Nothing more is to be written."""


def listen() -> None:
    """Let signals raise Interrupted in the main thread; those that the shell told us to ignore stay ignored."""
    for number in _signals():
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def unheard() -> None:
    """Let no further signal disturb the end."""
    if threading.current_thread() is threading.main_thread():
        for number in _signals():
            signal.signal(number, signal.SIG_IGN)


def leave(code: int) -> NoReturn:
    """End the process without waiting for threads that are still computing; what was said was flushed at once."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, or none
            stream.flush()
    os._exit(code)


def _signals() -> list[signal.Signals]:
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


def _interrupt(number: int, _frame: FrameType | None) -> None:
    raise Interrupted(number)


class Gate:
    """What threads pass to write: closing it lets those that are inside finish, and nobody in any more."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._open = True

    @contextmanager
    def passed(self) -> Iterator[None]:
        """A block that writes; Stopped when the gate is closed."""
        with self._changed:
            if not self._open:
                raise Stopped
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @property
    def closed(self) -> bool:
        """Whether those that are inside should come to an end."""
        return not self._open

    def close(self) -> None:
        """Return when all that was begun is written."""
        with self._changed:
            self._open = False
            self._changed.wait_for(lambda: self._inside == 0, _PATIENCE)
