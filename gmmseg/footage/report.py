"""The report of a clip."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import PurePath

import numpy as np

from gmmseg import __version__
from gmmseg.arrays import Doubles
from gmmseg.figures.arguments import Bytes
from gmmseg.figures.report.clip_page import ClipPage, Still, clip_report_page
from gmmseg.footage.summary import Summary
from gmmseg.footage.tally import Tally

_STILLS = 6
_NOTES = 10


def report_of(
    summary: Summary, tally: Tally, plate: Bytes, rate: float, settings: Mapping[str, object], command: str
) -> str:
    """One HTML page about a clip; the tally must have counted the activity."""
    activity: Doubles = np.zeros(plate.shape[:2]) if tally.activity is None else tally.activity / max(1, len(tally))
    stills = [Still(s.index, s.time, s.share, s.picture, s.mask) for s in tally.chosen(_STILLS)]
    return clip_report_page(
        ClipPage(
            title=_title(summary.name),
            background=plate,
            times=summary.times,
            shares=summary.foreground,
            activity=activity,
            stills=stills,
            blobs=summary.boxes,
            rate=rate,
            notes=_notes(summary),
            settings=_shown(settings) | _versions(),
            command=command,
            seconds=summary.seconds,
        )
    )


def _notes(summary: Summary) -> list[str]:
    """What a reader should know."""
    notes = []
    if summary.interrupted:
        notes.append(f"Interrupted after {summary.frames} frames: this page tells of those alone.")
    if summary.trouble:
        notes.append(f"The clip could not be read to its end: {summary.trouble}.")
    notes.extend(summary.notes[:_NOTES])
    if len(summary.notes) > _NOTES:
        notes.append(f"And {len(summary.notes) - _NOTES} more notes of this kind.")
    return notes


def _title(name: str) -> str:
    """A file's own name; addresses as they are."""
    return name if "://" in name else PurePath(name).name or name


def _shown(settings: Mapping[str, object]) -> dict[str, object]:
    """What was asked for, as people read it."""
    shown = {name: value for name, value in settings.items() if value is not None and name != "report"}
    formats = shown.get("formats")
    if isinstance(formats, Mapping):
        shown["formats"] = [f"{kind} {suffix}" for kind, suffix in formats.items()]
        if not formats:
            del shown["formats"]
    return shown


def _versions() -> dict[str, object]:
    found: dict[str, object] = {"gmmseg": __version__, "python": platform.python_version()}
    return found | {name: version(name) for name in ("numpy", "numba", "av")}
