"""What every kind of background model offers."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from gmmseg.crew import Crew
from gmmseg.errors import InputError
from gmmseg.video.foreground import Foreground


class Scene(Protocol):
    """The memory of one view: arrays of one number or more a pixel, changed in place by every frame observed.

    Frames are C-contiguous (h, w) or (h, w, 3), uint8 or, in the same range of 0 to 255, float32; all of one scene
    have one shape and type. All that a scene remembers is in `arrays`, so that it can be stored and taken up again.
    """

    def observe(
        self, pixels: NDArray[Any], rate: float | None, modelled: NDArray[np.bool_] | None, crew: Crew
    ) -> Foreground:
        """Tell the foreground of a frame, and learn from it.

        `rate` is how fast the background follows, from 0 (nothing is changed at all) to 1 (it is this frame); None
        leaves that to the model. Where `modelled` (h, w) is false nothing is learnt and nothing is foreground.
        """

    def background(self) -> NDArray[np.float32]:
        """The likeliest background, (h, w) or (h, w, 3) float32."""

    def uncertainty(self) -> NDArray[np.float32]:
        """How unsure each pixel's background is, (h, w) float32 from 0 to 1."""

    def forget(self, region: NDArray[np.bool_]) -> None:
        """Start afresh, with the next frame, where `region` (h, w) is true."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that is remembered, by name; the arrays themselves, not copies. Counters have no dimensions."""

    def restore(self, stored: dict[str, NDArray[Any]]) -> None:
        """Take up what `arrays` of a scene with the same settings, shape and dtype gave; see `filled`.

        The arrays may come from a file that someone has tampered with: what could make a compiled loop leave its
        arrays is an InputError.
        """


class Settings(Protocol):
    """What can be chosen of a kind of model: a frozen dataclass of numbers, flags and text, checked when it is made."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def scene(self, shape: tuple[int, ...], dtype: Any, /) -> Scene:
        """An empty memory for frames of this shape, (h, w) or (h, w, 3), and dtype, uint8 or float32."""


def filled(arrays: dict[str, NDArray[Any]], stored: dict[str, NDArray[Any]]) -> None:
    """Copy stored arrays into those of the same names, which must be of the same shape and dtype, and finite."""
    if stored.keys() - arrays.keys():
        raise InputError(
            f"expected {', '.join(arrays)}; got {', '.join(sorted(stored.keys() - arrays.keys()))} as well"
        )
    for name, array in arrays.items():
        given = stored.get(name)
        if given is None or given.shape != array.shape or given.dtype != array.dtype:
            what = "nothing" if given is None else f"{given.dtype} {given.shape}"
            raise InputError(f"expected {name} as {array.dtype} {array.shape}; got {what}")
        if given.dtype.kind == "f" and not np.isfinite(given).all():
            raise InputError(f"expected {name} without NaN or infinite numbers; got some")
    for name, array in arrays.items():
        array[...] = stored[name]
