"""Decoders that neither warn nor log while we read: what is wrong with a file is said in one error, once."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

# Filters of warnings and loggers belong to the whole process, so threads that read side by side share one silence: the
# first brings it and the last takes it away, which leaves everything as it was.
_lock = threading.Lock()
_inside: list[ExitStack] = []
_count = [0]


@contextmanager
def quiet() -> Iterator[None]:
    """No warnings, and no log of tifffile's, until the last block of all threads has ended."""
    with _lock:
        if _count[0] == 0:
            silence = ExitStack()
            silence.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            logger = logging.getLogger("tifffile")
            logger.addFilter(_nothing)
            silence.callback(logger.removeFilter, _nothing)
            _inside.append(silence)
        _count[0] += 1
    try:
        yield
    finally:
        with _lock:
            _count[0] -= 1
            if _count[0] == 0:
                _inside.pop().close()


def _nothing(_record: logging.LogRecord) -> bool:
    return False
