"""gmmseg evaluate regions: trees of regions of photos against what people drew."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gmmseg.cli import options
from gmmseg.cli.batch import aside
from gmmseg.cli.evaluating import asking
from gmmseg.cli.messages import Reporter, complain, say

_EPILOG = """\
\b
Examples:
  gmmseg evaluate regions BSDS500 --split val
  gmmseg evaluate regions BSDS500 --split test --boundaries --people --json
"""


@click.command(epilog=_EPILOG)
@click.argument("data", type=click.Path(path_type=Path))
@asking.split
@asking.boundaries
@click.option("--people", is_flag=True, help="Score people against each other too.")
@options.seed
@asking.limit
@asking.jobs
@asking.as_json
@options.quiet
def regions(
    data: Path,
    split: str,
    boundaries: bool,
    people: bool,
    seed: int,
    limit: int | None,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Cut the photos of DATA, a folder laid out as BSDS500 is, into regions, and score them against all annotations.

    PRI is the share of pairs of pixels on which both agree, VoI the information in which they differ, covering the
    mean overlap with what people drew, F the mean of the boundaries' precision and recall. The default is the usual
    cut of each photo's tree; "best detail" is the one cut that is best over all photos (ODS), "best per image" the best
    of each (OIS), chosen for each measure.
    """
    from gmmseg.evaluate import annotated, evaluate_people, evaluate_trees, text_table
    from gmmseg.parts import regions as grown

    photos = annotated(data, split)[:limit]
    told = Reporter(len(photos), quiet=quiet)
    found = aside(
        lambda: evaluate_trees(
            photos,
            lambda path: grown(path, seed=seed, threads=1),
            boundaries=boundaries,
            jobs=jobs,
            progress=told.progress,
        )
    )
    rows = found.summary()
    failures = list(found.failures)
    if people:
        among = aside(lambda: evaluate_people(photos, boundaries=boundaries, jobs=jobs, progress=told.progress))
        rows += [{**row, "seconds": None} for row in among.summary()]
        named = {failure.image for failure in failures}
        failures += [failure for failure in among.failures if failure.image not in named]
    told.clear()
    for failure in failures:
        complain(f"{failure.image}: {failure.reason}")
    if as_json:
        say(json.dumps({"summary": rows, **found.record(), "scores": found.cuts.records()}, allow_nan=False))
    elif rows:
        say(text_table(rows))
        if not quiet and found.best_details():
            say(found.words())
    return 1 if failures else 0
