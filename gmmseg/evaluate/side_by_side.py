"""Items of a data set worked on side by side, in threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from gmmseg.crew import Crew
from gmmseg.errors import InputError

Item = TypeVar("Item")
Result = TypeVar("Result")
Progress = Callable[[int, int], object]


def side_by_side(
    items: Sequence[Item], work: Callable[[Item], Result], jobs: int | None, progress: Progress | None = None
) -> list[Result]:
    """work(item) for all items, several at a time, in the order of the items.

    Parameters
    ----------
    items : sequence
        At least one.
    work : callable
        What it raises ends everything: what has not begun never does.
    jobs : int or None
        How many items at a time; None for all processors.
    progress : callable, optional
        Called in the calling thread as progress(done, total), in items, after each.
    """
    if jobs is not None and jobs < 1:
        raise InputError(f"expected at least one job; got {jobs}; leave it out to use all processors")
    workers = min(len(items), Crew(jobs).threads)
    with ThreadPoolExecutor(workers, thread_name_prefix="gmmseg") as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            for done, future in enumerate(as_completed(futures), 1):
                future.result()
                if progress is not None:
                    progress(done, len(futures))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in futures]
