"""Three stages at work side by side, with short belts between them; the slowest sets the pace."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Generic, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

_ROOM = 3  # frames between two stages: enough to even out their paces, and little memory
_TICK = 0.1  # seconds between looks at whether to stop
_PATIENCE = 5.0  # seconds that a reader may hang in a camera before it is left alone


class Belt(Generic[Item]):
    """A queue of bounded length that either end can close."""

    def __init__(self, room: int = _ROOM) -> None:
        self._changed = threading.Condition()
        self._items: deque[Item] = deque()
        self._room = room
        self._ended = False
        self._closed = False

    def put(self, item: Item) -> bool:
        """Wait for room; whether anyone will still take the item."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._items) < self._room)
            if self._closed:
                return False
            self._items.append(item)
            self._changed.notify_all()
            return True

    def end(self) -> None:
        """No more will come."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def close(self) -> bool:
        """No more will be taken: what lies on the belt is dropped. Whether anything was lost, or was still to come."""
        with self._changed:
            lost = bool(self._items) or not self._ended
            self._closed = True
            self._items.clear()
            self._changed.notify_all()
            return lost

    def __iter__(self) -> Iterator[Item]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._items or self._ended or self._closed)
                if not self._items:
                    return
                item = self._items.popleft()
                self._changed.notify_all()
            yield item


def staged(
    source: Iterable[Item],
    work: Callable[[Item], Made],
    sink: Callable[[Made], object],
    stopped: Callable[[], bool] = lambda: False,
) -> bool:
    """Call sink(work(item)) for all items in their order, with reading, working and sinking in threads of their own.

    When one of them fails, the others stop and its error is raised. When `stopped` says so, or the calling thread is
    interrupted, nothing more is read and what was read is dropped, but what was worked on is still sunk: after it
    the sink has taken exactly what `work` has seen.

    Returns
    -------
    bool
        Whether it was stopped before the source's end.
    """
    read: Belt[Item] = Belt()
    made: Belt[Made] = Belt()
    errors: list[BaseException] = []

    def stage(steps: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                steps()
            except BaseException as error:  # noqa: BLE001 - it is raised again, in the calling thread
                errors.append(error)
                read.close()
                made.close()

        thread = threading.Thread(target=run, name="gmmseg-stage", daemon=True)
        thread.start()
        return thread

    def reading() -> None:
        for item in source:
            if not read.put(item):
                return
        read.end()

    def working() -> None:
        for item in read:
            if not made.put(work(item)):
                return
        made.end()

    def sinking() -> None:
        for item in made:
            sink(item)

    reader = stage(reading)
    worker = stage(working)
    writer = stage(sinking)
    early = False
    try:
        while writer.is_alive():
            if not early and stopped():
                early = read.close()
            writer.join(_TICK)
    finally:  # also when the calling thread is interrupted
        read.close()
        with suppress(RuntimeError):
            worker.join()
            writer.join()
            reader.join(_PATIENCE)
    if errors:
        raise errors[0]
    return early
