"""Work on a picture in bands of rows that stay in the processor's cache, several bands side by side."""

from __future__ import annotations

from collections.abc import Callable

from gmmseg.crew import Crew

_BAND = 1 << 16  # pixels; a few temporary planes of a band this size fit into the second-level cache


def by_bands(height: int, width: int, work: Callable[[int, int], object]) -> None:
    """Call work(top, bottom) on bands of rows that make up the picture; each must write to its own rows alone."""
    rows = max(1, _BAND // width)

    def share(begin: int, end: int) -> None:
        for top in range(begin, end, rows):
            work(top, min(end, top + rows))

    with Crew() as crew:
        crew.share(share, height, least=rows)
