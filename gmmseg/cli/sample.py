"""gmmseg sample: rows drawn from a model."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gmmseg.cli import options
from gmmseg.cli.batch import aside
from gmmseg.cli.failing import require_writable
from gmmseg.cli.loading import load_numba, quiet_matplotlib
from gmmseg.cli.messages import Reporter, unwritable
from gmmseg.errors import FileError

_SUFFIXES = (".csv", ".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".svg", ".pdf")
_EPILOG = """\
\b
Examples:
  gmmseg sample model.npz -n 1000 -o points.csv
  gmmseg sample model.npz -o colours.png
  gmmseg sample model.npz -o points.svg
  gmmseg sample model.npz -o - > points.csv
"""


def _target(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if value != options.STANDARD_OUTPUT and Path(value).suffix.lower() not in _SUFFIXES:
        raise click.BadParameter(f"expected a name that ends in {', '.join(_SUFFIXES)}, or -; got {value!r}")
    return value


@click.command(epilog=_EPILOG)
@click.argument("model", type=click.Path(path_type=Path))
@click.option("-n", type=click.IntRange(min=1), metavar="N", default=500, show_default=True, help="How many rows.")
@options.seed
@click.option(
    "-o",
    "--out",
    callback=_target,
    metavar="FILE",
    default="-",
    help=".csv for a row a line; .png, .jpg, .webp or .tif for a picture of colours or patches, or else a plot; .svg "
    "or .pdf for a plot.  [default: CSV on standard output]",
)
@options.as_json
@options.quiet
def sample(model: Path, n: int, seed: int, out: str, as_json: bool, quiet: bool) -> int:
    """Draw rows from a MODEL: for each a component by the weights, then the row by its Gaussian.

    MODEL is any model file that has a mixture in it, as `fit` and `segment --save model` write them.
    """
    from gmmseg.files import folder
    from gmmseg.lessons import sample as drawn

    load_numba()
    quiet_matplotlib()
    streamed = out == options.STANDARD_OUTPUT
    if streamed and as_json:
        raise click.UsageError("expected --json or -o -; got both, and there is one standard output")
    if streamed and sys.stdout is None:
        raise click.UsageError("expected a standard output for -o -; got none; name a file with -o")
    if not streamed:
        require_writable(Path(out).parent)
    told = Reporter(1, as_json=as_json, quiet=quiet, stdout_taken=streamed)
    found = aside(lambda: drawn(model, n, seed))
    if streamed:
        try:
            found.save(sys.stdout.buffer, ".csv")
        except FileError as error:
            if isinstance(error.__context__, OSError):
                raise unwritable(error.__context__) from None
            raise
        return 0
    folder(Path(out).parent)
    found.save(Path(out))
    k = len(set(found.components.tolist()))
    told.result(
        f"{out}  {n} rows of {k} components",
        {"model": str(model), "rows": n, "columns": list(found.names), "components": k, "output": out},
    )
    return 0
