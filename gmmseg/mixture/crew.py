"""Threads that share the parts of one piece of work."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import count
from types import TracebackType

from gmmseg.errors import InputError


class Crew:
    """The calling thread and `threads` − 1 more; None takes every processor this process may run on.

    Which thread does which part is left to chance, so parts must write to places of their own.
    """

    def __init__(self, threads: int | None = None) -> None:
        if threads is None:
            threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        if not isinstance(threads, int) or isinstance(threads, bool) or threads < 1:
            raise InputError(f"expected threads as a whole number of at least 1, or None for all; got {threads!r}")
        self.threads = threads
        self._pool: Executor | None = None

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def share(self, work: Callable[[int, int], None], parts: int, *, least: int = 1) -> None:
        """Call work(begin, end) on ranges that make up range(parts), side by side, until all are done.

        No thread is woken for fewer than `least` parts.
        """
        helpers = min(self.threads, parts // least) - 1
        if helpers <= 0:
            work(0, parts)
            return
        # Ranges small enough that a thread which the machine holds up does not hold up the others.
        grain = max(1, parts // (8 * self.threads))
        ticket = count()

        def labour() -> None:
            while (begin := next(ticket) * grain) < parts:
                work(begin, min(begin + grain, parts))

        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads - 1, thread_name_prefix="gmmseg")
        futures = [self._pool.submit(labour) for _ in range(helpers)]
        try:
            labour()
        finally:
            for future in futures:
                future.result()
