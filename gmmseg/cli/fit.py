"""gmmseg fit: one model of several pictures."""

from __future__ import annotations

import time
from pathlib import Path

import click

from gmmseg.cli import options
from gmmseg.cli.batch import aside
from gmmseg.cli.failing import require_writable
from gmmseg.cli.gathering import gathered
from gmmseg.cli.loading import load_numba
from gmmseg.cli.messages import Reporter
from gmmseg.cli.options import Fitting, Reading, Telling

_EPILOG = """\
\b
Examples:
  gmmseg fit photos/*.jpg -o model.npz
  gmmseg fit fields -r -k 6 --features bands -o fields.npz
"""


@click.command(epilog=_EPILOG)
@options.inputs
@click.option("-o", "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The model file.")
@options.k
@options.fitting
@options.reading
@options.recursive
@options.telling
def fit(
    inputs: tuple[str, ...],
    out: Path,
    k: int | str,
    fitting: Fitting,
    reading: Reading,
    recursive: bool,
    telling: Telling,
) -> int:
    """Fit one model to the colours of all pictures together, for `apply`.

    INPUT is what it is for `segment`. If a picture cannot be read there is no model: it would be one of fewer pictures
    than were asked for.
    """
    from gmmseg.files import folder, listed
    from gmmseg.segmentation import fit as fitted

    load_numba()
    require_writable(out.parent)
    begun = time.perf_counter()
    sources = listed(inputs, recursive=recursive)
    told = Reporter(len(sources), as_json=telling.as_json, quiet=telling.quiet)
    images = gathered(sources, reading, telling, told, "segment", "no model was written")
    if images is None:
        return 1
    model = aside(lambda: fitted(images, k, **fitting.arguments()))
    folder(out.parent)
    model.save(out)
    seconds = time.perf_counter() - begun
    pictures = "1 picture" if len(images) == 1 else f"{len(images)} pictures"
    told.result(
        f"{out}  {model.mixture.k} components of {pictures}  {model.spec}, {model.mixture.covariance}  {seconds:.2f} s",
        {
            "model": str(out),
            "pictures": [str(source.path) for source in sources],
            "k": model.mixture.k,
            "features": str(model.spec),
            "covariance": model.mixture.covariance,
            "seconds": round(seconds, 4),
        },
    )
    return 0
