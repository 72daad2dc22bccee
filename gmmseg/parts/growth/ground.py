"""What is known of a picture before anything merges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles, Flags, Floats
from gmmseg.crew import Crew
from gmmseg.parts.growth.channels import channels_of, landscape
from gmmseg.parts.growth.cracks import Graph, graph_of
from gmmseg.parts.growth.evidence import evidence_of
from gmmseg.parts.growth.flooding import basins
from gmmseg.parts.growth.halving import doubled
from gmmseg.parts.growth.joining import joined
from gmmseg.parts.growth.numbering import in_reading_order
from gmmseg.parts.growth.recipe import Recipe
from gmmseg.parts.growth.spectral import embedded
from gmmseg.parts.growth.statistics import Statistics, statistics_of


@dataclass(frozen=True, eq=False)
class Ground:
    """Crumbs, and all that merging goes by.

    Attributes
    ----------
    crumbs : (h, w) int32
        Numbered in reading order; −1 where nothing is seen.
    graph : Graph
    statistics : Statistics
    places : (n, c) float64
        Spectral coordinates.
    """

    crumbs: NDArray[np.int32]
    graph: Graph
    statistics: Statistics
    places: Doubles


def ground_of(planes: Floats, seen: Flags, recipe: Recipe, seed: int, crew: Crew) -> Ground:
    """Look at a picture : (3, h, w) float32, L*, a*, b*, whose unseen pixels are filled in with something near."""
    evidence = evidence_of(planes, recipe, seed, crew)
    channels = channels_of(planes, evidence, recipe, crew)
    labels = basins(landscape(channels, recipe, crew))
    crumbs = np.where(seen, labels, np.int32(-1))
    names = in_reading_order(crumbs, int(labels.max()) + 1)
    n = int(names.max()) + 1
    # Borders reach across what was filled in, so that a narrow gap does not part what is around it.
    graph = joined(graph_of(names[labels], channels), n)
    statistics = statistics_of(crumbs, n, evidence.lab, evidence.palettes, doubled(evidence.textures, seen.shape, crew))
    strengths = graph.strengths @ (np.array(recipe.emphasis) / sum(recipe.emphasis))
    weights = graph.lengths * np.exp(-strengths / recipe.tightness)
    middles = 2 * statistics.places / statistics.areas[:, None] / np.array(seen.shape) - 1
    return Ground(crumbs, graph, statistics, embedded(graph.pairs, weights, middles, recipe.spectral))
