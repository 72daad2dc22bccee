"""Many pieces of work side by side, told of in their order; ended at once when someone wants it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from typing import TypeVar

from gmmseg.cli.leaving import Gate, Interrupted, unheard

Item = TypeVar("Item")
Result = TypeVar("Result")

_MOST = 4  # jobs unless more are asked for: each has a whole picture in memory, and shares its work among threads
_TICK = 0.1  # seconds between looks at the progress; on some systems a longer wait would also hold up Ctrl-C


def usual_jobs(inputs: int) -> int:
    """How many inputs to work on side by side where the user has no wish."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(inputs, processors, _MOST))


def in_order(
    items: Sequence[Item],
    work: Callable[[Item, Gate], Result],
    jobs: int,
    tell: Callable[[Result], None],
    progress: Callable[[int], None],
    tick: float = _TICK,
) -> None:
    """Call work(item, gate) for all items, several at a time, and tell(result) in the order of the items.

    The work is done in other threads, so the main one hears signals at once. What `work` writes it writes inside
    `gate.passed()`: when something ends the batch before its time, that is finished, and nothing else is waited for.
    Every `tick` seconds progress(how many are done) is called in the main thread.
    """
    gate = Gate()
    pool = _pool(jobs)
    done: list[Future[Result]] = []
    try:
        futures = [pool.submit(work, item, gate) for item in items]
        for future in futures:
            future.add_done_callback(done.append)
        for future in futures:
            tell(_awaited(future, lambda: progress(len(done)), tick))
    except BaseException as error:
        if isinstance(error, Interrupted):
            unheard()
        pool.shutdown(wait=False, cancel_futures=True)
        gate.close()
        raise
    pool.shutdown()


def aside(work: Callable[[], Result]) -> Result:
    """What work() returns or raises; it is done in another thread, so that signals are heard at once."""
    pool = _pool(1)
    try:
        return _awaited(pool.submit(work), lambda: None)
    finally:
        pool.shutdown(wait=False)


def _pool(jobs: int) -> ThreadPoolExecutor:
    """Threads that have the processors to themselves, each its share of them.

    A fit wakes its own threads a thousand times a second and waits for the last of them each time; when those of
    several fits crowd the same processors, all wait for each other. The threads that a job starts inherit its share.
    (Thirty photos of 600×400 on two processors: 5.5 s one by one, 5.6 s two at a time on both, 4.8 s on one each.)
    """
    if jobs == 1 or not hasattr(os, "sched_setaffinity"):
        return ThreadPoolExecutor(jobs, thread_name_prefix="gmmseg-job")
    processors = sorted(os.sched_getaffinity(0))
    numbers = itertools.count()

    def settle() -> None:
        with suppress(OSError):
            os.sched_setaffinity(0, processors[next(numbers) % len(processors) :: jobs])

    return ThreadPoolExecutor(jobs, thread_name_prefix="gmmseg-job", initializer=settle)


def _awaited(future: Future[Result], look: Callable[[], None], tick: float = _TICK) -> Result:
    while not wait([future], tick).done:
        look()
    look()
    return future.result()
