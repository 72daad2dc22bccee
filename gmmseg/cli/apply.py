"""gmmseg apply: segment pictures by a model that was fitted before."""

from __future__ import annotations

from pathlib import Path

import click

from gmmseg.cli import options
from gmmseg.cli.options import Reading, Saving, Telling
from gmmseg.cli.saved import SavingVerb, segment_each

_EPILOG = """\
\b
Examples:
  gmmseg fit monday/*.jpg -k 6 -o fields.npz
  gmmseg apply fields.npz tuesday -r --save labels,csv -o out
"""


@click.command(cls=SavingVerb, epilog=_EPILOG)
@click.argument("model", type=click.Path(path_type=Path))
@options.inputs
@options.saving
@options.reading
@options.recursive
@options.telling
def apply(
    model: Path, inputs: tuple[str, ...], saving: Saving, reading: Reading, recursive: bool, telling: Telling
) -> int:
    """Segment pictures by a MODEL that `fit` wrote, or that `segment --save model` did.

    The segments have the same numbers and colours in all pictures. INPUT is what it is for `segment`.
    """
    from gmmseg.segmentation import Model

    return segment_each(inputs, Model.load(model).apply, reading, saving, telling, recursive=recursive)
