"""The file of a background model: an npz archive of plain arrays and a JSON header; never a pickle.

header   UTF-8 JSON as bytes: {"format": "gmmseg background model", "version": 1, "preset": …, "settings": …, …}
scene_…  all that the scene remembers
region   (h, w) bool, where to model, and never (h, w) bool, where nothing is foreground, if there are such
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from os import PathLike
from typing import Any

import numpy as np

from gmmseg.archives import damaged, encoded, opened
from gmmseg.arrays import Flags
from gmmseg.files.archives import write_npz
from gmmseg.files.targets import Target
from gmmseg.video.pixels import Levels, levels_of, region_of
from gmmseg.video.presets import settings_of
from gmmseg.video.scene import Scene, Settings

FORMAT = "gmmseg background model"
VERSION = 1

_SCENE = "scene_"
_REGIONS = ("region", "never")


@dataclass(frozen=True, eq=False)
class State:
    """All that a background model is, but for its threads; the attributes are those of `BackgroundModel`."""

    preset: str
    settings: Settings
    frames: int
    frozen: bool
    given_levels: Levels | None
    levels: Levels | None
    kind: tuple[tuple[int, ...], np.dtype[Any]] | None
    scene: Scene | None
    region: Flags | None
    never: Flags | None


def save(target: Target, state: State) -> None:
    """Write a model file, whole or not at all."""
    arrays: dict[str, Any] = {} if state.scene is None else state.scene.arrays()
    stored = {_SCENE + name: array for name, array in arrays.items()}
    stored |= {name: getattr(state, name) for name in _REGIONS if getattr(state, name) is not None}
    settings: Any = state.settings
    header = {
        "format": FORMAT,
        "version": VERSION,
        "preset": state.preset,
        "settings": asdict(settings),
        "frames": state.frames,
        "frozen": state.frozen,
        "given_levels": state.given_levels,
        "levels": state.levels,
        "shape": None if state.kind is None else state.kind[0],
        "dtype": None if state.kind is None else state.kind[1].name,
        "arrays": sorted(stored),
    }
    write_npz(target, header=encoded(header), **stored)


def load(path: str | PathLike[str]) -> State:
    """What `save` wrote."""
    header, _ = opened(path, FORMAT, VERSION, ())
    try:
        names = tuple(str(name) for name in header["arrays"])
    except (KeyError, TypeError) as error:
        raise damaged(path, FORMAT, f"its header is incomplete ({error})") from None
    _, arrays = opened(path, FORMAT, VERSION, names)
    try:
        return _state(header, arrays)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, MemoryError) as error:
        raise damaged(path, FORMAT, f"its contents do not fit together ({error})") from None


def _state(header: dict[str, Any], arrays: dict[str, Any]) -> State:
    preset, settings = settings_of(header["preset"], header["settings"])
    frames, frozen = header["frames"], header["frozen"]
    if not isinstance(frames, int) or frames < 0 or not isinstance(frozen, bool):
        raise ValueError("a counter or a flag is none")
    levels = levels_of(header["levels"])
    kind, scene = None, None
    if header["shape"] is not None:
        shape = tuple(int(size) for size in header["shape"])
        kind = shape, np.dtype(header["dtype"])
        held = sum(array.size for array in arrays.values())
        if len(shape) < 2 or min(shape) < 1 or shape[2:] not in {(), (3,)} or shape[0] * shape[1] > held:
            raise ValueError(f"frames of the shape {shape}")
        scene = settings.scene(shape, np.dtype(np.uint8 if levels is None else np.float32))
        scene.restore({name.removeprefix(_SCENE): array for name, array in arrays.items() if name.startswith(_SCENE)})
    regions = {name: region_of(name, arrays.get(name)) for name in _REGIONS}
    if kind is not None and any(region is not None and region.shape != kind[0][:2] for region in regions.values()):
        raise ValueError("a region of another shape")
    return State(preset, settings, frames, frozen, levels_of(header["given_levels"]), levels, kind, scene, **regions)
