"""Threads that share the parts of one piece of work."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from types import TracebackType

from gmmseg.arguments import require_count


class Crew:
    """The calling thread and `threads` − 1 more; None takes every processor this process may run on.

    Which thread does which part is left to chance, so parts must write to places of their own.
    """

    def __init__(self, threads: int | None = None) -> None:
        if threads is None:
            threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self.threads = require_count("threads", threads)
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
        tickets = deque(_ranges(parts, self.threads))

        def labour() -> None:
            while True:
                try:
                    begin, end = tickets.popleft()
                except IndexError:  # another thread took the last one
                    return
                work(begin, end)

        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads - 1, thread_name_prefix="gmmseg")
        futures = [self._pool.submit(labour) for _ in range(helpers)]
        try:
            labour()
        finally:
            for future in futures:
                future.result()


def _ranges(parts: int, threads: int) -> list[tuple[int, int]]:
    """Ranges that make up range(parts), large ones first.

    Each call costs some microseconds, so there should be few; and a thread that the machine holds up should not hold
    up the others, so the last should be small. (Guided self-scheduling, Polychronopoulos and Kuck 1987.)
    """
    least = max(1, parts // (8 * threads))
    ranges = []
    begin = 0
    while begin < parts:
        end = min(parts, begin + max(least, round((parts - begin) / (1.5 * threads))))
        ranges.append((begin, end))
        begin = end
    return ranges
