"""How far people agree among themselves over a data set: what a segmentation can be expected to reach."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

from gmmseg.errors import GmmsegError, InputError
from gmmseg.evaluate.agreement import agreement_among
from gmmseg.evaluate.boundaries import boundary_counts
from gmmseg.evaluate.evaluation import Evaluation, Failure, Score
from gmmseg.evaluate.segments import AnnotatedImage
from gmmseg.evaluate.side_by_side import Progress, side_by_side

_NAME = "people"


def evaluate_people(
    dataset: Sequence[AnnotatedImage],
    *,
    boundaries: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Score each annotator against the others of the same image, as if the drawing were a segmentation.

    Parameters
    ----------
    dataset, boundaries, jobs, progress
        As in `evaluate_segments`.

    Returns
    -------
    Evaluation
        One setting, "people". An image that a single person annotated is left out. On BSDS500's 300 images for training
        and validation, F of the boundaries is 0.80, as its authors found.
    """
    if not dataset:
        raise InputError("expected images to evaluate; got none")
    found = side_by_side(dataset, lambda image: _image(image, boundaries=boundaries), jobs, progress)
    return Evaluation(
        (_NAME,),
        tuple(result for result in found if isinstance(result, Score)),
        tuple(result for result in found if isinstance(result, Failure)),
    )


def _image(image: AnnotatedImage, *, boundaries: bool) -> Score | Failure | None:
    try:
        truths = image.truths()
        drawn = image.boundaries() if boundaries and len(truths) > 1 else ()
    except GmmsegError as error:
        return Failure(_NAME, image.name, str(error))
    if len(truths) < 2:
        return None
    regions = sum(len(set(truth[truth >= 0].tolist())) for truth in truths) / len(truths)
    counts = [boundary_counts(one, [*drawn[:i], *drawn[i + 1 :]]) for i, one in enumerate(drawn)]
    return Score(
        _NAME, image.name, agreement_among(truths), round(regions), 0.0, reduce(add, counts) if counts else None
    )
