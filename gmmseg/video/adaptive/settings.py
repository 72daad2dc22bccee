"""What can be chosen of the default model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gmmseg.arguments import is_number, require_count
from gmmseg.errors import InputError

if TYPE_CHECKING:
    from gmmseg.video.adaptive.scene import AdaptiveScene

_MOST_MODES = 8  # more take time alone


@dataclass(frozen=True)
class Adaptive:
    """Narrow modes that learn what repeats, and a scale for each pixel that follows how restless it is.

    Levels are those of 8-bit pictures, 0 to 255. Memory is of 16 bits: rates below 0.00001 change no weight, and a
    colour is followed to within 1 / (512 · `pace`) levels.

    Attributes
    ----------
    modes : int
        How many colours a pixel remembers, from 2 to 8.
    rate : float
        How fast the background follows what it shows.
    slow_rate : float
        How fast it takes up what stands in front of it: something that stops is foreground for about 1 / `slow_rate`
        frames.
    pace : float
        How fast the colour of a mode follows.
    radius : float
        How far a quiet pixel may be from its background, over three channels together (a grey one counts three times);
        also how wide a mode is.
    tightness : float
        How closely, in the same measure, a colour must repeat to be worth much.
    share : float
        A mode belongs to the background from this share of the first one's weight.
    restlessness : float
        How many times `radius` a restless pixel may reach; from 1 to 4.
    shadows : float
        How much less a darkening counts that a shadow could be; 1 finds no shadows.
    warm_up : int
        Frames in which the model learns faster, from the first.
    align : bool
        Whether frames are shifted to undo the shaking of a camera.
    gain : bool
        Whether changes of the brightness of the whole picture are undone.
    ghosts : bool
        Whether the place that something has left is told from something that has come.
    sway : bool
        Whether places that sway all over are judged by their colours.
    clean : bool
        Whether verdicts are smoothed over a pixel's neighbours.
    """

    modes: int = 3
    rate: float = 0.01
    slow_rate: float = 0.001
    pace: float = 0.02
    radius: float = 21.0
    tightness: float = 6.0
    share: float = 0.6
    restlessness: float = 2.75
    shadows: float = 0.35
    warm_up: int = 40
    align: bool = True
    gain: bool = True
    ghosts: bool = True
    sway: bool = True
    clean: bool = True

    def __post_init__(self) -> None:
        if not 2 <= require_count("modes", self.modes) <= _MOST_MODES:
            raise InputError(f"expected modes from 2 to {_MOST_MODES}; got {self.modes}")
        require_count("warm_up", self.warm_up)
        for name, least, most in (
            ("rate", 0, 1),
            ("slow_rate", 0, 1),
            ("pace", 0, 1),
            ("radius", 1, 255),
            ("tightness", 0.1, 1000),
            ("share", 0, 1),
            ("restlessness", 1, 4),
            ("shadows", 0, 1),
        ):
            given = getattr(self, name)
            if not is_number(given) or not least <= given <= most:
                raise InputError(f"expected {name} from {least} to {most}; got {given!r}")
        for name in ("align", "gain", "ghosts", "sway", "clean"):
            if not isinstance(getattr(self, name), bool):
                raise InputError(f"expected {name} as True or False; got {getattr(self, name)!r}")

    def scene(self, shape: tuple[int, ...], _dtype: Any) -> AdaptiveScene:
        """An empty memory for frames of this shape, whatever their dtype."""
        from gmmseg.video.adaptive.scene import AdaptiveScene

        return AdaptiveScene(self, shape)
