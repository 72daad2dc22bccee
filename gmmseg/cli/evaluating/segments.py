"""gmmseg evaluate segments: segmentations of photos against what people drew."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gmmseg.cli import options
from gmmseg.cli.batch import aside
from gmmseg.cli.evaluating import asking
from gmmseg.cli.messages import Reporter, complain, say
from gmmseg.cli.options import Fitting

_EPILOG = """\
\b
Examples:
  gmmseg evaluate segments BSDS500 --split val
  gmmseg evaluate segments BSDS500 --split test -k 3,5,auto --boundaries --json
"""


@click.command(epilog=_EPILOG)
@click.argument("data", type=click.Path(path_type=Path))
@asking.split
@options.several_k
@options.fitting
@click.option("--labels", is_flag=True, help="Score the segments rather than their connected regions.")
@asking.boundaries
@asking.limit
@asking.jobs
@asking.as_json
@options.quiet
def segments(
    data: Path,
    split: str,
    k: tuple[int | str, ...],
    fitting: Fitting,
    labels: bool,
    boundaries: bool,
    limit: int | None,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Segment the photos of DATA, a folder laid out as BSDS500 is, and score them against all annotations.

    PRI is the share of pairs of pixels on which both agree, VoI the information in which they differ, covering the
    mean overlap with what people drew. With several -k, each is one setting for all photos; "best setting" and "best
    per image" choose among them for each measure.
    """
    from gmmseg.evaluate import annotated, evaluate_segments, text_table
    from gmmseg.segmentation import segment

    photos = annotated(data, split)[:limit]
    told = Reporter(len(photos), quiet=quiet)

    def segmenter(count: int | str) -> options.Verb:
        def segmented(path: Path) -> object:
            seg = segment(path, count, **fitting.arguments())
            return seg.labels if labels else seg.regions

        return segmented

    settings = {f"k={count}": segmenter(count) for count in k}
    found = aside(lambda: evaluate_segments(photos, settings, boundaries=boundaries, jobs=jobs, progress=told.progress))
    told.clear()
    for failure in found.failures:
        complain(f"{failure.image}, {failure.setting}: {failure.reason}")
    if as_json:
        say(json.dumps({"summary": found.summary(), "scores": found.records()}))
    elif found.scores:
        say(text_table(found.summary()))
    return 1 if found.failures else 0
