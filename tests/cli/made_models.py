"""Small model files of every kind, made by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from gmmseg.albums import CollectionModel
from gmmseg.anomalies import AnomalyModel
from gmmseg.anomalies.tail import Tail
from gmmseg.features import FeatureSpec
from gmmseg.files import image_of
from gmmseg.mixture import Mixture
from gmmseg.parts import RegionTree
from gmmseg.parts.storage import write_tree
from gmmseg.segmentation import Model
from gmmseg.segmentation.model import Space
from gmmseg.tables import TableModel
from gmmseg.video import BackgroundModel

COLORS = np.array([[30, 40, 50], [200, 210, 220]], np.uint8)


def made_model(name: str, path: Path) -> None:
    """Write the model file of this name: two components with weights of 0.25 and 0.75, or a background."""
    _MADE[name]().save(path)


def _mixture(d: int = 3) -> Mixture:
    return Mixture(np.array([0.25, 0.75]), np.linspace(20, 80, 2 * d).reshape(2, d), np.full((2, d), 9.0), "diag")


def _anomaly() -> AnomalyModel:
    tail = Tail(np.array([0.0, 5.0]), np.array([0.5, 0.01]), 1.0, 0.0)
    return AnomalyModel(_mixture(), FeatureSpec.parse("lab"), 3.0, tail, 4)


def _background() -> BackgroundModel:
    model = BackgroundModel("steady", threads=1)
    for level in (90, 91):
        model.apply(np.full((6, 9, 3), level, np.uint8))
    return model


def _tree() -> Any:
    crumbs = np.arange(12, dtype=np.int32).reshape(3, 4) // 4
    picture = np.full((3, 4, 3), 90, np.uint8)
    merges = np.array([[0, 1], [2, 3]], np.int32)
    tree = RegionTree(image_of(picture), picture, crumbs, merges, np.array([0.25, 0.75]), 0.5)
    return SimpleNamespace(save=lambda path: write_tree(path, tree))


_MADE: dict[str, Callable[[], Any]] = {
    "mixture": _mixture,
    "model": lambda: Model(_mixture(), FeatureSpec.parse("lab"), COLORS),
    "patches": lambda: Model(_mixture(4), FeatureSpec.parse("patch:2"), COLORS, Space(0.0, 0.0)),
    "collection": lambda: CollectionModel(_mixture(), "mean", COLORS),
    "table": lambda: TableModel(_mixture(), ("mark", "score", "weight"), np.zeros(3), "mean"),
    "anomaly": _anomaly,
    "background": _background,
    "tree": _tree,
}
