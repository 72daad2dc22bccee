"""What is said of many pictures: clusters of whole pictures, and what is not as it was in the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from albums import made_album
from defects import normal, planted
from panels import beside, resized

import gmmseg
from gmmseg.albums.sheets import overview
from gmmseg.figures.heat import heat_picture, odd_overlay
from gmmseg.files import write_picture

_SHAPE = (250, 320)


def collection(path: Path) -> None:
    """The most certain pictures of each cluster of an album."""
    photos, _ = made_album(200)
    sheet = overview(gmmseg.collection(photos, k=3))
    height, width, _ = sheet.shape
    write_picture(path, resized(sheet, 1200, round(1200 * height / width)), quality=88)


def anomaly(path: Path) -> None:
    """A surface with a defect, how odd each pixel is, and where it is too odd."""
    model = gmmseg.AnomalyModel.fit([normal("leather", seed, _SHAPE) for seed in range(4)])
    photo, _ = planted("leather", "scratch", 23, _SHAPE)
    found = model.apply(photo, min_area=20)
    boxes = [(box.number, box.x, box.y, box.width, box.height) for box in found.boxes]
    heat = heat_picture(found.score, model.tail.threshold(0.5), found.threshold)
    width = photo.shape[1]
    views = [photo, odd_overlay(photo, found.mask, boxes), heat[:, :width]]
    row = beside(views, ["photo", "what is odd", "how odd"])
    legend = np.full((len(row), heat.shape[1] - width, 3), heat[-1, -1], np.uint8)
    legend[-len(heat) :] = heat[:, width:]
    write_picture(path, np.concatenate([row, legend], axis=1), quality=90)
