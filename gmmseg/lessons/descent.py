"""K-means, watched: the centres after so many steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.crew import Crew
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.plots.stages import Scene, Stage, Story
from gmmseg.lessons.material import Material
from gmmseg.lessons.plane import Plane
from gmmseg.lessons.steps import is_kept, titled
from gmmseg.mixture import Mixture
from gmmseg.mixture.kmeans import lloyd
from gmmseg.mixture.rows import checked, scale_of
from gmmseg.mixture.sharp import sharp

_STILL = 1e-6  # movement of a centre, in units of the rows' scale, that counts as none
_GRID = 240  # places along each side at which the nearest centre is drawn
_PALE = 0.16  # strength of these colours


@dataclass(frozen=True, eq=False)
class Descent:
    """The way of k-means down the squared distance.

    Attributes
    ----------
    centres : dict of int to (k, d) float64
        By the number of steps done, as in Ascent.
    trace : tuple of float
        The mean squared distance of a row from its nearest centre, at the start and after each step.
    converged : bool
    unit : float
        The length that counts as 1 where sharpness must be finite.
    """

    centres: dict[int, Doubles]
    trace: tuple[float, ...]
    converged: bool
    unit: float

    @property
    def steps(self) -> int:
        """How many there were."""
        return len(self.trace) - 1

    @property
    def kept(self) -> tuple[int, ...]:
        """The steps that can be drawn."""
        return tuple(self.centres)

    def story(self, name: str, material: Material, scene: Scene, steps: Sequence[int]) -> Story:
        """The story of these steps; steps that were not kept are left out."""
        stages = tuple(self._stage(step, material, scene) for step in steps if step in self.centres)
        end = f"D = {self.trace[-1]:.4g}"
        return Story(name, stages, self.trace, "squared distance", "D", end)

    def _stage(self, step: int, material: Material, scene: Scene) -> Stage:
        centres = self.centres[step]
        nearest = self._nearest(step)
        return Stage(
            step,
            titled(step, self.steps, converged=self.converged),
            f"D = {self.trace[step]:.4g}",
            np.eye(len(centres))[nearest.assign(material.rows)],
            centres=material.plane.seen(centres),
            ground=_ground(nearest, material.plane, scene),
            picture=None if material.photo is None else material.photo.tinted(nearest, scene.colours[: nearest.k]),
        )

    def _nearest(self, step: int) -> Mixture:
        centres = self.centres[step]
        return sharp(centres, np.full(centres.shape[1], self.unit))


def descended(material: Material, start: Doubles, at: Collection[int], max_iterations: int) -> Descent:
    """K-means from centres : (k, d), one of Lloyd's steps after another."""
    rows = checked(material.rows)
    unit = float(np.sqrt(np.mean(scale_of(rows.values.var(axis=0, dtype=np.float64)) ** 2)))
    units = np.full(rows.d, unit)
    kept: dict[int, Doubles] = {}
    trace: list[float] = []
    centres, converged = np.array(start, np.float64), False
    with Crew(None) as crew:
        for step in range(max_iterations + 1):
            moved, distortion = lloyd(rows, centres, units, 0.0, 1, crew)
            trace.append(distortion * unit**2 / rows.n)  # lloyd measures in units
            if is_kept(step) or step in at:
                kept[step] = centres
            converged = bool(np.abs(moved - centres).max() <= _STILL * unit)
            if converged or step == max_iterations:
                kept[step] = centres
                break
            centres = moved
    return Descent(kept, tuple(trace), converged, unit)


def _ground(nearest: Mixture, plane: Plane, scene: Scene) -> Bytes | None:
    """Which centre is nearest all over the window, in pale colours, where the plane has all there is."""
    if not plane.whole or nearest.d != 2:
        return None
    window = scene.window
    x = window.left + (np.arange(_GRID) + 0.5) / _GRID * (window.right - window.left)
    y = window.top - (np.arange(_GRID) + 0.5) / _GRID * (window.top - window.bottom)
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    labels = nearest.assign(plane.rows_at(places)).reshape(_GRID, _GRID)
    pale: Bytes = np.rint(255 - _PALE * (255 - scene.colours.astype(np.float64))).astype(np.uint8)
    return pale[labels]
