"""Options that verbs of `gmmseg evaluate` share."""

from __future__ import annotations

import click

split = click.option(
    "--split", default="val", show_default=True, help="Folder of photos inside images and groundTruth."
)
boundaries = click.option("--boundaries", is_flag=True, help="Score boundaries too, which takes longer.")
limit = click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The first N photos alone.")
jobs = click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Photos at once.  [default: as many as processors]"
)
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object with the summary and all scores.")
