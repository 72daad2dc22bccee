"""How good segmentations are: scored against what people drew."""

from __future__ import annotations

from gmmseg.evaluate.agreement import Agreement, agreement, agreement_among
from gmmseg.evaluate.boundaries import BoundaryCounts, boundary_counts, region_boundaries
from gmmseg.evaluate.bsds import Annotated, annotated
from gmmseg.evaluate.evaluation import Evaluation, Failure, Score, Summary
from gmmseg.evaluate.segments import evaluate_segments
from gmmseg.evaluate.tables import text_table

__all__ = [
    "Agreement",
    "Annotated",
    "BoundaryCounts",
    "Evaluation",
    "Failure",
    "Score",
    "Summary",
    "agreement",
    "agreement_among",
    "annotated",
    "boundary_counts",
    "evaluate_segments",
    "region_boundaries",
    "text_table",
]
