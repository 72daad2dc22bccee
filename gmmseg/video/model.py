"""The model of a clip's background: frame by frame in, foreground out."""

from __future__ import annotations

from dataclasses import replace
from os import PathLike
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arguments import is_number
from gmmseg.arrays import Flags
from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.files.targets import Target
from gmmseg.video import storage
from gmmseg.video.foreground import Foreground
from gmmseg.video.pixels import Levels, checked, described, found_levels, from_levels, in_levels, levels_of, region_of
from gmmseg.video.presets import settings_of
from gmmseg.video.scene import Scene, Settings


class BackgroundModel:
    """The background of a clip from a fixed camera, learnt while its frames go by.

    Parameters
    ----------
    preset : str
        One of `gmmseg.video.PRESETS`.
    threads : int, optional
        How many share a frame; all processors' unless given. The results are the same to the bit.
    levels : (low, high), optional
        What black and white are. 0 and 255 for uint8 and 0 and 1 for floats unless given; for uint16, found in the
        first frame with a wide margin and kept. What lies beyond is cut off.
    region : (h, w) bool, optional
        Where to model; nothing else is ever foreground.
    **changes
        Settings of the preset that shall be other than they are.

    Attributes
    ----------
    frozen : bool
        While true, nothing is learnt, whatever the rate.
    """

    def __init__(
        self,
        preset: str = "default",
        *,
        threads: int | None = None,
        levels: Levels | None = None,
        region: Flags | None = None,
        **changes: Any,
    ) -> None:
        self._preset, self._settings = settings_of(preset, changes)
        self._crew = Crew(threads)
        self._given_levels = levels_of(levels)
        self._levels = self._given_levels
        self._kind: tuple[tuple[int, ...], np.dtype[Any]] | None = None
        self._scene: Scene | None = None
        self._frames = 0
        self._region: Flags | None = None
        self._never: Flags | None = None
        self.frozen = False
        self.region = region

    def __enter__(self) -> BackgroundModel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        kind = "no frame yet" if self._kind is None else f"{self._frames} frames of {described(*self._kind)}"
        return f"BackgroundModel({self._preset!r}: {kind})"

    @property
    def preset(self) -> str:
        """The name of the preset."""
        return self._preset

    @property
    def settings(self) -> Settings:
        """The preset's settings with the changes that were asked for, a frozen dataclass."""
        return self._settings

    @property
    def frames(self) -> int:
        """How many frames were applied since the start or the last `reset`."""
        return self._frames

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The shape of the frames, (h, w) or (h, w, 3); None before the first."""
        return None if self._kind is None else self._kind[0]

    @property
    def levels(self) -> Levels | None:
        """What black and white are; None before the first frame if not given, and for uint8 as it is."""
        return self._levels

    @property
    def region(self) -> Flags | None:
        """Where to model, (h, w) bool; None is everywhere. What is left out keeps what it had learnt."""
        return self._region

    @region.setter
    def region(self, given: Flags | None) -> None:
        self._region = self._fitting("region", given)

    @property
    def never(self) -> Flags | None:
        """Where the background is modelled and nothing is ever foreground, (h, w) bool; None is nowhere."""
        return self._never

    @never.setter
    def never(self, given: Flags | None) -> None:
        self._never = self._fitting("never", given)

    def apply(self, frame: Any, learning_rate: float | None = None, *, region: Flags | None = None) -> Foreground:
        """Tell the foreground of the next frame, and learn from it.

        Parameters
        ----------
        frame : Frame or array (h, w), (h, w, 1) or (h, w, 3)
            uint8, uint16 or floats; all frames of a model are of one shape and dtype.
        learning_rate : float, optional
            From 0, nothing is changed, to 1, all is forgotten but this frame; unless given the model chooses.
        region : (h, w) bool, optional
            Where to model in this frame; what is outside of the model's own region stays out.
        """
        if learning_rate is not None and (not is_number(learning_rate) or not 0 <= learning_rate <= 1):
            raise InputError(
                f"expected learning_rate from 0 to 1, or None for the model's own choice; got {learning_rate!r}"
            )
        pixels = checked(frame)
        kind = pixels.shape, pixels.dtype
        if self._kind is not None and kind != self._kind:
            raise InputError(
                f"expected a frame like the first, {described(*self._kind)}; got {described(*kind)}; "
                "use another model, or reset this one"
            )
        modelled = self._modelled(region, pixels.shape)
        levels = self._levels
        if self._scene is None and levels is None:
            levels = found_levels(pixels, modelled)
        seen = in_levels(pixels, levels)
        scene = self._settings.scene(seen.shape, seen.dtype) if self._scene is None else self._scene
        rate = 0.0 if self.frozen else None if learning_rate is None else float(learning_rate)
        foreground = scene.observe(seen, rate, modelled, self._crew)
        self._kind, self._levels, self._scene = kind, levels, scene
        self._frames += 1
        if self._never is None:
            return foreground
        allowed = ~self._never
        return replace(
            foreground,
            mask=foreground.mask & allowed,
            probability=foreground.probability * allowed,
            shadow=foreground.shadow & allowed,
        )

    @property
    def background(self) -> NDArray[Any]:
        """The background as a picture, (h, w) or (h, w, 3) in the frames' dtype and range; black where unknown."""
        scene, (_, dtype) = self._begun()
        return from_levels(scene.background(), self._levels, dtype)

    @property
    def uncertainty(self) -> NDArray[np.float32]:
        """How unsure each pixel's background is, (h, w) float32 from 0 to 1."""
        return self._begun()[0].uncertainty()

    def freeze(self) -> None:
        """Learn nothing from now on."""
        self.frozen = True

    def thaw(self) -> None:
        """Learn again."""
        self.frozen = False

    def reset(self, region: Flags | None = None) -> None:
        """Forget everything, or what is known where `region` (h, w) is true; regions and settings stay."""
        if region is not None:
            inside = self._fitting("region", region)
            if self._scene is not None and inside is not None:
                self._scene.forget(inside)
            return
        self._kind, self._scene, self._levels, self._frames = None, None, self._given_levels, 0

    def save(self, target: Target) -> None:
        """Write the model to a file, whole or not at all; what `load` makes of it goes on as if never interrupted."""
        state = storage.State(
            preset=self._preset,
            settings=self._settings,
            frames=self._frames,
            frozen=self.frozen,
            given_levels=self._given_levels,
            levels=self._levels,
            kind=self._kind,
            scene=self._scene,
            region=self._region,
            never=self._never,
        )
        storage.save(target, state)

    @classmethod
    def load(cls, path: str | PathLike[str], *, threads: int | None = None) -> BackgroundModel:
        """Read a model that `save` wrote."""
        state = storage.load(path)
        model = cls(state.preset, threads=threads, levels=state.given_levels)
        model._settings = state.settings
        model._frames, model.frozen = state.frames, state.frozen
        model._levels, model._kind, model._scene = state.levels, state.kind, state.scene
        model._region, model._never = state.region, state.never
        return model

    def close(self) -> None:
        """Let the threads go; they come back when needed."""
        with self._crew:
            self._crew = Crew(self._crew.threads)

    def _begun(self) -> tuple[Scene, tuple[tuple[int, ...], np.dtype[Any]]]:
        if self._scene is None or self._kind is None:
            raise InputError("expected a model that has seen a frame; this one has seen none; apply one first")
        return self._scene, self._kind

    def _fitting(self, name: str, given: Flags | None) -> Flags | None:
        """A region that fits the frames, as far as they are known."""
        region = region_of(name, given)
        if self._kind is not None:
            _fit(name, region, self._kind[0])
        return region

    def _modelled(self, region: Flags | None, shape: tuple[int, ...]) -> Flags | None:
        """Where this frame is modelled."""
        given = region_of("region", region)
        for name, flags in (("region", self._region), ("never", self._never), ("region", given)):
            _fit(name, flags, shape)
        if self._region is None or given is None:
            return self._region if given is None else given
        return self._region & given


def _fit(name: str, region: Flags | None, shape: tuple[int, ...]) -> None:
    if region is not None and region.shape != shape[:2]:
        raise InputError(f"expected {name} of the frames' shape {shape[:2]}; got {region.shape}")
