"""How good results are: segmentations and foreground masks scored against what people drew."""

from __future__ import annotations

from gmmseg.evaluate.agreement import Agreement, agreement, agreement_among
from gmmseg.evaluate.anomalies import aupro, roc_auc
from gmmseg.evaluate.boundaries import BoundaryCounts, boundary_counts, region_boundaries
from gmmseg.evaluate.bsds import Annotated, annotated
from gmmseg.evaluate.cdnet import LabelledClip, labelled_clips
from gmmseg.evaluate.detection import Detection, Rates, detection, mean_rates
from gmmseg.evaluate.evaluation import Evaluation, Failure, Score, Summary
from gmmseg.evaluate.peers import PEERS
from gmmseg.evaluate.people import evaluate_people
from gmmseg.evaluate.reliability import Reliability, reliability
from gmmseg.evaluate.segments import evaluate_segments
from gmmseg.evaluate.tables import text_table
from gmmseg.evaluate.tree_evaluation import TreeEvaluation
from gmmseg.evaluate.trees import evaluate_trees
from gmmseg.evaluate.video import evaluate_video
from gmmseg.evaluate.video_evaluation import VideoEvaluation, VideoScore

__all__ = [
    "PEERS",
    "Agreement",
    "Annotated",
    "BoundaryCounts",
    "Detection",
    "Evaluation",
    "Failure",
    "LabelledClip",
    "Rates",
    "Reliability",
    "Score",
    "Summary",
    "TreeEvaluation",
    "VideoEvaluation",
    "VideoScore",
    "agreement",
    "agreement_among",
    "annotated",
    "aupro",
    "boundary_counts",
    "detection",
    "evaluate_people",
    "evaluate_segments",
    "evaluate_trees",
    "evaluate_video",
    "labelled_clips",
    "mean_rates",
    "region_boundaries",
    "reliability",
    "roc_auc",
    "text_table",
]
