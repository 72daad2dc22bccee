"""Trees of regions grown over an annotated data set, and every cut scored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from gmmseg.errors import GmmsegError, InputError
from gmmseg.evaluate.cuts import Tree, cut_agreements, cut_boundaries, cuts_of
from gmmseg.evaluate.evaluation import Evaluation, Failure, Score
from gmmseg.evaluate.segments import AnnotatedImage
from gmmseg.evaluate.side_by_side import Progress, side_by_side
from gmmseg.evaluate.tree_evaluation import USUAL, TreeEvaluation, setting_of

DETAILS = tuple(i / 50 for i in range(1, 50))

Grower = Callable[[Path], Tree]


def evaluate_trees(
    dataset: Sequence[AnnotatedImage],
    grow: Grower,
    *,
    details: Sequence[float] = DETAILS,
    boundaries: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> TreeEvaluation:
    """Grow the tree of every image and score its cuts at every detail against all of the image's annotations.

    Parameters
    ----------
    dataset : sequence of Annotated
        As from `annotated`, or anything with the same `name`, `path`, `truths()` and `boundaries()`.
    grow : callable
        From an image's path to its tree, as `gmmseg.regions`. It must bear being called from several threads at once
        when there are several jobs.
    details : sequence of float
        From 0 to 1; the usual one, 0.5, is always among them.
    boundaries : bool
        Whether to match boundaries too.
    jobs : int, optional
        How many images are worked on side by side; all processors if left out.
    progress : callable, optional
        Called in the calling thread as progress(done, total), in images, after each.

    Returns
    -------
    TreeEvaluation
        The same whatever the number of jobs, but for the seconds. An image whose tree or annotations raise a
        GmmsegError gives a Failure and the rest goes on; any other exception is a mistake in a program.
    """
    if not dataset:
        raise InputError("expected images to evaluate; got none")
    grid = sorted({*map(float, details), USUAL})
    if not all(0 <= detail <= 1 for detail in grid):
        raise InputError(f"expected details from 0 to 1; got {grid[0]} to {grid[-1]}")
    found = side_by_side(dataset, lambda image: _image(image, grow, grid, boundaries=boundaries), jobs, progress)
    results = [result for of_image in found for result in of_image]
    return TreeEvaluation(
        tuple(grid),
        Evaluation(
            tuple(map(setting_of, grid)),
            tuple(result for result in results if isinstance(result, Score)),
            tuple(result for result in results if isinstance(result, Failure)),
        ),
    )


def _image(
    image: AnnotatedImage, grow: Grower, details: Sequence[float], *, boundaries: bool
) -> list[Score] | list[Failure]:
    try:
        truths = image.truths()
        drawn = image.boundaries() if boundaries else None
        tree = grow(image.path)
        cuts = cuts_of(tree, details)
        agreements = cut_agreements(tree, cuts, truths)
        counts = cut_boundaries(tree, cuts, drawn) if drawn is not None else [None] * len(details)
    except GmmsegError as error:
        return [Failure("tree", image.name, str(error))]
    regions = np.asarray(cuts.regions)[cuts.at].tolist()
    return [
        Score(setting_of(detail), image.name, agreement, count, tree.seconds, boundary)
        for detail, agreement, count, boundary in zip(details, agreements, regions, counts, strict=True)
    ]
