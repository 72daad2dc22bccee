"""What is likely for each crumb of a tree, given what speaks for and against it, and for and against its kin.

Labels are handed down the tree: the whole picture is subject or ground with even odds, and each node has its parent's
label but with a probability that grows with the border between their heights: between parent and child at heights H
and h, labels correlate by exp(−(R(H) − R(h))), R(h) = borders · h². So two crumbs are alike by the height at which they
merge, whatever merges there are between. Odds given all evidence are exact, by one pass up and one down (Pearl 1982).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Doubles
from gmmseg.compiled import compiled

_MOST = 1 - 1e-12  # correlations beyond would be infinite odds


def inherited(evidence: Doubles, merges: NDArray[np.int32], heights: Doubles, borders: float) -> Doubles:
    """Log-odds of each crumb being the subject : (n,).

    Parameters
    ----------
    evidence : (n,) float64
        Log-likelihood ratio of what was seen of each crumb, subject to ground.
    merges : (n − 1, 2) int32
    heights : (n − 1,) float64
        As a `RegionTree` has them.
    borders : float
        How fast labels change across borders.
    """
    odds = np.empty(len(evidence) + len(merges))
    _passed(evidence, merges, borders * heights**2, odds)
    return odds[: len(evidence)]


@compiled
def _message(odds: Any, alike: Any) -> Any:
    """Odds as they arrive at the other end of a branch."""
    x = min(max(np.tanh(odds / 2) * alike, -_MOST), _MOST)
    return np.log((1 + x) / (1 - x))


@compiled
def _passed(evidence: Any, merges: Any, rates: Any, odds: Any) -> None:
    n = len(evidence)
    alike, upward = np.ones(len(odds)), np.zeros(len(odds))
    odds[:] = 0
    odds[:n] = evidence
    for t in range(len(merges)):
        for side in range(2):
            child = merges[t, side]
            own = rates[child - n] if child >= n else 0.0
            alike[child] = np.exp(-(rates[t] - own))
            upward[child] = _message(odds[child], alike[child])
            odds[n + t] += upward[child]
    for t in range(len(merges) - 1, -1, -1):
        for side in range(2):
            child = merges[t, side]
            odds[child] += _message(odds[n + t] - upward[child], alike[child])
