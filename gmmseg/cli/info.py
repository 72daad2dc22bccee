"""gmmseg info: what is in pictures, clips and model files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gmmseg.cli import options
from gmmseg.cli.batch import in_order, usual_jobs
from gmmseg.cli.contents import Contents, contents_of, is_archive
from gmmseg.cli.failing import Failed
from gmmseg.cli.messages import Reporter
from gmmseg.errors import FileError, GmmsegError

if TYPE_CHECKING:
    from gmmseg.files import Source

_EPILOG = """\
\b
Examples:
  gmmseg info photo.jpg scan.tif
  gmmseg info clip.mp4
  gmmseg info model.npz --json
"""
_MOST = 6  # numbers of a mean that are told in words; JSON has all


@click.command(epilog=_EPILOG)
@click.argument("inputs", nargs=-1, required=True, metavar="FILE...")
@options.page
@options.max_pixels
@options.recursive
@options.as_json
def info(inputs: tuple[str, ...], page: int, max_pixels: int, recursive: bool, as_json: bool) -> int:
    """Tell what is in FILE: a picture, a clip, or a model of any kind; what `segment` takes is taken here."""
    from gmmseg.files import inspected_clip, listed
    from gmmseg.files.clips.inspecting import SUFFIXES as CLIPS
    from gmmseg.files.sources import shown

    sources = listed(inputs, recursive=recursive)
    told = Reporter(len(sources), as_json=as_json)

    def work(source: Source, _gate: object) -> tuple[Path, Contents] | Failed:
        try:
            if is_archive(source):
                return source.path, contents_of(source.path)
            if source.path.suffix.lower() in CLIPS:
                return source.path, Contents({"kind": "clip", **inspected_clip(str(source.path)).record()})
            return source.path, _of_picture(source, page, max_pixels)
        except (GmmsegError, MemoryError) as error:
            return Failed(error, source.path)

    def tell(known: tuple[Path, Contents] | Failed) -> None:
        if isinstance(known, Failed):
            told.failure(known.reason, {"file": str(known.path), "error": known.reason})
            return
        path, contents = known
        lines = [shown(str(path)), *_lines(contents)]
        told.result("\n".join(lines), {"file": str(path), **contents.whole()})

    in_order(sources, work, usual_jobs(len(sources)), tell, told.progress)
    return 1 if told.failures else 0


def _of_picture(source: Source, page: int, max_pixels: int) -> Contents:
    from gmmseg.files import inspected

    if source.problem:
        raise FileError(source.problem)
    return Contents({"kind": "picture", **inspected(source.path, page=page, max_pixels=max_pixels).record()})


def _lines(told: Contents) -> list[str]:
    columns, components = told.columns, told.components
    headed = 0 < len(columns) <= _MOST and not {"component", "color", "weight"} & set(columns)
    shown = dict(told.record)
    if columns and not headed:
        shown["columns"] = _abridged(columns)
    lines = [f"  {name:<12} {_word(value)}" for name, value in shown.items()]
    if components:
        from gmmseg.evaluate import text_table

        rows = []
        for component in components:
            row = {name: value for name, value in component.items() if name != "mean"}
            means = [f"{number:8.4g}" for number in component["mean"]]
            headings = [f"{name:>8}" for name in columns]
            rows.append(row | (dict(zip(headings, means, strict=True)) if headed else {"mean": _abridged(means)}))
        lines += ["", *(f"  {line}" for line in text_table(rows).splitlines())]
    return lines


def _abridged(words: Sequence[str]) -> str:
    """So many as one can take in, and how many there are."""
    shown = "  ".join(words[:_MOST])
    return shown if len(words) <= _MOST else f"{shown}  … {len(words)} in all"


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "-"
    if isinstance(value, list):
        return " × ".join(f"{number:g}" for number in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)
