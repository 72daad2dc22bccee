"""Segmenters run over an annotated data set and scored, image by image, side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmmseg.arrays import Flags
from gmmseg.errors import GmmsegError, InputError
from gmmseg.evaluate.agreement import agreement
from gmmseg.evaluate.boundaries import boundary_counts, region_boundaries
from gmmseg.evaluate.contingency import numbered
from gmmseg.evaluate.evaluation import Evaluation, Failure, Score
from gmmseg.evaluate.side_by_side import Progress, side_by_side

Segmenter = Callable[[Path], ArrayLike]


class AnnotatedImage(Protocol):
    """What is asked of an image in a data set; `annotated` gives such images."""

    @property
    def name(self) -> str:
        """What the image is called in the records."""

    @property
    def path(self) -> Path:
        """The file that segmenters are given."""

    def truths(self) -> Sequence[NDArray[np.int32]]:
        """The regions that each annotator drew : (h, w) int32 each."""

    def boundaries(self) -> Sequence[Flags]:
        """The boundaries that each annotator drew : (h, w) bool each."""


def evaluate_segments(
    dataset: Sequence[AnnotatedImage],
    segmenters: Mapping[str, Segmenter],
    *,
    boundaries: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Segment every image in every setting and score it against all of its annotations.

    Parameters
    ----------
    dataset : sequence of Annotated
        As from `annotated`, or anything with the same `name`, `path`, `truths()` and `boundaries()`.
    segmenters : mapping of str to callable
        For each setting's name, the function from an image's path to its labels (h, w). It must bear being called from
        several threads at once when there are several jobs.
    boundaries : bool
        Whether to match boundaries too.
    jobs : int, optional
        How many images are worked on side by side; all processors if left out.
    progress : callable, optional
        Called in the calling thread as progress(done, total), in images, after each.

    Returns
    -------
    Evaluation
        The same whatever the number of jobs, but for the seconds. A segmenter or a file that raises a GmmsegError gives
        a Failure and the rest goes on; any other exception is a mistake in a program and ends the evaluation.
    """
    if not dataset or not segmenters:
        raise InputError(
            f"expected images and segmenters to evaluate; got {len(dataset)} images and {len(segmenters)} segmenters"
        )
    found = side_by_side(dataset, lambda image: _image(image, segmenters, boundaries=boundaries), jobs, progress)
    results = [result for of_image in found for result in of_image]
    return Evaluation(
        tuple(segmenters),
        tuple(result for result in results if isinstance(result, Score)),
        tuple(result for result in results if isinstance(result, Failure)),
    )


def _image(image: AnnotatedImage, segmenters: Mapping[str, Segmenter], *, boundaries: bool) -> list[Score | Failure]:
    """One image in all settings, so that its annotations are read once."""
    try:
        truths = image.truths()
        drawn = image.boundaries() if boundaries else None
    except GmmsegError as error:
        return [Failure(name, image.name, str(error)) for name in segmenters]
    results: list[Score | Failure] = []
    for name, segmenter in segmenters.items():
        try:
            results.append(_score(name, image, segmenter, truths, drawn))
        except GmmsegError as error:
            results.append(Failure(name, image.name, str(error)))
    return results


def _score(
    name: str,
    image: AnnotatedImage,
    segmenter: Segmenter,
    truths: Sequence[NDArray[np.int32]],
    drawn: Sequence[Flags] | None,
) -> Score:
    begin = time.perf_counter()
    given = segmenter(image.path)
    seconds = time.perf_counter() - begin
    labels = numbered(given, f"the labels of {image.name}")
    return Score(
        name,
        image.name,
        agreement(labels, truths),
        int(np.count_nonzero(np.bincount(labels[labels >= 0]))),
        seconds,
        None if drawn is None else boundary_counts(region_boundaries(labels), drawn),
    )
