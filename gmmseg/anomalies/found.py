"""What does not belong in a picture: the heat map, the mask, and the boxes about its pieces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.arrays import Flags
from gmmseg.files import Image

if TYPE_CHECKING:
    from gmmseg.anomalies.model import AnomalyModel
    from gmmseg.anomalies.tail import Tail


@dataclass(frozen=True)
class Box:
    """A connected piece of what is odd.

    Attributes
    ----------
    number : int
        From 1, the oddest piece first.
    x, y, width, height : int
    area : int
        In pixels.
    peak, mean : float
        Scores, in nats.
    rarity : float
        The share of normal pixels that score as high as the peak.
    """

    number: int
    x: int
    y: int
    width: int
    height: int
    area: int
    peak: float
    mean: float
    rarity: float


@dataclass(frozen=True, eq=False)
class Anomaly:
    """A picture held against what is normal.

    Attributes
    ----------
    image : Image
        The picture as it was read.
    picture : (h, w, 3) uint8
        The picture in sRGB, as the eye should see it.
    score : (h, w) float32
        −log density of each pixel's features under the model, in nats, averaged over its neighbourhood; NaN where the
        picture has no valid pixel.
    threshold : float
        The score that the share `false_alarms` of normal pixels exceeds.
    false_alarms : float
    mask : (h, w) bool
        Where the score is above the threshold, in pieces of some size.
    boxes : tuple of Box
        The pieces of the mask, the oddest first.
    model : AnomalyModel
        What is normal, which other pictures can be held against too.
    seconds : float
        What it took, without reading files.
    """

    image: Image
    picture: NDArray[np.uint8] = field(repr=False)
    score: NDArray[np.float32] = field(repr=False)
    threshold: float
    false_alarms: float
    mask: Flags = field(repr=False)
    boxes: tuple[Box, ...] = field(repr=False)
    model: AnomalyModel
    seconds: float

    @property
    def peak(self) -> float:
        """The highest score of the picture."""
        return float(np.nanmax(self.score))

    @property
    def rate(self) -> NDArray[np.float64]:
        """The share of normal pixels that score as high as each pixel : (h, w) float64, NaN where it is left out."""
        return self.model.tail.rate(self.score)

    def records(self) -> list[dict[str, Any]]:
        """One record a box, of numbers alone."""
        return [asdict(box) for box in self.boxes]

    def save(
        self, folder: str | PathLike[str], kinds: str | Iterable[str] | None = None, **options: Any
    ) -> tuple[Path, ...]:
        """Write outputs of several kinds into a folder; see `gmmseg.anomalies.saving.save`."""
        from gmmseg.anomalies.saving import save

        return save(self, folder, kinds, **options)


def boxed(score: NDArray[np.float32], threshold: float, min_area: int, tail: Tail) -> tuple[Flags, tuple[Box, ...]]:
    """The mask of what scores above the threshold in pieces of at least `min_area` pixels, and the pieces."""
    from gmmseg.video.blobs import blobs_of

    odd = np.asarray(np.nan_to_num(score, nan=-np.inf) > threshold)
    blobs = blobs_of(odd, np.where(odd, score, np.float32(0)), min_area=min_area)
    inside = blobs.labels()
    peaks = np.full(len(blobs), -np.inf)
    np.maximum.at(peaks, inside[inside >= 0], score[inside >= 0])
    rates = tail.rate(peaks)
    order = sorted(range(len(blobs)), key=lambda i: (-peaks[i], i))
    boxes = []
    for number, i in enumerate(order, 1):
        x, y, width, height = blobs.boxes[i].tolist()
        area, mean = int(blobs.areas[i]), float(blobs.probability[i])
        boxes.append(Box(number, x, y, width, height, area, float(peaks[i]), mean, float(rates[i])))
    return np.asarray(inside >= 0), tuple(boxes)
