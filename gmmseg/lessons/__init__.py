"""How a mixture is found, in pictures: EM step by step beside k-means; and rows drawn from a model."""

from __future__ import annotations

from gmmseg.lessons.explaining import explain
from gmmseg.lessons.lesson import Lesson
from gmmseg.lessons.sampling import Sample, sample

__all__ = ["Lesson", "Sample", "explain", "sample"]
