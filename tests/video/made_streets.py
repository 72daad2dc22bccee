"""Small clips for the tests of the adaptive model, and what a model remembers of them."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scenes import SCENES

from gmmseg import BackgroundModel
from gmmseg.video.adaptive.scene import AdaptiveScene

Frames = list[NDArray[np.uint8]]
ACTIVE = {"jitter": 45, "waving": 45, "ghost": 114}  # made scenes, and when what they are hard for is under way


@cache
def made(name: str, frames: int) -> Frames:
    """The first frames of a made scene."""
    return [frame for frame, _ in islice(SCENES[name](), frames)]


def street(frames: int, shape: tuple[int, ...] = (48, 70, 3), seed: int = 0) -> Frames:
    """A noisy wall, a lamp that flickers, a block that walks by with its shadow, and one that stays from the middle."""
    random = np.random.default_rng(seed)
    h, w = shape[:2]
    wall = random.uniform(60, 170, shape)
    clip = []
    for t in range(frames):
        frame = wall + random.normal(0, 2.5, shape)
        if t % 3 == 0:
            frame[: h // 3, : w // 3] += 50
        left = 4 * t % w
        frame[h // 4 : 3 * h // 4, left : left + 14] = 225 + random.normal(0, 4, frame[0, 0].shape)
        frame[3 * h // 4 :, left : left + 14] *= 0.65
        if t > frames // 2:
            frame[h // 2 : h // 2 + 16, w - 20 : w - 4] = 30
        clip.append(frame.clip(0, 255).round().astype(np.uint8))
    return clip


def scene_of(model: BackgroundModel) -> AdaptiveScene:
    """What a model remembers."""
    assert isinstance(model._scene, AdaptiveScene)
    return model._scene


def kept(model: BackgroundModel) -> dict[str, NDArray[Any]]:
    """Copies of all that a model remembers."""
    return {name: array.copy() for name, array in scene_of(model).arrays().items()}


def same_memory(one: dict[str, NDArray[Any]], other: dict[str, NDArray[Any]]) -> None:
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)


def taught(frames: Frames, **changes: Any) -> BackgroundModel:
    """A model that has seen these frames."""
    model = BackgroundModel(threads=1, **changes)
    for frame in frames:
        model.apply(frame)
    return model
