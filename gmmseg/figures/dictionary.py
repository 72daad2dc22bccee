"""What clusters of patches look like: the mean of each, and the patches of which its own are made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, colors_of
from gmmseg.figures.lettering import PALE, lettered

_PAPER = 255
_RIM = 206  # round patches, which may be as white as the paper
_CELL = 48  # pixels that a patch is enlarged to, about
_GAP = 8
_MARGIN = 16
_HEAD = 26
_WORDS = 13  # pixels high
_COLUMNS = (40, 58)  # pixels for the number and the share


def dictionary_picture(
    colors: ArrayLike, names: Sequence[str], shares: ArrayLike, means: ArrayLike, patches: ArrayLike
) -> Bytes:
    """A row a cluster: its colour, name and share, its mean patch, and its principal patches.

    Means are shown as they are. Principal patches have no brightness of their own: each is stretched to its own
    contrast, with grey for nothing.

    Parameters
    ----------
    colors : (k, 3) uint8
    names : sequence of k str
        Short ones, such as the numbers of the segments.
    shares : (k,)
        Of all patches, from 0 to 1.
    means : (k, s, s, c)
        From 0 to 255; c is 1 or 3.
    patches : (k, m, s, s, c)

    Returns
    -------
    (h, w, 3) uint8
    """
    colors = colors_of(colors)
    levels, waves = np.asarray(means, np.float64), np.asarray(patches, np.float64)
    k = len(colors)
    parts = np.asarray(shares, np.float64)
    if (
        levels.ndim != 4
        or waves.ndim != 5
        or {len(names), len(parts), len(levels), len(waves)} != {k}
        or waves.shape[2:] != levels.shape[1:]
        or levels.shape[3] not in {1, 3}
    ):
        raise InputError(
            f"expected {k} names, {k} shares, means (k, s, s, c) and patches (k, m, s, s, c); got {len(names)}, "
            f"{parts.shape}, {levels.shape} and {waves.shape}"
        )
    zoom = max(2, round(_CELL / levels.shape[1]))
    cell = zoom * levels.shape[1]
    step = cell + _GAP
    swatch = _MARGIN
    number = swatch + cell // 2 + _GAP
    share = number + _COLUMNS[0]
    first = share + _COLUMNS[1] + _GAP
    second = first + step + _GAP
    height = _MARGIN + _HEAD + k * step - _GAP + _MARGIN
    page = np.full((height, second + waves.shape[1] * step - _GAP + _MARGIN, 3), _PAPER, np.uint8)
    words = []
    for c in range(k):
        top = _MARGIN + _HEAD + c * step
        page[top : top + cell, swatch : swatch + cell // 2] = colors[c]
        words.append((names[c], number + _COLUMNS[0] // 2, top + cell // 2))
        words.append((_percent(parts[c]), share + _COLUMNS[1] // 2, top + cell // 2))
        page[top - 1 : top + cell + 1, first - 1 : first + cell + 1] = _rimmed(levels[c], zoom)
        for m, wave in enumerate(waves[c]):
            left = second + m * step
            page[top - 1 : top + cell + 1, left - 1 : left + cell + 1] = _rimmed(_stretched(wave), zoom)
    page = lettered(page, words, _WORDS)
    middle = _MARGIN + _HEAD // 2 - _GAP // 2
    heads = [("share", share + _COLUMNS[1] // 2, middle), ("mean", first + cell // 2, middle)]
    if waves.shape[1] > 1:
        heads.append(("principal patches", second + (waves.shape[1] * step - _GAP) // 2, middle))
    return lettered(page, heads, _WORDS, PALE)


def _stretched(wave: Doubles) -> Doubles:
    """From −1 to 1 to 1 to 255, about grey."""
    peak = np.abs(wave).max()
    shown: Doubles = 128 + 127 * wave / (peak if peak > 0 else 1.0)
    return shown


def _rimmed(patch: Doubles, zoom: int) -> Bytes:
    levels = np.clip(np.rint(patch), 0, 255).astype(np.uint8)
    large: Bytes = np.repeat(np.repeat(levels, zoom, axis=0), zoom, axis=1)
    return np.pad(large.repeat(3 // large.shape[2], axis=2), ((1, 1), (1, 1), (0, 0)), constant_values=_RIM)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share >= 0.0005 else "< 0.1 %"
