"""Where the two halves of a disc differ: the gradient of soft evidence across each of several directions.

Half-disc gradients of histograms (Martin, Fowlkes and Malik 2004) with the responsibilities of a mixture in place of
hard bins: they are histograms already, so what lies in each half is their mean.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.arrays import Floats
from gmmseg.compiled import compiled
from gmmseg.crew import Crew
from gmmseg.parts.growth.blurring import blurred

DIRECTIONS = 8  # of tangents, i · π / 8
_REACH = 1.25  # from a border to the middle of each half, in σ
_ROWS = 16  # that a thread takes at least


def disc_gradients(stack: Floats, sigma: float, crew: Crew) -> Floats:
    """How much the halves on both sides of every pixel differ : (DIRECTIONS, h, w) float32 from 0 to 1.

    Parameters
    ----------
    stack : (k, h, w) float32
        Shares that sum to one at each pixel.
    sigma : float
        Of the discs, in pixels of the stack.
    crew : Crew

    Notes
    -----
    B = G_σ * R. With the tangent τ and the normal ν of a direction, p is the mean of B at x + 1.25σν + {−1, 0, 1}στ, q
    the same on the other side, and the gradient is ½ Σₖ (pₖ − qₖ)² / (pₖ + qₖ). Places are rounded to whole pixels, so
    that the innermost loop reads along rows.
    """
    _, h, w = stack.shape
    angles = np.arange(DIRECTIONS) * np.pi / DIRECTIONS
    tangents = np.stack([np.sin(angles), np.cos(angles)], axis=1)
    normals = np.stack([np.cos(angles), -np.sin(angles)], axis=1)
    along = np.rint(sigma * tangents[:, None, :] * np.array([-1, 0, 1])[:, None]).astype(np.int64)
    across = np.rint(_REACH * sigma * normals).astype(np.int64)
    margin = int(np.abs(along).max() + np.abs(across).max())
    soft = np.pad(blurred(stack, sigma, crew), ((0, 0), (margin, margin), (margin, margin)), mode="edge")
    out = np.empty((DIRECTIONS, h, w), np.float32)
    crew.share(lambda begin, end: _compared(soft, along, across, margin, begin, end, out), h, least=_ROWS)
    return out


@compiled
def _compared(soft: Any, along: Any, across: Any, margin: Any, begin: Any, end: Any, out: Any) -> None:
    k = soft.shape[0]
    directions, _, w = out.shape
    total = np.empty(w, np.float32)
    tiny = np.float32(1e-9)
    scale = np.float32(1 / 6)  # the half, and the mean of three places
    for a in range(directions):
        for y in range(begin, end):
            total[:] = 0
            up, down = y + margin + across[a, 0], y + margin - across[a, 0]
            right, left = margin + across[a, 1], margin - across[a, 1]
            for c in range(k):
                p0 = soft[c, up + along[a, 0, 0], right + along[a, 0, 1] : right + along[a, 0, 1] + w]
                p1 = soft[c, up + along[a, 1, 0], right + along[a, 1, 1] : right + along[a, 1, 1] + w]
                p2 = soft[c, up + along[a, 2, 0], right + along[a, 2, 1] : right + along[a, 2, 1] + w]
                q0 = soft[c, down + along[a, 0, 0], left + along[a, 0, 1] : left + along[a, 0, 1] + w]
                q1 = soft[c, down + along[a, 1, 0], left + along[a, 1, 1] : left + along[a, 1, 1] + w]
                q2 = soft[c, down + along[a, 2, 0], left + along[a, 2, 1] : left + along[a, 2, 1] + w]
                for x in range(w):
                    p, q = p0[x] + p1[x] + p2[x], q0[x] + q1[x] + q2[x]
                    total[x] += (p - q) * (p - q) / (p + q + tiny)
            for x in range(w):
                out[a, y, x] = scale * total[x]
