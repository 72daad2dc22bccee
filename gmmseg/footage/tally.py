"""What is remembered of all frames, for tables and the report."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmmseg.errors import FileError
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.report.sizes import fitted
from gmmseg.footage.seen import Seen

_MOST = 12  # samples that are kept; a report shows half of them or fewer
SAMPLE = 560  # pixels on their long side


@dataclass(frozen=True, eq=False)
class Sample:
    """A frame to look at, made small: the overlay (h, w, 3) uint8 and the mask (h, w) uint8."""

    number: int
    index: int
    time: float
    share: float
    picture: Bytes
    mask: Bytes


@dataclass(eq=False)
class Tally:
    """Numbers of every frame, how often each pixel was foreground, and a few frames spread over the clip.

    Attributes
    ----------
    indices, times, shares, counts : arrays
        Of the frames: number in the clip, seconds, share of foreground, blobs.
    activity : (h, w) uint32, or None where nobody asks for it
        In how many frames each pixel was foreground.
    stride : int
        Of so many frames in a row, the one with the most foreground is kept as a sample.
    samples : dict
        By number of the frame // stride.
    """

    activity: NDArray[np.uint32] | None = None
    indices: array[int] = field(default_factory=lambda: array("q"))
    times: array[float] = field(default_factory=lambda: array("d"))
    shares: array[float] = field(default_factory=lambda: array("d"))
    counts: array[int] = field(default_factory=lambda: array("q"))
    stride: int = 1
    samples: dict[int, Sample] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.indices)

    def add(self, seen: Seen) -> None:
        """One more frame."""
        number = len(self)
        self.indices.append(seen.frame.index)
        self.times.append(seen.frame.time)
        self.shares.append(seen.share)
        self.counts.append(len(seen.blobs))
        if self.activity is not None:
            seen.blobs.add_to(self.activity)
            self._offer(number, seen)

    def _offer(self, number: int, seen: Seen) -> None:
        """Keep a frame if it has more foreground than the others around it.

        How long the clip is nobody knows, so whenever there are too many samples, two in a row become one.
        """
        place = number // self.stride
        rival = self.samples.get(place)
        if seen.share <= 0 or (rival is not None and rival.share >= seen.share):
            return
        picture, mask = _small(seen.overlay), _small(seen.blobs.mask.astype(np.uint8) * np.uint8(255))
        self.samples[place] = Sample(number, seen.frame.index, seen.frame.time, seen.share, picture, mask)
        while number // self.stride >= _MOST:
            self.stride *= 2
            merged: dict[int, Sample] = {}
            for sample in self.samples.values():
                there = merged.get(sample.number // self.stride)
                if there is None or sample.share > there.share:
                    merged[sample.number // self.stride] = sample
            self.samples = merged

    def chosen(self, most: int) -> list[Sample]:
        """Samples spread over the clip, in order, at most so many; the fullest of those near each other."""
        kept = [self.samples[place] for place in sorted(self.samples)]
        groups = np.array_split(np.arange(len(kept)), min(most, max(1, len(kept))))
        return [max((kept[i] for i in group), key=lambda sample: sample.share) for group in groups if len(group)]

    def packed(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """All of it as a record and arrays, to be stored."""
        kept = [self.samples[place] for place in sorted(self.samples)]
        arrays: dict[str, NDArray[Any]] = {
            name: np.array(getattr(self, name)) for name in ("indices", "times", "shares", "counts")
        }
        if self.activity is not None:
            arrays["activity"] = self.activity.copy()
        if kept:
            arrays["pictures"] = np.stack([sample.picture for sample in kept])
            arrays["masks"] = np.stack([sample.mask for sample in kept])
        samples = [[sample.number, sample.index, sample.time, sample.share] for sample in kept]
        return {"stride": self.stride, "samples": samples}, arrays

    @classmethod
    def unpacked(cls, record: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Tally:
        """What was packed."""
        stride = int(record["stride"])
        samples = {
            int(number) // stride: Sample(int(number), int(index), float(time), float(share), picture, mask)
            for (number, index, time, share), picture, mask in zip(
                record["samples"], arrays.get("pictures", ()), arrays.get("masks", ()), strict=True
            )
        }
        columns = [arrays[name] for name in ("indices", "times", "shares", "counts")]
        if len({len(column) for column in columns}) != 1:
            raise FileError("columns of different lengths")
        indices, times, shares, counts = columns
        return cls(
            arrays.get("activity"),
            array("q", indices.tolist()),
            array("d", times.tolist()),
            array("d", shares.tolist()),
            array("q", counts.tolist()),
            stride,
            samples,
        )


def _small(pixels: Bytes) -> Bytes:
    from PIL import Image

    size = fitted(pixels.shape, SAMPLE)
    if size == (pixels.shape[1], pixels.shape[0]):
        return pixels.copy()
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))
