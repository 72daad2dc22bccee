"""A graph of crumbs made whole, where left-out pixels part it."""

from __future__ import annotations

import numpy as np

from gmmseg.parts.growth.cracks import Graph


def joined(graph: Graph, n: int) -> Graph:
    """The graph with a border, as strong as can be and one crack long, from each part to the next."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    links = coo_matrix((np.ones(len(graph.pairs)), graph.pairs.T), shape=(n, n))
    parts, part = connected_components(links, directed=False)
    if parts < 2:
        return graph
    firsts = np.sort(np.unique(part, return_index=True)[1])
    pairs = np.concatenate([graph.pairs, np.stack([firsts[:-1], firsts[1:]], axis=1)])
    lengths = np.concatenate([graph.lengths, np.ones(parts - 1)])
    strengths = np.concatenate([graph.strengths, np.ones((parts - 1, graph.strengths.shape[1]))])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return Graph(pairs[order], lengths[order], strengths[order])
