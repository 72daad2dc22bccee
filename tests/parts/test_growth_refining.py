"""Crumbs of a small picture on the large one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from grown_scenes import Labels, painted, quarters, shapes
from numpy.typing import NDArray

from gmmseg.crew import Crew
from gmmseg.parts.growth.planes import halved_mask
from gmmseg.parts.growth.refining import refined
from gmmseg.segmentation.pieces import pieces_of

CREW = Crew(1)
COLOURS = [(40, 60, 150), (200, 180, 60), (90, 160, 90), (230, 230, 230), (150, 40, 60)]


def reduced(labels: Labels, valid: NDArray[np.bool_], doublings: int) -> Labels:
    """Each block's label by its upper left pixel, or any valid one; −1 where none is valid."""
    for _ in range(doublings):
        h, w = labels.shape
        padded = np.pad(np.where(valid, labels, -1), ((0, h % 2), (0, w % 2)), constant_values=-1)
        blocks = [padded[i::2, j::2] for i in (0, 1) for j in (0, 1)]
        labels, valid = blocks[0], halved_mask(valid)
        for block in blocks[1:]:
            labels = np.where(labels < 0, block, labels)
    return labels.astype(np.int32)


@pytest.mark.parametrize("doublings", [1, 2, 3])
@pytest.mark.parametrize("made", [shapes, quarters])
def test_borders_lie_on_the_edges(made: Callable[[int, int], Labels], doublings: int) -> None:
    """Crumbs a little off the edges of a picture are on them at full size, to a pixel in five hundred."""
    labels = made(161, 243)
    valid = np.ones(labels.shape, bool)
    found = refined(reduced(labels, valid, doublings), painted(labels, COLOURS), valid, doublings, CREW)
    assert found.shape == labels.shape
    assert (found != labels).mean() < 0.002


@pytest.mark.parametrize("doublings", [1, 2])
def test_no_crumb_is_lost(doublings: int) -> None:
    """Crumbs of a pixel, of a line and beside gaps are all there at full size, and gaps stay gaps."""
    random = np.random.default_rng(doublings)
    h, w = 37, 50
    valid = random.random((h, w)) < 0.7
    valid[5:20, 30:] = False
    small = valid
    for _ in range(doublings):
        small = halved_mask(small)
    coarse = np.where(small, np.arange(small.size).reshape(small.shape), -1).astype(np.int32)
    coarse[:, 3:6] = np.where(small[:, 3:6], 3, -1)
    names, numbered = np.unique(coarse, return_inverse=True)
    given = (numbered - int(names[0] < 0)).astype(np.int32).reshape(coarse.shape)
    picture = random.integers(0, 256, (h, w, 3)).astype(np.uint8)
    found = refined(given, picture, valid, doublings, CREW)
    assert np.array_equal(found >= 0, valid)
    assert np.array_equal(np.unique(found[valid]), np.arange(int(given.max()) + 1))


@pytest.mark.parametrize("doublings", [1, 2])
def test_crumbs_stay_in_one_piece(doublings: int) -> None:
    """Connected crumbs with necks of any width are connected at full size too."""
    random = np.random.default_rng(doublings)
    coarse, count = pieces_of(random.integers(0, 2, (40, 50)).repeat(2, axis=1).astype(np.int16))
    picture = random.integers(0, 256, (40 << doublings, 100 << doublings, 3)).astype(np.uint8)
    found = refined(coarse, picture, np.ones(picture.shape[:2], bool), doublings, CREW)
    assert pieces_of(found)[1] == count


def test_refining_hangs_on_no_thread() -> None:
    """Crumbs at full size have the same bits with any number of threads."""
    labels = shapes(300, 200)
    valid = np.ones(labels.shape, bool)
    coarse, picture = reduced(labels, valid, 2), painted(labels, COLOURS, 20)
    with Crew(3) as crew:
        assert np.array_equal(refined(coarse, picture, valid, 2, CREW), refined(coarse, picture, valid, 2, crew))
