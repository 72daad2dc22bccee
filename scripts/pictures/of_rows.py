"""Rows of tables: how EM finds oval clusters, beside k-means, and the clusters of days."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import gmmseg
from gmmseg.figures.plots.drawing import raster
from gmmseg.files import write_picture
from gmmseg.tables.picture import picture

_DPI = 96
_NAMES = ("length", "width")


def steps(path: Path) -> None:
    """EM on oval clusters, step by step."""
    lesson = gmmseg.explain(_ovals(), 3, at=(0, 1, 5, 10, 20), names=_NAMES)
    write_picture(path, raster(lesson.strip(), _DPI))


def kmeans(path: Path) -> None:
    """EM and k-means on the same rows, from the same start."""
    lesson = gmmseg.explain(_ovals(), 3, at=(0, 3), versus="kmeans", names=_NAMES)
    write_picture(path, raster(lesson.strip(), _DPI))


def days(path: Path) -> None:
    """The clusters of days by their course."""
    found = gmmseg.table(_days(), 3, names=[str(hour) for hour in range(24)])
    write_picture(path, raster(picture(found), _DPI))


def _ovals() -> NDArray[np.float64]:
    """Three long clusters side by side, which no circle holds : (750, 2)."""
    random = np.random.default_rng(3)
    spread = np.array([[2.4, 0.0], [1.5, 0.45]])
    return np.concatenate([random.normal(size=(250, 2)) @ spread.T + (0, 2.2 * i) for i in range(3)])


def _days(count: int = 300) -> NDArray[np.float64]:
    """Kilowatts of a house by the hour : (count, 24), on days of work, at home and away."""
    random = np.random.default_rng(0)
    hours = np.arange(24)

    def hump(at: float, wide: float) -> NDArray[np.float64]:
        return np.asarray(np.exp(-(((hours - at) / wide) ** 2) / 2))

    courses = [2 + 3 * hump(8, 1.5) + 4 * hump(19, 2.5), 2.5 + 2 * hump(11, 3) + 3 * hump(19, 3), 1 + 0.4 * hump(13, 4)]
    kinds = random.choice(3, count, p=[0.6, 0.25, 0.15])
    noise = random.normal(0, 0.2, (count, 26))
    wander = noise[:, :-2] + noise[:, 1:-1] + noise[:, 2:]
    return np.array(courses)[kinds] * random.normal(1, 0.1, (count, 1)) + wander
