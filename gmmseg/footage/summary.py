"""What came of a clip."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gmmseg.arrays import Doubles


@dataclass(frozen=True, eq=False)
class Summary:
    """What came of a clip.

    Attributes
    ----------
    name : str
        The clip's.
    width, height : int
        Of the frames that were worked on.
    frames : int
        How many, those before an interruption that was taken up again included.
    seconds : float
        How long it took.
    times : (n,) float64
        Of the frames, in seconds from the beginning of the clip.
    foreground : (n,) float64
        The share of each frame that is foreground.
    boxes : int
        Blobs of all frames together.
    outputs : tuple of Path
        What was written.
    trouble : str or None
        What was wrong with the clip, such as an end cut off; what could be read of it was worked on.
    notes : tuple of str
        What was left out on the way, such as damaged pictures of a folder.
    interrupted : bool
        Whether it ended before its time; the outputs hold what was done.
    """

    name: str
    width: int
    height: int
    frames: int
    seconds: float
    times: Doubles = field(repr=False)
    foreground: Doubles = field(repr=False)
    boxes: int
    outputs: tuple[Path, ...]
    trouble: str | None = None
    notes: tuple[str, ...] = ()
    interrupted: bool = False
