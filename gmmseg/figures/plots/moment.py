"""A moment of a lesson as a frame of an animation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gmmseg.figures.plots.climb import climb_panel, numbers_at_right
from gmmseg.figures.plots.panels import coarse_panel, stage_panel
from gmmseg.figures.plots.stages import Scene, Story
from gmmseg.figures.plots.style import INK, PLAIN, blank, placed, plain, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# All in inches.
_SIDE, _SMALLER, _NARROW = 3.0, 2.5, 2.3
_LEFT, _RIGHT, _ABOVE, _BELOW, _APART = 0.62, 0.78, 0.42, 0.46, 0.24
_NAME = 0.22


@styled()
def moment(scene: Scene, stories: Sequence[Story], at: int) -> Figure:
    """Draw the stage that each story is at: one story from left to right, several in a column each.

    Parameters
    ----------
    scene : Scene
    stories : sequence of Story
        Each with all its stages in order.
    at : int
        The step; a story that has fewer steps stays at its last.

    Returns
    -------
    Figure
    """
    return _alone(scene, stories[0], at) if len(stories) == 1 else _together(scene, stories, at)


def _alone(scene: Scene, story: Story, at: int) -> Figure:
    stage = story.stage_at(at)
    side = _SIDE if scene.photo is None else _SMALLER
    photo = 0.0 if scene.photo is None else side * min(scene.photo.shape[1] / scene.photo.shape[0], 1.6)
    width = _LEFT + side + _APART + (photo + _APART if photo else 0.0) + _NARROW + _RIGHT
    figure = blank(width, _ABOVE + side + _BELOW)
    stage_panel(placed(figure, _LEFT, _ABOVE, side, side), scene, stage, stage.title, named=True)
    left = _LEFT + side + _APART
    if stage.picture is not None:
        coarse_panel(placed(figure, left, _ABOVE, photo, side), stage.picture)
        left += photo + _APART
    axes = placed(figure, left, _ABOVE, _NARROW, side)
    climb_panel(axes, story.trace, stage.step, "", story.axis)
    numbers_at_right(axes)
    return figure


def _together(scene: Scene, stories: Sequence[Story], at: int) -> Figure:
    side = _NARROW
    photo = 0.0 if scene.photo is None else side * min(scene.photo.shape[0] / scene.photo.shape[1], 1.25)
    below = 0.2 if photo and scene.places.shape[1] == 2 else _BELOW
    apart = _LEFT + 0.1
    width = _LEFT + len(stories) * side + (len(stories) - 1) * apart + 0.2
    top_of_photo = _NAME + _ABOVE + side + below
    top_of_climb = top_of_photo + (photo + 0.2 if photo else 0.0)
    figure = blank(width, top_of_climb + 0.45 * side + _BELOW)
    for number, story in enumerate(stories):
        left = _LEFT + number * (side + apart)
        stage = story.stage_at(at)
        figure.text(
            left / width,
            1 - 0.8 * _NAME / float(figure.get_size_inches()[1]),
            plain(story.name),
            va="center",
            fontsize=PLAIN + 1,
            fontweight="bold",
            color=INK,
        )
        panel = placed(figure, left, _NAME + _ABOVE, side, side)
        stage_panel(panel, scene, stage, stage.title, named=number == 0)
        if stage.picture is not None:
            coarse_panel(placed(figure, left, top_of_photo, side, photo), stage.picture)
        axes = placed(figure, left, top_of_climb, side, 0.45 * side)
        climb_panel(axes, story.trace, stage.step, "", f"{story.symbol} a row")
    return figure
