"""What a lesson in pictures is made of: one scene, and stories that are told on it stage by stage."""

from __future__ import annotations

from dataclasses import dataclass, field

from gmmseg.arrays import Doubles, Floats
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.plots.scatter import Window
from gmmseg.mixture import Mixture


@dataclass(frozen=True, eq=False)
class Scene:
    """What all stages have in common.

    Attributes
    ----------
    places : (n, 1) or (n, 2) float64
        Where the rows are drawn: along a line or in a plane.
    names : tuple of str
        Of the axes.
    window : Window
        The part of the plane that is shown; of a line, its left and right.
    colours : (k, 3) uint8
        Of the components.
    own : (n, 3) uint8 or None
        The rows' own colours, where they have some.
    photo : (h, w, 3) uint8 or None
        The picture that the rows are from.
    measured : bool
        Whether the axes are in units that mean something.
    """

    places: Doubles
    names: tuple[str, ...]
    window: Window
    colours: Bytes
    own: Bytes | None = field(default=None, repr=False)
    photo: Bytes | None = field(default=None, repr=False)
    measured: bool = True


@dataclass(frozen=True, eq=False)
class Stage:
    """One moment of a story.

    Attributes
    ----------
    step : int
        Steps done so far.
    title, note : str
        Above the panel, and small beside it.
    shares : (n, k) floating
        How much of each row each component has; 0 and 1 where assignment is hard.
    mixture : Mixture or None
        Where it is drawn, in one or two dimensions.
    centres : (k, 1) or (k, 2) float64, or None
        What stands in its place where assignment is hard.
    ground : (g, g, 3) uint8 or None
        What lies behind the points, over the whole window, from its top.
    picture : (h, w, 3) uint8 or None
        The photo as it is understood so far.
    """

    step: int
    title: str
    note: str
    shares: Floats
    mixture: Mixture | None = None
    centres: Doubles | None = None
    ground: Bytes | None = field(default=None, repr=False)
    picture: Bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, eq=False)
class Story:
    """Stages in order, and what rises or falls from one to the next.

    Attributes
    ----------
    name : str
    stages : tuple of Stage
    trace : tuple of float
        A value for each number of steps, from 0.
    measure, symbol : str
        What these values are, and what they are called for short.
    end : str
        How it ended, for the title of the trace.
    """

    name: str
    stages: tuple[Stage, ...]
    trace: tuple[float, ...]
    measure: str
    symbol: str
    end: str = ""

    @property
    def axis(self) -> str:
        """The name of the axis that the trace rises along."""
        return f"{self.measure} {self.symbol} a row"

    def stage_at(self, step: int) -> Stage:
        """The last stage that is no later than this."""
        return max((stage for stage in self.stages if stage.step <= step), key=lambda stage: stage.step)
