"""A lesson as one figure: panels in reading order, and the climb at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gmmseg.figures.plots.climb import climb_panel, numbers_at_right
from gmmseg.figures.plots.panels import picture_panel, stage_panel
from gmmseg.figures.plots.stages import Scene, Stage, Story
from gmmseg.figures.plots.style import INK, PLAIN, blank, placed, plain, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ACROSS = 4  # panels in a row, where one story is told alone
# All in inches.
_SIDE, _APART = 2.4, 0.22
_LEFT, _RIGHT, _NAME = 0.62, 0.78, 0.34
_TITLE, _NUMBERS = 0.42, 0.4


@styled()
def strip(scene: Scene, stories: Sequence[Story]) -> Figure:
    """Draw all stages: one story in rows of four that begin with the data, several in a row each.

    Parameters
    ----------
    scene : Scene
    stories : sequence of Story

    Returns
    -------
    Figure
    """
    if len(stories) == 1:
        (story,) = stories
        cells: list[Stage | None] = [None, *story.stages]
        columns = min(_ACROSS, len(cells) + 1)
        rows = -(-(len(cells) + 1) // columns)
        grid = _Grid.of(scene, rows, columns, 0.0)
        for at, stage in enumerate(cells):
            grid.tell(scene, stage, at // columns, at % columns)
        grid.climb(story, len(cells) // columns, len(cells) % columns)
        return grid.figure
    grid = _Grid.of(scene, len(stories), 1 + max(len(story.stages) for story in stories), _NAME)
    for row, story in enumerate(stories):
        grid.name(story.name, row)
        for column, stage in enumerate(story.stages):
            grid.tell(scene, stage, row, column)
        grid.climb(story, row, grid.columns - 1)
    return grid.figure


@dataclass(frozen=True)
class _Grid:
    """A figure with cells: a panel for the rows each and, for a photo, a second one under it."""

    figure: Figure
    columns: int
    left: float
    photo: float
    below: float

    @classmethod
    def of(cls, scene: Scene, rows: int, columns: int, names: float) -> _Grid:
        photo = 0.0 if scene.photo is None else 0.1 + _SIDE * min(scene.photo.shape[0] / scene.photo.shape[1], 1.25)
        # A photo lies under its panel, with no room for numbers between them.
        below = 0.22 if scene.photo is not None and scene.places.shape[1] == 2 else _NUMBERS
        left = names + (_LEFT if scene.measured or scene.places.shape[1] == 1 else 0.3)
        width = left + columns * _SIDE + (columns - 1) * _APART + _RIGHT
        return cls(blank(width, rows * (_TITLE + _SIDE + below + photo) + 0.12), columns, left, photo, below)

    def _corner(self, row: int, column: int) -> tuple[float, float]:
        height = _TITLE + _SIDE + self.below + self.photo
        return self.left + column * (_SIDE + _APART), row * height + _TITLE

    def tell(self, scene: Scene, stage: Stage | None, row: int, column: int) -> None:
        """Draw one stage, or the data alone."""
        left, top = self._corner(row, column)
        axes = placed(self.figure, left, top, _SIDE, _SIDE)
        stage_panel(axes, scene, stage, "data" if stage is None else stage.title, named=column == 0)
        pixels = scene.photo if stage is None else stage.picture
        if pixels is not None:
            picture_panel(placed(self.figure, left, top + _SIDE + self.below, _SIDE, self.photo - 0.1), pixels)

    def climb(self, story: Story, row: int, column: int) -> None:
        """Draw the trace behind the last stage, its numbers at the right, where nothing is."""
        left, top = self._corner(row, column)
        axes = placed(self.figure, left, top, _SIDE, _SIDE)
        climb_panel(axes, story.trace, None, story.end, story.axis, marked=[stage.step for stage in story.stages])
        numbers_at_right(axes)

    def name(self, text: str, row: int) -> None:
        """Write a story's name beside its row."""
        _, top = self._corner(row, 0)
        across, down = self.figure.get_size_inches()
        self.figure.text(
            0.24 / across,
            1 - (top + _SIDE / 2) / down,
            plain(text),
            rotation=90,
            ha="center",
            va="center",
            fontsize=PLAIN + 1,
            fontweight="bold",
            color=INK,
        )
