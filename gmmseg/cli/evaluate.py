"""gmmseg evaluate: scores against what people drew."""

from __future__ import annotations

import click

from gmmseg.cli.evaluating.regions import regions
from gmmseg.cli.evaluating.segments import segments
from gmmseg.cli.evaluating.video import video


@click.group()
def evaluate() -> None:
    """Score results against what people drew."""


evaluate.add_command(segments)
evaluate.add_command(regions)
evaluate.add_command(video)
