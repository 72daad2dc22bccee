"""EM, watched: the mixture after so many steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gmmseg.figures.plots.stages import Scene, Stage, Story
from gmmseg.lessons.material import Material
from gmmseg.lessons.steps import is_kept, numbered, titled
from gmmseg.mixture import Mixture, fit


@dataclass(frozen=True, eq=False)
class Ascent:
    """The way of EM up the likelihood.

    Attributes
    ----------
    covariance : str
        The family.
    mixtures : dict of int to Mixture
        By the number of steps done; all of the first twenty, ever fewer later, and the last.
    trace : tuple of float
        The log-likelihood a row at the start and after each step.
    converged : bool
    bic : float
        Of the last mixture.
    notes : tuple of str
        Components that were mended or dropped on the way; only there can the likelihood fall.
    """

    covariance: str
    mixtures: dict[int, Mixture]
    trace: tuple[float, ...]
    converged: bool
    bic: float
    notes: tuple[str, ...] = ()

    @property
    def steps(self) -> int:
        """How many there were."""
        return len(self.trace) - 1

    @property
    def kept(self) -> tuple[int, ...]:
        """The steps that can be drawn."""
        return tuple(self.mixtures)

    def story(self, name: str, material: Material, scene: Scene, steps: Sequence[int]) -> Story:
        """The story of these steps; steps that were not kept are left out."""
        stages = tuple(self._stage(step, material, scene) for step in steps if step in self.mixtures)
        end = f"ℓ = {numbered(self.trace[-1])}, BIC = {numbered(self.bic, 0)}"
        return Story(name, stages, self.trace, "log-likelihood", "ℓ", end)

    def _stage(self, step: int, material: Material, scene: Scene) -> Stage:
        mixture = self.mixtures[step]
        return Stage(
            step,
            titled(step, self.steps, converged=self.converged),
            f"ℓ = {numbered(self.trace[step])}",
            mixture.responsibilities(material.rows),
            mixture=material.plane.projected(mixture),
            picture=None if material.photo is None else material.photo.tinted(mixture, scene.colours[: mixture.k]),
        )


def ascended(material: Material, start: Mixture, covariance: str, at: Collection[int], max_iterations: int) -> Ascent:
    """EM from a start, with what it was after each step that is kept or asked for."""
    mixtures: dict[int, Mixture] = {}
    likelihoods: list[float] = []

    def watch(step: int, mixture: Mixture, log_likelihood: float) -> None:
        likelihoods.append(log_likelihood / len(material.rows))
        if is_kept(step) or step in at:
            mixtures[step] = mixture

    found = fit(
        material.rows,
        start.k,
        covariance=covariance,
        start=start,
        resolution=material.resolution,
        max_iterations=max_iterations,
        watch=watch,
    )
    mixtures[found.iterations] = found.mixture
    bic = found.mixture.bic(material.rows)
    return Ascent(covariance, mixtures, tuple(likelihoods), found.converged, bic, found.notes)
