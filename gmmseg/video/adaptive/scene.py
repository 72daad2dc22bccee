"""What the default model remembers of a view, and what it does with a frame."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.video.adaptive import alignment, ghosts, sway
from gmmseg.video.adaptive.blocks import BLOCK, LEVEL, STEP, SURE
from gmmseg.video.adaptive.cleaning import CHANCES, SINGLES, cleaned
from gmmseg.video.adaptive.observing import observed
from gmmseg.video.adaptive.shifting import back, shifted
from gmmseg.video.adaptive.sway import Sway
from gmmseg.video.foreground import Foreground
from gmmseg.video.scene import filled

if TYPE_CHECKING:
    from gmmseg.video.adaptive.settings import Adaptive

_LEAST = 1 << 17  # pixels worth waking a thread for
# What a file may hold: beyond, the counters would overflow.
_MOST_FRAMES = 1 << 53
_MOST_WORTH = 10 * sway.FLOOD


class AdaptiveScene:
    """The modes and scales of every pixel (observing.py says how they lie in memory), the last mask, and more.

    Alignment keeps the points it looks at and their usual cost, ghosts (h, w, c) and (h, w) of the last look.
    """

    def __init__(self, settings: Adaptive, shape: tuple[int, ...]) -> None:
        self._settings, self._shape = settings, shape
        height, width = shape[:2]
        self._channels = shape[2] if len(shape) == 3 else 1
        self._axes = (0,) * self._channels
        self._green = 1 if self._channels == 3 else 0
        self._pixels = height * width
        blocks, modes = -(-self._pixels // BLOCK), settings.modes
        self._means = np.zeros((blocks, self._channels, BLOCK), np.uint16)
        self._weights = np.zeros((blocks, modes, BLOCK), np.uint16)
        self._others = np.zeros((blocks * BLOCK, modes - 1, self._channels), np.uint16)
        self._reach = np.zeros((blocks, BLOCK), np.uint8)
        self._raw = np.zeros((blocks, BLOCK), np.bool_)
        self._mask = np.zeros((blocks, BLOCK), np.bool_)
        self._cell, cells = alignment.grid(height, width)
        self._points = np.full(cells, -1, np.int32)
        self._usual = np.full((), alignment.UNUSUAL, np.float32)
        self._past = np.zeros((height, width, self._channels) if settings.ghosts else 0, np.uint8)
        self._past_mask = np.zeros((height, width) if settings.ghosts else 0, np.bool_)
        self._looks = np.zeros((height, width) if settings.ghosts else 0, np.uint8)
        self._sway = Sway(height, width) if settings.sway else None
        self._frames = np.zeros((), np.int64)
        self._score = np.zeros((blocks, BLOCK), np.uint8)
        self._darker = np.zeros((blocks, BLOCK), np.bool_)
        self._everywhere = np.ones((1, BLOCK), np.bool_)
        self._most = round((settings.restlessness - 1) / float(STEP))
        # A grey pixel has no hue to tell a shadow by.
        shadows = settings.shadows if self._channels == 3 else 1.0
        # Squares are summed over channels, and settings are for three of them.
        part = self._channels / 3
        numbers = settings.radius * sqrt(part), shadows, settings.radius**2 * part, settings.tightness**-2 / part
        self._options = tuple(np.float32(number) for number in (*numbers, settings.share))

    def observe(self, pixels: NDArray[Any], rate: float | None, modelled: Flags | None, crew: Crew) -> Foreground:
        """Tell the foreground of a frame, and learn from it.

        A given rate is that of the background; what stands in front of it is taken up at a tenth. Ghosts are errors of
        the background, and are taken up at once at any rate but 0.
        """
        settings = self._settings
        if rate is not None and rate >= 1:
            self.forget(np.ones(self._shape[:2], np.bool_) if modelled is None else modelled)
        learns = rate != 0
        frame = pixels.reshape(*self._shape[:2], self._channels)
        lie = self._lie(frame, learns)
        inside = modelled
        if lie.down or lie.right:
            frame, seen = shifted(frame, lie.down, lie.right)
            inside = seen if modelled is None else seen & modelled
        if learns:
            self._frames += 1
        frames = int(self._frames)
        first = 1 / frames if learns and frames < settings.warm_up else 0.0
        fast = settings.rate if rate is None else rate
        slow = settings.slow_rate if rate is None else rate / 10
        pace = settings.pace if rate is None else min(2 * rate, 1.0)
        rates = tuple(np.float32(number) for number in (max(fast, first), max(pace, first), slow, first))
        self._tell(frame, lie.gain, inside, rates, learns, crew)
        if self._sway is not None:
            if learns and frames % sway.OFTEN == 0:
                self._sway.look(self._weights, self._reach, max(self._most, 1))
            score, mask = self._picture(self._score), self._picture(self._mask)
            self._sway.judge(frame, lie.gain, inside, mask, score, crew, learns=learns)
        foreground = self._cleaned(inside, learns, crew)
        if learns and settings.ghosts:
            state = self._means, self._weights, self._others, self._reach, self._raw
            mask = self._picture(self._mask)
            gone = ghosts.absorb(frame, lie.gain, frames, mask, state, self._past, self._past_mask, self._looks)
            if gone is not None:
                mask &= ~gone
                foreground.mask[gone] = False
                foreground.probability[gone] = 0
        if learns and settings.align and frames % alignment.OFTEN == 1:
            height, width = self._shape[:2]
            alignment.mark(self._means, self._weights, self._green, height, width, self._cell, self._points)
        if lie.down or lie.right:
            return back(foreground, lie.down, lie.right, modelled)
        return foreground

    def background(self) -> NDArray[np.float32]:
        """The mean of the first mode; 0 where nothing was ever learnt."""
        means = self._means.transpose(0, 2, 1).reshape(-1, self._channels)[: self._pixels]
        return (means / LEVEL).astype(np.float32).reshape(self._shape)

    def uncertainty(self) -> NDArray[np.float32]:
        """One less the share of the first mode, over the scale, over how few frames there were; 1 where unknown."""
        weights = self._weights.astype(np.float32)
        share = weights[:, 0] / np.maximum(weights.sum(1), 1)
        seen = np.float32(self._frames / (self._frames + 10))
        sure = share * seen / (1 + STEP * self._reach.astype(np.float32))
        return (1 - self._picture(sure)).astype(np.float32)

    def forget(self, region: Flags) -> None:
        """Start afresh, with the next frame, where `region` (h, w) is true; if that is all there is, as a new scene."""
        inside = np.zeros(self._mask.shape, np.bool_)
        self._picture(inside)[...] = region
        for array in (self._reach, self._raw, self._mask):
            array[inside] = 0
        self._means *= ~inside[:, None]
        self._weights *= ~inside[:, None]
        self._others[inside.reshape(-1)] = 0
        if self._settings.ghosts:
            for array in (self._past, self._past_mask, self._looks):
                array[region] = 0
        if self._sway is not None:
            self._sway.forget(region)
        placed = self._points >= 0
        self._points[placed] = np.where(region.reshape(-1)[self._points[placed]], -1, self._points[placed])
        if not self._weights.any():
            self._frames[...], self._usual[...] = 0, alignment.UNUSUAL
            if self._sway is not None:
                self._sway.worth[...] = 1

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that is remembered, by name; the arrays themselves, not copies."""
        own: dict[str, NDArray[Any]] = {
            "means": self._means,
            "weights": self._weights,
            "others": self._others,
            "reach": self._reach,
            "raw": self._raw,
            "mask": self._mask,
            "points": self._points,
            "usual": self._usual,
            "past": self._past,
            "past_mask": self._past_mask,
            "looks": self._looks,
            "frames": self._frames,
        }
        return own if self._sway is None else own | self._sway.arrays()

    def restore(self, stored: dict[str, NDArray[Any]]) -> None:
        """Take up what `arrays` gave."""
        filled(self.arrays(), stored)
        step = max(1, self._cell // 8)
        if (self._points >= self._pixels - step * (self._shape[1] + 1)).any():
            raise InputError("expected points within the picture; got others")
        worth = 1.0 if self._sway is None else float(self._sway.worth)
        if not 0 <= self._frames <= _MOST_FRAMES or self._usual < 0 or not 1 <= worth < _MOST_WORTH:
            raise InputError("expected counters that a clip can lead to; got others")

    def _lie(self, frame: NDArray[Any], learns: bool) -> alignment.Lie:
        """How the frame lies on the background; where nothing is known, as it is."""
        settings = self._settings
        if self._frames == 0 or not (settings.align or settings.gain):
            return alignment.Lie(0, 0, 1.0)
        usual = self._usual if learns else self._usual.copy()
        return alignment.lie(
            frame, self._green, self._means, self._points, usual, self._cell, align=settings.align, gain=settings.gain
        )

    def _tell(
        self,
        frame: NDArray[Any],
        gain: float,
        inside: Flags | None,
        rates: tuple[np.float32, ...],
        learns: bool,
        crew: Crew,
    ) -> None:
        """Make the score of each pixel, and learn."""
        flat = frame.reshape(self._pixels, self._channels)
        within = self._everywhere
        if inside is not None:
            within = np.zeros(self._mask.shape, np.bool_)
            self._picture(within)[...] = inside
        state = self._means, self._weights, self._others, self._reach, self._raw

        def work(begin: int, end: int) -> None:
            observed(
                flat,
                self._axes,
                np.float32(gain),
                within,
                inside is not None,
                learns,
                self._most,
                rates,
                self._options,
                state,
                begin,
                end,
                self._mask,
                self._score,
                self._darker,
            )

        crew.share(work, len(self._mask), least=_LEAST // BLOCK)

    def _cleaned(self, inside: Flags | None, learns: bool, crew: Crew) -> Foreground:
        """The mask of the scores; if the scene learns it is kept for the next frame."""
        view = self._shape[:2]
        score, darker = self._picture(self._score), self._picture(self._darker)
        mask, probability, shadow = np.empty(view, np.bool_), np.empty(view, np.float32), np.empty(view, np.bool_)

        def work(begin: int, end: int) -> None:
            cleaned(score, CHANCES, begin, end, mask, probability, darker, shadow)

        if self._settings.clean:
            crew.share(work, view[0], least=max(1, _LEAST // view[1]))
        else:
            mask, probability = score > SURE, SINGLES[score]
            shadow = darker & ~mask
        if inside is not None:  # votes reach beyond
            mask &= inside
            probability *= inside
        if learns:
            self._picture(self._mask)[...] = mask
        return Foreground(mask, probability, shadow)

    def _picture(self, blocks: NDArray[Any]) -> NDArray[Any]:
        """A view (h, w) of an array (blocks, BLOCK)."""
        return blocks.reshape(-1)[: self._pixels].reshape(self._shape[:2])
