"""Three stages side by side: order, pace, errors, ends before their time."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from gmmseg.footage.belts import Belt, staged


def test_order_is_kept() -> None:
    """What goes in comes out, worked on, each once and in order."""
    out: list[int] = []
    assert staged(range(200), lambda n: n * n, out.append) is False
    assert out == [n * n for n in range(200)]


def test_nothing_in_nothing_out() -> None:
    """An empty source ends at once."""
    out: list[int] = []
    assert staged([], lambda n: n, out.append) is False
    assert out == []


def test_stages_overlap() -> None:
    """Three stages that each take a while take little longer together than one."""

    def slow() -> Iterator[int]:
        for n in range(10):
            time.sleep(0.03)
            yield n

    def wait(n: int) -> int:
        time.sleep(0.03)
        return n

    begun = time.perf_counter()
    staged(slow(), wait, wait)
    assert time.perf_counter() - begun < 0.75


def test_reader_does_not_run_ahead() -> None:
    """No more than a few items wait between the stages, however slow the last one is."""
    read, ahead = itertools.count(), []
    done = 0

    def source() -> Iterator[int]:
        for _ in range(30):
            yield next(read)

    def sink(_: int) -> None:
        nonlocal done
        time.sleep(0.003)
        done += 1
        ahead.append(int(repr(read)[6:-1]) - done)

    staged(source(), lambda n: n, sink)
    assert max(ahead) <= 10


def failing(at: int, error: BaseException) -> Callable[[int], int]:
    def step(n: int) -> int:
        if n == at:
            raise error
        return n

    return step


@pytest.mark.parametrize("place", ["source", "work", "sink"])
@pytest.mark.parametrize("at", [0, 1, 17])
def test_an_error_stops_all(place: str, at: int) -> None:
    """The error of any stage is raised as it is, and no thread is left; even a source without end stops."""
    error = ValueError("it")
    fail = failing(at, error)
    keep: Callable[[int], int] = lambda n: n  # noqa: E731 - beside `fail`, which takes its place

    def source() -> Iterator[int]:
        for n in itertools.count():
            yield fail(n) if place == "source" else n

    out: list[int] = []
    with pytest.raises(ValueError, match="it") as raised:
        staged(source(), fail if place == "work" else keep, lambda n: out.append(fail(n) if place == "sink" else n))
    assert raised.value is error
    assert out == list(range(len(out)))
    assert len(out) <= at
    assert not [thread for thread in threading.enumerate() if thread.name == "gmmseg-stage"]


def test_stopped_early() -> None:
    """When it is stopped, all that was worked on is sunk, and nothing more is read."""
    worked: list[int] = []
    out: list[int] = []

    def work(n: int) -> int:
        worked.append(n)
        time.sleep(0.002)
        return n

    assert staged(itertools.count(), work, out.append, lambda: len(out) > 20) is True
    assert out == worked == list(range(len(out)))


def test_stopped_at_the_end() -> None:
    """A stop that comes when all has been worked on stops nothing."""
    sunk: list[int] = []

    def sink(item: int) -> None:
        sunk.append(item)
        if item == 4:
            time.sleep(0.3)

    assert not staged(range(5), lambda item: item, sink, lambda: len(sunk) == 5)
    assert sunk == list(range(5))


def test_interrupted() -> None:
    """An interrupt of the calling thread ends the stages as if they had been stopped, and goes on."""
    worked: list[int] = []
    out: list[int] = []

    def work(n: int) -> int:
        worked.append(n)
        time.sleep(0.002)
        return n

    def stopped() -> bool:
        if len(out) > 20:
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        staged(itertools.count(), work, out.append, stopped)
    assert out == worked


def test_a_closed_belt() -> None:
    """A belt that is closed takes nothing and gives nothing."""
    belt: Belt[int] = Belt(2)
    assert belt.put(1)
    belt.close()
    assert not belt.put(2)
    assert list(belt) == []
