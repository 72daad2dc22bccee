"""What can be chosen of the classic mixture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gmmseg.arguments import is_number, require_count
from gmmseg.errors import InputError

if TYPE_CHECKING:
    from gmmseg.video.classic.scene import ClassicScene

_MOST_MODES = 16  # more take memory alone


@dataclass(frozen=True)
class Classic:
    """A mixture of Gaussians at every pixel (Stauffer and Grimson 1999; Zivkovic 2004, 2006).

    Every mode has a weight, a mean and one variance for all channels. With the values set here it tells the same
    foreground as OpenCV's MOG2 with its own.

    Attributes
    ----------
    history : int
        Frames that count: left to itself the model learns at a rate of 1 / `history`, at first of 1 / (2 · frames).
    modes : int
        How many a pixel has at most, from 1 to 16.
    threshold : float
        A pixel is background within this squared distance of one of its modes, in variances of the mode.
    background_ratio : float
        The heaviest modes that make up this share of the weight are the background.
    match_threshold : float
        A pixel that is not within this squared distance of a mode gets a new one.
    start_variance, least_variance, most_variance : float
        The variance of a new mode, and its bounds.
    complexity : float
        How much evidence a mode needs to stay, as a share of the frames in `history`.
    shadows : bool
        Whether shadows are told from what is in front of the background.
    shadow_threshold : float
        The least brightness that a shadow leaves, up to 1.
    """

    history: int = 500
    modes: int = 5
    threshold: float = 16.0
    background_ratio: float = 0.9
    match_threshold: float = 9.0
    start_variance: float = 15.0
    least_variance: float = 4.0
    most_variance: float = 75.0
    complexity: float = 0.05
    shadows: bool = True
    shadow_threshold: float = 0.5

    def __post_init__(self) -> None:
        require_count("history", self.history)
        if require_count("modes", self.modes) > _MOST_MODES:
            raise InputError(f"expected modes from 1 to {_MOST_MODES}; got {self.modes}")
        for name in ("threshold", "match_threshold", "start_variance", "least_variance", "most_variance"):
            given = getattr(self, name)
            if not is_number(given) or not 1e-3 <= given <= 1e6:
                raise InputError(f"expected {name} as a number from 0.001 to 1000000; got {given!r}")
        for name, least in (("background_ratio", 0.01), ("shadow_threshold", 0.01), ("complexity", 0)):
            given = getattr(self, name)
            if not is_number(given) or not least <= given <= 1:
                raise InputError(f"expected {name} from {least} to 1; got {given!r}")
        if not self.least_variance <= self.start_variance <= self.most_variance:
            raise InputError(
                f"expected least_variance ≤ start_variance ≤ most_variance; got {self.least_variance:g}, "
                f"{self.start_variance:g} and {self.most_variance:g}"
            )
        if not isinstance(self.shadows, bool):
            raise InputError(f"expected shadows as True or False; got {self.shadows!r}")

    def scene(self, shape: tuple[int, ...], _dtype: Any) -> ClassicScene:
        """An empty memory for frames of this shape, whatever their dtype."""
        from gmmseg.video.classic.scene import ClassicScene

        return ClassicScene(self, shape)
