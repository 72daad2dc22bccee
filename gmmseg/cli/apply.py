"""gmmseg apply: segment pictures by a model that was fitted before."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

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

    The segments have the same numbers and colours in all pictures. INPUT is what it is for `segment`. By a model that
    `collection` wrote, the pictures are clustered, each as a whole.
    """
    from gmmseg.archives import kind_of

    if kind_of(model) == "gmmseg collection model":
        return _collected(model, inputs, saving, reading, telling, recursive)
    from gmmseg.segmentation import Model

    return segment_each(inputs, Model.load(model).apply, reading, saving, telling, recursive=recursive)


def _collected(
    model: Path, inputs: tuple[str, ...], saving: Saving, reading: Reading, telling: Telling, recursive: bool
) -> int:
    """Pictures into the clusters of a collection."""
    from gmmseg.cli.collection import Wanted, collect

    for name in ("mask", "page", "palette", "depth"):
        if click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"expected no --{name} with the model of a collection; got it; leave it out")
    given = click.get_current_context().get_parameter_source("out") is ParameterSource.COMMANDLINE
    wanted = Wanted(
        saving.out if given else "collection",
        saving.kinds,
        saving.overwrite,
        None,
        link=False,
        max_pixels=reading.max_pixels,
        jobs=telling.jobs,
        as_json=telling.as_json,
        quiet=telling.quiet,
    )
    return collect(inputs, {"model": model}, wanted, recursive=recursive)
