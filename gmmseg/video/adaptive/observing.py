"""The loops over a frame: most pixels are near their first mode, and are learnt side by side.

What is remembered of n pixels, in blocks of BLOCK:

    means    (blocks, channels, BLOCK) uint16, of the first modes, in 1/256 of a level
    weights  (blocks, modes, BLOCK) uint16, the first not always the largest, in 1/65535
    others   (blocks · BLOCK, modes − 1, channels) uint16, the means of the further modes
    reach    (blocks, BLOCK) uint8, the scale, in steps over 1
    raw      (blocks, BLOCK) bool, the last verdict, before any smoothing

The first loops touch 20 bytes or so a pixel. `others` are touched only where the first mode is not near.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gmmseg.compiled import compiled
from gmmseg.video.adaptive.blocks import BLOCK, compare, follow, leave_out, load, set_apart
from gmmseg.video.adaptive.singles import see_to


@compiled
def observed(
    frame: Any,
    axes: Any,
    gain: Any,
    inside: Any,
    limited: Any,
    learns: Any,
    most: Any,
    rates: Any,
    options: Any,
    state: Any,
    begin: int,
    end: int,
    mask: Any,
    score: Any,
    shadow: Any,
) -> None:
    """Tell the score of each pixel in blocks `begin` to `end` and, if `learns`, learn.

    frame : (n, channels) uint8 or float32
    inside : (blocks or 1, BLOCK) bool, where to model; `limited` is whether that is not everywhere
    mask : (blocks, BLOCK) bool, of the frame before; score : (blocks, BLOCK) uint8 and shadow : likewise bool are
    written.
    """
    means, weights, others, reach, raw = state
    n = len(frame)
    shown = np.zeros((len(axes), BLOCK), frame.dtype)
    x = np.zeros((len(axes), BLOCK), np.float32)
    distance = np.empty(BLOCK, np.float32)
    apart = np.empty(BLOCK, np.bool_)
    words = apart.view(np.uint64)
    listed = np.empty(BLOCK, np.uint64)
    for b in range(begin, end):
        first = b * BLOCK
        size = min(n, first + BLOCK) - first
        within = inside[b % len(inside)]
        load(frame, first, size, axes, gain, shown, x)
        compare(x, axes, means[b], reach[b], options, distance, score[b], shadow[b], apart)
        set_apart(weights[b], within, apart)
        if limited:
            leave_out(within, score[b], shadow[b])
        if learns:
            follow(x, axes, means[b], weights[b], reach[b], raw[b], most, rates, options, distance, apart, within)
        count = 0
        for word in range((size + 7) // 8):
            if words[word] == 0:
                continue
            for i in range(8 * word, min(8 * word + 8, size)):
                listed[count] = i
                count += apart[i]
        if count == 0:
            continue
        see_to(
            listed,
            count,
            x,
            axes,
            distance,
            means[b],
            others,
            np.uint64(first),
            weights[b],
            reach[b],
            raw[b],
            mask[b],
            most,
            learns,
            rates,
            options,
            score[b],
            shadow[b],
        )
