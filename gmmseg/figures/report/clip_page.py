"""What the report of a clip shows, and the page it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np

from gmmseg.arrays import Doubles
from gmmseg.errors import InputError
from gmmseg.figures.arguments import Bytes, pixels_of
from gmmseg.figures.foreground import activity_picture
from gmmseg.figures.report.charts import line_chart
from gmmseg.figures.report.document import part
from gmmseg.figures.report.embedding import grey_uri, photo_uri
from gmmseg.figures.report.sections import repeating
from gmmseg.figures.report.wording import clock, duration, hex_code, number, percent
from gmmseg.figures.uncertainty import ramp

_WIDE, _HIGH = 1130, 250  # of the chart on a desk; on a phone it is as large as the others
_POINTS = 900  # of a curve; more are thinned out


@dataclass(frozen=True, eq=False)
class Still:
    """A frame of the clip to look at.

    Attributes
    ----------
    index : int
        Its number in the clip.
    time : float
        In seconds.
    share : float
        Of it that is foreground.
    picture : (h, w, 3) uint8
        With its foreground drawn in.
    mask : (h, w) uint8
    """

    index: int
    time: float
    share: float
    picture: Bytes
    mask: Bytes


@dataclass(frozen=True, eq=False)
class ClipPage:
    """Everything that the report of a clip shows.

    Attributes
    ----------
    title : str
    background : (h, w, 3) uint8
    times : (n,) float64
        Of the frames, in seconds.
    shares : (n,) float64
        Of each frame that is foreground.
    activity : (h, w) floating
        The share of the frames in which each pixel was foreground.
    stills : sequence of Still
    blobs : int
        In all frames.
    rate : float
        Frames a second.
    notes : sequence of str
        What a reader should know, such as what went wrong.
    settings : mapping
    command : str
    seconds : float, optional
        How long it took.
    """

    title: str
    background: Bytes
    times: Doubles
    shares: Doubles
    activity: Doubles
    stills: Sequence[Still] = ()
    blobs: int = 0
    rate: float = 25.0
    notes: Sequence[str] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    command: str = ""
    seconds: float | None = None

    def __post_init__(self) -> None:
        background = pixels_of(self.background)
        times, shares, activity = (np.shape(given) for given in (self.times, self.shares, self.activity))
        if times != shares or len(times) != 1 or times[0] == 0:
            raise InputError(f"expected as many times as shares, at least one; got {times} and {shares}")
        shape = background.shape[:2]
        if activity != shape:
            raise InputError(f"expected activity of shape {shape}, as the background has; got {activity}")


def clip_report_page(page: ClipPage) -> str:
    """A whole HTML document about a clip, which refers to nothing outside itself and needs no script.

    Returns
    -------
    str
        To be written as UTF-8.
    """
    top = _top(page.activity)
    fields = {
        "title": escape(page.title),
        "facts": "".join(f"<li>{escape(fact)}</li>" for fact in _facts(page)),
        "notes": "".join(f"<li>{escape(note)}</li>" for note in page.notes),
        "style": part("style.css"),
        "background": photo_uri(page.background),
        "activity": photo_uri(activity_picture(page.background, page.activity, top)),
        "top": percent(top),
        "ramp": ",".join(hex_code(color) for color in ramp()[::15]),
        "course": _course(page),
        "stills": _stills(page),
        "settings": repeating(page.command, page.settings, copied=False),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda place: fields[place.group(1)], part("clip.html"))


def _facts(page: ClipPage) -> list[str]:
    height, width = page.background.shape[:2]
    frames = len(page.times)
    span = float(page.times[-1] - page.times[0]) + 1 / max(page.rate, 1e-9)
    facts = [f"{width} × {height}", "1 frame" if frames == 1 else f"{number(frames, 9)} frames", clock(span)]
    facts.append(f"{percent(float(np.mean(page.shares)))} foreground")
    facts.append("1 blob" if page.blobs == 1 else f"{number(page.blobs, 9)} blobs")
    if page.seconds is not None:
        speed = frames / max(page.seconds, 1e-9)
        facts.append(f"{duration(page.seconds)}, {number(speed, 3)} frames a second")
    return facts


def _top(activity: Doubles) -> float:
    """The share that glows brightest: nearly the highest, as a pixel that flickers all the time says little."""
    seen = activity[activity > 0]
    return float(np.quantile(seen, 0.995)) if seen.size else 1.0


def _course(page: ClipPage) -> str:
    """Foreground over time, drawn for wide and for narrow screens."""
    times, shares = thinned(np.asarray(page.times, np.float64), 100 * np.asarray(page.shares, np.float64), _POINTS)
    name = "Foreground over time, in percent of the frame"
    wide = line_chart(name, times.tolist(), shares.tolist(), "seconds", least=0.0, size=(_WIDE, _HIGH))
    narrow = line_chart(name, times.tolist(), shares.tolist(), "seconds", least=0.0)
    return f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'


def thinned(times: Doubles, values: Doubles, most: int) -> tuple[Doubles, Doubles]:
    """The least and the greatest of each stretch of values, in order, so that no peak is lost : at most (most,)."""
    if len(values) <= most:
        return times, values
    kept: list[int] = []
    for piece in np.array_split(np.arange(len(values)), most // 2):
        kept += sorted({int(piece[values[piece].argmin()]), int(piece[values[piece].argmax()])})
    return times[kept], values[kept]


def _stills(page: ClipPage) -> str:
    if not page.stills:
        return '<p class="lead">No frame has any foreground.</p>'
    figures = []
    for still in page.stills:
        name = f"frame {number(still.index, 9)}, {clock(still.time)}, {percent(still.share)} foreground"
        figures.append(
            f'<figure class="card still"><img alt="{name}" src="{photo_uri(still.picture)}">'
            f'<img alt="The mask of that frame" src="{grey_uri(still.mask)}">'
            f"<figcaption><b>{clock(still.time)}</b> frame {number(still.index, 9)}, "
            f"{percent(still.share)} foreground</figcaption></figure>"
        )
    return f'<div class="stills">{"".join(figures)}</div>'
