"""Vectors in compiled code: what they compute is what NumPy computes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gmmseg.compiled import compiled
from gmmseg.video.classic.memory import address, read, read_flags, read_pixels, write, write_flags
from gmmseg.video.classic.sure import probability_of
from gmmseg.video.classic.vectors import both, choose, either, everywhere, power, some, spread, whole_part, without

HALF, TWO = np.float32(0.5), np.float32(2)


@compiled
def calculated(given: Any, made: Any) -> None:
    """Rows of results of two rows of numbers."""
    begin, out = address(given), address(made)
    one, other = read(begin, 0), read(begin, 1)
    write(out, 0, one + other)
    write(out, 1, one - other)
    write(out, 2, one * other)
    write(out, 3, one / other)
    write(out, 4, TWO - one)
    write(out, 5, one * TWO)
    write(out, 6, choose(one < other, one, other))
    write(out, 7, choose(one >= HALF, HALF, one))
    write(out, 8, whole_part(one))
    write(out, 9, power(other, whole_part(one)))
    write(out, 10, spread(HALF))


def test_operators_are_numpy_s() -> None:
    """Every operator gives the numbers that NumPy gives."""
    random = np.random.default_rng(0)
    one, other = random.uniform(-9, 9, 16).astype(np.float32), random.uniform(1, 9, 16).astype(np.float32)
    made = np.full((12, 16), 7, np.float32)
    calculated(np.stack([one, other]), made)
    expected = [
        one + other,
        one - other,
        one * other,
        one / other,
        2 - one,
        one * 2,
        np.minimum(one, other),
        np.minimum(one, 0.5),
        np.trunc(one),
        np.ldexp(other, np.trunc(one).astype(int)),
        np.full(16, 0.5),
        np.full(16, 7),  # the row that nobody wrote to
    ]
    np.testing.assert_allclose(made, expected, rtol=1e-6)


@compiled
def compared(given: Any, made: Any) -> tuple[bool, bool]:
    """Rows of flags of two rows of numbers; whether any is less, and whether any is less and more."""
    begin, out = address(given), address(made)
    one, other = read(begin, 0), read(begin, 1)
    less, more = one < other, one > other
    write_flags(out, 0, less)
    write_flags(out, 1, one <= other)
    write_flags(out, 2, one == other)
    write_flags(out, 3, either(less, more))
    write_flags(out, 4, both(one <= other, one >= other))
    write_flags(out, 5, without(everywhere(), read_flags(out, 0)))
    return some(less), some(both(less, more))


def test_flags_are_numpy_s() -> None:
    """Comparisons and what is made of them are NumPy's."""
    one, other = np.arange(16) // 3, np.arange(16) // 2 - 1
    made = np.zeros((6, 16), np.bool_)
    some_less, some_both = compared(np.stack([one, other]).astype(np.float32), made)
    less = one < other
    np.testing.assert_array_equal(made, [less, one <= other, one == other, one != other, one == other, ~less])
    assert some_less
    assert not some_both


@compiled
def parted(frame: Any, first: int, axes: Any, made: Any) -> None:
    """The channels of 16 pixels, one a row."""
    x = read_pixels(frame, first, axes)
    for j in range(len(axes)):
        write(address(made), j, x[j])


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_pixels_are_parted_into_channels(channels: int, dtype: Any) -> None:
    """Sixteen pixels from anywhere in a frame become a row for each channel."""
    frame = np.random.default_rng(0).integers(0, 256, (40, channels)).astype(dtype)
    for first in (0, 5, 24):
        made = np.zeros((channels, 16), np.float32)
        parted(frame, first, (0,) * channels, made)
        np.testing.assert_array_equal(made, frame[first : first + 16].T)


@compiled
def likely(given: Any, threshold: Any, made: Any) -> None:
    """The probability of each of 16 distances."""
    write(address(made), 0, probability_of(read(address(given), 0), threshold))


def test_probabilities() -> None:
    """A distance becomes 1 / (1 + e^((threshold − q) / 2)), a half at the threshold, and never 0 or 1."""
    close = np.float32(16) + np.arange(-16, 16, dtype=np.float32) / 2**20
    for q in np.concatenate([np.linspace(0, 36, 160), close, np.full(16, 1e30)]).reshape(-1, 16):
        made = np.zeros(16, np.float32)
        likely(q.astype(np.float32), np.float32(16), made)
        np.testing.assert_allclose(made, 1 / (1 + np.exp((16 - np.minimum(q, 40)) / 2)), rtol=1e-6, atol=1e-5)
        np.testing.assert_array_equal(made >= 0.5, q >= 16)
        assert 0 < made.min() <= made.max() < 1
