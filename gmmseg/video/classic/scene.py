"""What the classic mixture remembers of a view."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.video.classic.observing import GROUP, observed
from gmmseg.video.foreground import Foreground
from gmmseg.video.scene import filled

if TYPE_CHECKING:
    from gmmseg.video.classic.settings import Classic

_NOWHERE = np.float32(-1e6)  # the mean of a mode that is none: far from all pixels
_LINE = 16  # float32 in a line of the cache
_FASTEST = 0.999  # of rates; at 1 a frame would leave no weight to divide by
_LEAST = 4096  # groups worth waking a thread for


class ClassicScene:
    """The modes of every pixel; observing.py says how they lie in memory.

    The shadow test comes after learning, as in MOG2: while so few frames have been seen that a new mode is part of the
    background at once, a pixel that makes one is a shadow, and so is nearly all of the very first frame.
    """

    def __init__(self, settings: Classic, shape: tuple[int, ...]) -> None:
        self._settings, self._shape = settings, shape
        self._channels = shape[2] if len(shape) == 3 else 1
        self._axes = (0,) * self._channels
        self._pixels = shape[0] * shape[1]
        self._groups = -(-self._pixels // GROUP)
        self._front = _aligned((self._groups, 1 + self._channels, GROUP))
        self._front[:, 0], self._front[:, 1:] = 1, _NOWHERE
        # At least one, for the compiler's sake, of which nothing is used where there is one mode.
        self._others = _aligned((self._groups, max(settings.modes - 1, 1), 1 + self._channels, GROUP))
        self._weights = _aligned((self._groups, settings.modes, GROUP))
        self._depths = np.ones(self._groups, np.uint8)
        self._frames = np.zeros((), np.int64)
        numbers = (
            settings.threshold,
            settings.background_ratio,
            settings.match_threshold,
            settings.start_variance,
            settings.least_variance,
            settings.most_variance,
            settings.complexity,
            settings.shadow_threshold if settings.shadows else 0.0,
        )
        self._options = tuple(np.float32(number) for number in numbers)

    def observe(self, pixels: NDArray[Any], rate: float | None, modelled: Flags | None, crew: Crew) -> Foreground:
        """Tell the foreground of a frame, and learn from it.

        A rate of 1 forgets all and starts with this frame. A rate of 0 changes no bit; OpenCV's MOG2 still divides the
        weights by their sum then, and takes up its first frame at any rate.
        """
        if rate is not None and rate >= 1:
            self.forget(np.ones(self._shape[:2], np.bool_) if modelled is None else modelled)
            self._frames[...] = 0
            rate = None
        if rate != 0:
            self._frames += 1
        if rate is None:
            rate = 1 / min(2 * int(self._frames), self._settings.history)
        rate = min(rate, _FASTEST)
        n, whole = self._pixels, self._groups * GROUP
        frame = pixels.reshape(n, self._channels)
        tail = np.zeros((GROUP, self._channels), frame.dtype)
        tail[: n % GROUP] = frame[n - n % GROUP :]
        inside = np.zeros(0 if modelled is None else whole, np.bool_)
        if modelled is not None:
            inside[:n] = modelled.reshape(n)
        mask, probability, shadow = np.empty(whole, np.bool_), np.empty(whole, np.float32), np.empty(whole, np.bool_)
        state = self._front, self._others, self._weights, self._depths

        def work(begin: int, end: int) -> None:
            observed(
                frame,
                tail,
                self._axes,
                np.float32(rate),
                self._options,
                inside,
                state,
                begin,
                end,
                mask,
                probability,
                shadow,
            )

        crew.share(work, self._groups, least=_LEAST)
        view = self._shape[:2]
        return Foreground(mask[:n].reshape(view), probability[:n].reshape(view), shadow[:n].reshape(view))

    def background(self) -> NDArray[np.float32]:
        """The mean of the heaviest mode; 0 where nothing was ever learnt."""
        means = self._front[:, 1:].transpose(0, 2, 1).reshape(-1, self._channels)[: self._pixels]
        known = self._weights[:, 0].reshape(-1)[: self._pixels, None] > 0
        return np.where(known, means, np.float32(0)).reshape(self._shape)

    def uncertainty(self) -> NDArray[np.float32]:
        """The weight of all modes but the heaviest; 1 where nothing was ever learnt."""
        rest = 1 - self._weights[:, 0].reshape(-1)[: self._pixels]
        return rest.clip(0, 1).reshape(self._shape[:2])

    def forget(self, region: Flags) -> None:
        """Start afresh, with the next frame, where `region` (h, w) is true."""
        inside = np.zeros((self._groups, GROUP), np.bool_)
        inside.reshape(-1)[: self._pixels] = region.reshape(-1)
        inside.reshape(-1)[self._pixels :] = True  # what only fills up the last group
        groups = inside.any(1)
        chosen = inside[groups, None]
        self._weights[groups] = np.where(chosen, np.float32(0), self._weights[groups])
        self._others[groups] = np.where(chosen[:, None], np.float32(0), self._others[groups])
        front = self._front[groups]
        front[:, :1] = np.where(chosen, np.float32(1), front[:, :1])
        front[:, 1:] = np.where(chosen, _NOWHERE, front[:, 1:])
        self._front[groups] = front

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that is remembered, by name; the arrays themselves, not copies."""
        return {
            "front": self._front,
            "others": self._others,
            "weights": self._weights,
            "depths": self._depths,
            "frames": self._frames,
        }

    def restore(self, stored: dict[str, NDArray[Any]]) -> None:
        """Take up what `arrays` gave."""
        filled(self.arrays(), stored)
        if not 1 <= self._depths.min() <= self._depths.max() <= self._settings.modes or self._frames < 0:
            raise InputError("expected as many modes as the settings allow; got other numbers")


def _aligned(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Zeros, float32, that begin where a line of the cache does, so that no vector lies in two."""
    size = math.prod(shape)
    held = np.zeros(size + _LINE, np.float32)
    skip = -held.ctypes.data // held.itemsize % _LINE
    return held[skip : skip + size].reshape(shape)
