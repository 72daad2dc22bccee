"""Pictures that are wanted all together, as a model is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gmmseg.cli.batch import in_order, usual_jobs
from gmmseg.cli.failing import Failed
from gmmseg.cli.messages import Reporter
from gmmseg.cli.options import Reading, Telling
from gmmseg.errors import GmmsegError

if TYPE_CHECKING:
    from gmmseg.files import Image, Source


def gathered(
    sources: Sequence[Source], reading: Reading, telling: Telling, told: Reporter, work: str, end: str
) -> list[Image] | None:
    """All pictures in their order; None, when it has been told why, if any of them cannot be read.

    work : what was to be done with them, as in "cannot segment photo.jpg"
    end : what does not happen then
    """
    images: list[Image] = []

    def read(source: Source, _gate: object) -> Image | Failed:
        try:
            return reading.read(source)
        except (GmmsegError, MemoryError) as error:
            return Failed(error, source.path, work)

    def tell(found: Image | Failed) -> None:
        if isinstance(found, Failed):
            told.failure(found.reason, {"file": str(found.path), "error": found.reason})
        else:
            images.append(found)

    in_order(sources, read, telling.jobs or usual_jobs(len(sources)), tell, told.progress)
    told.clear()
    if told.failures:
        told.note(end)
        return None
    return images
