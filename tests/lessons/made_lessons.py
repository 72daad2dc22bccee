"""Small tables whose truth is known."""

from __future__ import annotations

import numpy as np

from gmmseg.arrays import Doubles


def three_ovals(n: int = 200) -> Doubles:
    """Three oval clusters of n rows each, in columns of very different units : (3 n, 2)."""
    random = np.random.default_rng(0)
    means = ((0.0, 0.0), (4.2, 1.0), (1.0, 3.4))
    matrices = ([[3.0, 2.4], [2.4, 2.5]], [[0.6, -0.5], [-0.5, 2.0]], [[2.0, 0.0], [0.0, 0.3]])
    parts = [random.multivariate_normal(mean, matrix, n) for mean, matrix in zip(means, matrices, strict=True)]
    rows: Doubles = np.concatenate(parts) * np.array([10.0, 1.0])
    return rows


def exam_marks() -> Doubles:
    """Marks of two groups of students, whole numbers : (300,)."""
    random = np.random.default_rng(0)
    marks = np.concatenate([random.normal(45, 8, 120), random.normal(72, 9, 180)])
    whole: Doubles = np.clip(np.rint(marks), 0.0, 100.0)
    return whole
