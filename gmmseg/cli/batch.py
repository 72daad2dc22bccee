"""Many pieces of work side by side, told of in their order; ended at once when someone wants it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
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
) -> None:
    """Call work(item, gate) for all items, several at a time, and tell(result) in the order of the items.

    The work is done in other threads, so the main one hears signals at once. What `work` writes it writes inside
    `gate.passed()`: when something ends the batch before its time, that is finished, and nothing else is waited for.
    """
    gate = Gate()
    pool = ThreadPoolExecutor(max(1, jobs), thread_name_prefix="gmmseg-job")
    done: list[Future[Result]] = []
    try:
        futures = [pool.submit(work, item, gate) for item in items]
        for future in futures:
            future.add_done_callback(done.append)
        for future in futures:
            tell(_awaited(future, lambda: progress(len(done))))
    except BaseException as error:
        if isinstance(error, Interrupted):
            unheard()
        pool.shutdown(wait=False, cancel_futures=True)
        gate.close()
        raise
    pool.shutdown()


def aside(work: Callable[[], Result]) -> Result:
    """What work() returns or raises; it is done in another thread, so that signals are heard at once."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="gmmseg-job")
    try:
        return _awaited(pool.submit(work), lambda: None)
    finally:
        pool.shutdown(wait=False)


def _awaited(future: Future[Result], tick: Callable[[], None]) -> Result:
    while not wait([future], _TICK).done:
        tick()
    tick()
    return future.result()
