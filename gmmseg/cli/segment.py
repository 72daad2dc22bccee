"""gmmseg segment: photos into segments."""

from __future__ import annotations

import click

from gmmseg.cli import options
from gmmseg.cli.options import Fitting, Reading, Saving, Telling
from gmmseg.cli.saved import SavingVerb, segment_each

_EPILOG = """\
\b
Examples:
  gmmseg segment photo.jpg
  gmmseg segment photos -r -k 5 --save labels,masks,report -o out
  gmmseg segment photo.jpg --save overlay -o - > overlay.jpg
  gmmseg segment *.tif --features bands,xy:0.3 --json > segments.jsonl
"""


@click.command(cls=SavingVerb, epilog=_EPILOG)
@options.inputs
@options.k
@options.saving
@options.fitting
@options.reading
@options.recursive
@options.telling
def segment(
    inputs: tuple[str, ...],
    k: int | str,
    saving: Saving,
    fitting: Fitting,
    reading: Reading,
    recursive: bool,
    telling: Telling,
) -> int:
    """Segment photos by Gaussian mixtures of their colours.

    INPUT is a file, a folder, a pattern such as "photos/**/*.jpg", or - for standard input. A picture whose outputs
    are there already is skipped; one that cannot be read is reported, and the others go on.
    """
    from gmmseg.segmentation import segment as segmented

    return segment_each(
        inputs,
        lambda image: segmented(image, k, **fitting.arguments()),
        reading,
        saving,
        telling,
        recursive=recursive,
    )
