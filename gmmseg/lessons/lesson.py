"""A lesson: how mixtures of some rows were found, to be drawn as a strip or an animation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from gmmseg.arrays import Doubles, Floats
from gmmseg.figures import distinct_colors
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.plots.drawing import raster
from gmmseg.figures.plots.moment import moment
from gmmseg.figures.plots.stages import Scene
from gmmseg.figures.plots.strip import strip
from gmmseg.figures.plots.style import CROWDED_DPI, FRAME_DPI, styled
from gmmseg.lessons.ascent import Ascent
from gmmseg.lessons.descent import Descent
from gmmseg.lessons.material import Material
from gmmseg.mixture import Mixture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Lesson:
    """EM on some rows, step by step; `explain` makes it.

    Attributes
    ----------
    material : Material
        The rows, and how they are drawn.
    ascents : tuple of Ascent
        EM with each family of covariances.
    descent : Descent or None
        K-means from the same centres.
    at : tuple of int
        The steps of the strip; the last is always there.
    """

    material: Material
    ascents: tuple[Ascent, ...]
    descent: Descent | None
    at: tuple[int, ...]

    @property
    def rows(self) -> Floats:
        """What the mixtures were fitted to : (n, d); columns of a table in units of their standard deviation."""
        return self.material.rows

    @property
    def mixtures(self) -> dict[int, Mixture]:
        """The mixture after so many steps, of the first family."""
        return self.ascents[0].mixtures

    @property
    def trace(self) -> tuple[float, ...]:
        """The log-likelihood a row after each step, of the first family."""
        return self.ascents[0].trace

    @property
    def centres(self) -> dict[int, Doubles] | None:
        """The centres of k-means after so many steps, if it was asked for."""
        return None if self.descent is None else self.descent.centres

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""
        several = len(self.ascents) > 1
        mended = (
            f"{ascent.covariance}: {note}" if several else note for ascent in self.ascents for note in ascent.notes
        )
        return (*self.material.notes, *mended)

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps that an animation shows: the first twenty, ever fewer later, and the last of each way."""
        return tuple(sorted({step for _, way in self._ways() for step in way.kept}))

    def strip(self) -> Figure:
        """The chosen steps side by side, and how the likelihood climbed: a matplotlib Figure."""
        scene = self._scene()
        return strip(
            scene,
            [way.story(name, self.material, scene, sorted({*self.at, way.steps})) for name, way in self._ways()],
        )

    def frames(self) -> Iterator[Bytes]:
        """The frames of an animation : (h, w, 3) uint8 each, one for each of `steps`."""
        scene = self._scene()
        for step in self.steps:
            stories = [
                way.story(name, self.material, scene, [max(kept for kept in way.kept if kept <= step)])
                for name, way in self._ways()
            ]
            with styled():
                frame = raster(moment(scene, stories, step), FRAME_DPI if len(stories) == 1 else CROWDED_DPI)
            yield frame

    def table(self) -> list[dict[str, float | int]]:
        """A record for each number of steps: the log-likelihood a row by family, the squared distance of k-means."""
        named = [(f"log_likelihood_{ascent.covariance}", ascent.trace) for ascent in self.ascents]
        if self.descent is not None:
            named.append(("squared_distance", self.descent.trace))
        return [
            {"step": step, **{name: trace[step] for name, trace in named if step < len(trace)}}
            for step in range(max(len(trace) for _, trace in named))
        ]

    def save(
        self,
        folder: str | PathLike[str],
        kinds: str | Iterable[str] | None = None,
        *,
        stem: str | None = None,
    ) -> tuple[Path, ...]:
        """Write outputs into a folder, which is made if it is not there.

        Parameters
        ----------
        folder : path
        kinds : str or iterable of str, optional
            "strip" (PNG), "svg", "pdf", "gif", "webp", "mp4" and "csv", or text with commas between them; by default
            strip and gif.
        stem : str, optional
            What names begin with; by default the input's own name without its suffix.

        Returns
        -------
        tuple of Path
            What was written; every file appears whole or not at all.
        """
        from gmmseg.lessons.saving import save

        return save(self, folder, kinds, stem=stem)

    def _ways(self) -> list[tuple[str, Ascent | Descent]]:
        """All that is told, by name."""
        alone = len(self.ascents) == 1
        ways: list[tuple[str, Ascent | Descent]] = [
            ("EM" if alone else ascent.covariance, ascent) for ascent in self.ascents
        ]
        return ways if self.descent is None else [*ways, ("k-means", self.descent)]

    def _scene(self) -> Scene:
        material = self.material
        return Scene(
            places=material.plane.seen(material.rows),
            names=material.names,
            window=material.plane.window(material.rows, [ascent.mixtures[ascent.steps] for ascent in self.ascents]),
            colours=distinct_colors(self.ascents[0].mixtures[0].k),
            own=material.own,
            photo=None if material.photo is None else material.photo.pixels,
            measured=material.plane.shares is None,
        )
