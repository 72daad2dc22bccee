"""Clips that are folders of pictures."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction

import numpy as np

from gmmseg.crew import Crew
from gmmseg.errors import FileError, GmmsegError
from gmmseg.files.clips.clip import Facts
from gmmseg.files.clips.frame import Frame
from gmmseg.files.clips.samples import scaled_size
from gmmseg.files.clips.selection import Selection
from gmmseg.files.image import Samples
from gmmseg.files.listing import Source
from gmmseg.files.reading import read

_AHEAD = 2  # pictures that wait for each thread


class Pictures:
    """Pictures as the frames of a clip, read a few ahead, side by side.

    A picture that cannot be read is left out and noted. One of another size or depth than the first ends the clip with
    an error, for then the folder is no clip; grey ones among colours become RGB.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        name: str,
        selection: Selection,
        scale: float,
        rate: Fraction,
        notes: list[str],
    ) -> None:
        self._scale = scale
        self._rate = rate
        self._notes = notes
        self._sources = sources
        self._pool: ThreadPoolExecutor | None = None
        wanted = selection.range(len(sources), rate)
        self._read = self._ahead(iter(wanted or range(len(sources))))
        first = next(self._read, None)
        if first is None:
            self.close()
            raise FileError(f"cannot read {name}: expected pictures; got none that can be read ({notes[0]}); check it")
        self._first = first if wanted else None  # a clip without frames has a size too
        pixels = first[1]
        self.facts = Facts(
            name,
            pixels.shape[1],
            pixels.shape[0],
            pixels.dtype,
            pixels.ndim == 3,
            rate / selection.every,
            len(wanted),
        )

    def close(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def frames(self) -> Generator[Frame, None, str | None]:
        """The frames that are wanted."""
        facts = self.facts
        shape = (facts.height, facts.width)
        found = self._first
        self._first = None
        while found is not None:
            index, pixels = found
            if facts.colour and pixels.ndim == 2:
                pixels = np.repeat(pixels[..., None], 3, axis=2)
            if pixels.shape[:2] != shape or pixels.dtype != facts.dtype or (pixels.ndim == 3) != facts.colour:
                raise FileError(
                    f"cannot read {facts.name} as a clip: expected all pictures as the first, "
                    f"{_kind(facts.width, facts.height, facts.dtype, facts.colour)}; got "
                    f"{_kind(pixels.shape[1], pixels.shape[0], pixels.dtype, pixels.ndim == 3)} in "
                    f"{self._sources[index].path.name}; take it out"
                )
            yield Frame(pixels, index, float(index / self._rate))
            found = next(self._read, None)
        return None

    def _ahead(self, wanted: Iterator[int]) -> Iterator[tuple[int, Samples]]:
        """(index, pixels) of the pictures that can be read."""
        threads = Crew().threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="gmmseg")
        waiting: deque[tuple[int, Future[Samples]]] = deque()
        while True:
            for index in wanted:
                waiting.append((index, self._pool.submit(self._pixels, self._sources[index])))
                if len(waiting) >= _AHEAD * threads:
                    break
            if not waiting:
                return
            index, future = waiting.popleft()
            try:
                pixels = future.result()
            except GmmsegError as error:
                self._notes.append(str(error))
                continue
            yield index, pixels

    def _pixels(self, source: Source) -> Samples:
        """(h, w) or (h, w, 3) uint8 or uint16."""
        image = read(source)
        pixels = image.pixels
        if pixels.dtype not in (np.uint8, np.uint16) or image.colour == "bands":
            raise FileError(
                f"cannot read {source.path}: expected a grey or RGB picture of 8 or 16 bits; "
                f"got {pixels.dtype} of {pixels.shape[2]} channels; convert it"
            )
        if image.colour == "grey":
            pixels = pixels[..., 0]
        if self._scale != 1.0:
            return scaled(pixels, self._scale)
        return np.array(pixels, order="C")


def scaled(pixels: Samples, scale: float) -> Samples:
    """Pixels : (h, w) or (h, w, 3) uint8 or uint16, as averages of areas."""
    from av.video.frame import VideoFrame
    from av.video.reformatter import Interpolation

    formats = {(2, 1): "gray", (2, 2): "gray16le", (3, 1): "rgb24", (3, 2): "rgb48le"}
    width, height = scaled_size(pixels.shape[1], pixels.shape[0], scale)
    frame = VideoFrame.from_numpy_buffer(np.array(pixels, order="C"), formats[pixels.ndim, pixels.dtype.itemsize])
    return frame.reformat(width=width, height=height, interpolation=Interpolation.AREA).to_ndarray().copy()


def _kind(width: int, height: int, dtype: np.dtype[np.generic], colour: bool) -> str:
    return f"{width} × {height} in {8 * dtype.itemsize}-bit {'colour' if colour else 'grey'}"
