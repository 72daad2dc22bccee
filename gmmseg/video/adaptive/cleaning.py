"""From scores to a mask: the mean of 3 × 3 scores tells a pixel's verdict, and most of 9 × 9 verdicts the mask.

Borders are continued outwards. The sums are of small integers, so they are the same however the picture is cut up.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.compiled import compiled
from gmmseg.video.adaptive.blocks import SURE

REACH = 4  # of 9 × 9
VOTES = (2 * REACH + 1) ** 2
_LIMIT = np.uint16(9 * SURE)


def _chances() -> NDArray[np.float32]:
    """The chance of foreground by the number of votes: a logistic curve, but where all agree.

    Fitted to the labelled clips that the model was made with; half of all votes is an even chance.
    """
    chances = 1 / (1 + np.exp((VOTES / 2 - np.arange(VOTES + 1)) / 14))
    chances[0], chances[-1] = 0.01, 0.95
    return chances.astype(np.float32)


CHANCES = _chances()
# Of single scores, where there are no votes: one at the threshold counts as half of all votes.
SINGLES = CHANCES[np.minimum(np.arange(256) * VOTES // (2 * int(SURE)), VOTES)]


@compiled
def _verdicts(score: Any, row: int, sums: Any, hits: Any) -> None:
    """Where the mean of 3 × 3 scores is over the threshold, in one row."""
    height, width = score.shape
    above, below = max(row - 1, 0), min(row + 1, height - 1)
    for j in range(width):
        sums[j + 1] = score[above, j] + np.uint16(score[row, j]) + score[below, j]
    sums[0] = sums[1]
    sums[width + 1] = sums[width]
    total = sums[width + 2 :]
    for j in range(width):
        total[j] = sums[j] + sums[j + 1] + sums[j + 2]
    for j in range(width):
        hits[j] = total[j] > _LIMIT


@compiled
def cleaned(
    score: Any, chances: Any, top: int, bottom: int, mask: Any, probability: Any, shadow: Any, shade: Any
) -> None:
    """Write rows `top` to `bottom` of the mask, the probability and the shadow beside the mask.

    score : (h, w) uint8; shadow : (h, w) bool, pixel by pixel; chances : (VOTES + 1,) float32, by the number of votes
    mask, shade : (h, w) bool and probability : (h, w) float32 are written.
    """
    height, width = score.shape
    ring = np.zeros((2 * REACH + 1, width), np.uint8)
    sums = np.zeros(2 * width + 2, np.uint16)
    column = np.zeros(width + 2 * REACH, np.uint8)
    total = np.zeros(width, np.uint8)
    inner = column[REACH : REACH + width]
    for row in range(top - REACH, top + REACH):
        slot = row % len(ring)
        _verdicts(score, min(max(row, 0), height - 1), sums, ring[slot])
        for j in range(width):
            inner[j] += ring[slot, j]
    for row in range(top, bottom):
        slot = (row + REACH) % len(ring)
        _verdicts(score, min(row + REACH, height - 1), sums, ring[slot])
        for j in range(width):
            inner[j] += ring[slot, j]
        for j in range(REACH):
            column[j] = inner[0]
            column[REACH + width + j] = inner[width - 1]
        for j in range(width):
            total[j] = column[j]
        for step in range(1, 2 * REACH + 1):
            for j in range(width):
                total[j] += column[j + step]
        for j in range(width):
            mask[row, j] = total[j] > VOTES // 2
            shade[row, j] = shadow[row, j] & (total[j] <= VOTES // 2)
        for j in range(width):
            probability[row, j] = chances[total[j]]
        slot = (row - REACH) % len(ring)
        for j in range(width):
            inner[j] -= ring[slot, j]
