"""The options that verbs share: each is declared once, and groups of them reach a verb as one record."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from gmmseg.cli import words

if TYPE_CHECKING:
    from gmmseg.files import Image, Source

Verb = Callable[..., Any]
Decorator = Callable[[Verb], Verb]

STANDARD_OUTPUT = "-"
_MAX_PIXELS = 250_000_000


@dataclass(frozen=True)
class Fitting:
    """How mixtures are fitted and segments made; None leaves the choice to the library."""

    features: str | None
    covariance: str
    start: str
    seed: int
    smooth: float | None
    min_area: float | None
    join: float | None

    def arguments(self) -> dict[str, Any]:
        """Arguments of `gmmseg.segment` and `gmmseg.fit`."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class Reading:
    """How pictures are read."""

    mask: Path | None
    page: int
    max_pixels: int

    def read(self, source: Source) -> Image:
        """The picture of a source."""
        from gmmseg.files import read

        return read(source, page=self.page, mask=self.mask, max_pixels=self.max_pixels)


@dataclass(frozen=True)
class Saving:
    """What is written, and where."""

    out: str
    kinds: tuple[str, ...] | None
    overwrite: bool
    palette: str = "distinct"
    depth: str = "8"


@dataclass(frozen=True)
class Telling:
    """How many inputs at once, and what is said of them."""

    jobs: int | None
    as_json: bool
    quiet: bool


def _bundle(name: str, record: type, *options: Decorator) -> Decorator:
    """A decorator that gives a verb these options, as one argument called `name`."""
    own = [field.name for field in fields(record)]

    def decorate(verb: Verb) -> Verb:
        @functools.wraps(verb)
        def bundled(**given: Any) -> Any:
            bundle = record(**{key: given.pop(key) for key in own if key in given})
            return verb(**{name: bundle}, **given)

        decorated: Verb = bundled
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate


def require_untyped(names: Sequence[str], *, beside: str) -> None:
    """Refuse options of a fit that were typed beside one that leaves nothing to fit."""
    context = click.get_current_context()
    for name in names:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            flag = f"-{name}" if len(name) == 1 else f"--{name}"
            raise click.UsageError(f"expected {beside} or {flag}; got both, and the model has its own; leave out one")


inputs = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
recursive = click.option("-r", "--recursive", is_flag=True, help="Look for pictures below folders too.")
k = click.option(
    "-k",
    callback=words.count,
    metavar="N|auto",
    default="auto",
    show_default=True,
    help="Number of segments; auto chooses it by ICL.",
)
several_k = click.option(
    "-k",
    callback=words.counts,
    metavar="N,N,…",
    default="auto",
    show_default=True,
    help="Numbers of segments, as in 3,5,auto; each is scored.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="A JSON object for each input, a line each.")
quiet = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors, and JSON where it is asked for.")
jobs = click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Inputs at once.  [default: as many as processors, up to 4]"
)
page = click.option(
    "--page",
    type=click.IntRange(min=1),
    metavar="N",
    default=1,
    show_default=True,
    help="Page of a TIFF, frame of a GIF.",
)
max_pixels = click.option(
    "--max-pixels",
    type=click.IntRange(min=1),
    metavar="N",
    default=_MAX_PIXELS,
    show_default=True,
    help="Larger pictures are refused.",
)

seed = click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", default=0, show_default=True, help="For all that is random."
)
overwrite = click.option("--overwrite", is_flag=True, help="Do again what is there already.")
columns = click.option(
    "--columns",
    metavar="NAME,NAME,…",
    help="Columns of a table, by name or number, as in 1,3-5.  [default: all that are numbers]",
)

fitting = _bundle(
    "fitting",
    Fitting,
    click.option(
        "--features",
        callback=words.features,
        metavar="NAME,NAME,…",
        help="What describes a pixel: rgb, lab, luv, hsv, grey, bands, xy, texture, tone, grain, joined by "
        "commas; xy:0.5 weighs position half. Or patch:8, colourpatch:8, patch:8/2 (a stride), alone: the patch around "
        "each.  [default: lab, grey or bands, whatever suits]",
    ),
    click.option(
        "--covariance",
        type=click.Choice(["full", "diag", "tied", "spherical"]),
        default="full",
        show_default=True,
        help="Shape of the components.",
    ),
    click.option(
        "--start",
        type=click.Choice(["auto", "split", "kmeans", "kmeans++", "random", "directional"]),
        default="auto",
        show_default=True,
        help="Where a fit begins.",
    ),
    seed,
    click.option(
        "--smooth",
        type=click.FloatRange(0, 20),
        callback=words.finite,
        metavar="X",
        help="Strength of the smoothing along edges; 0 for none, as patches have it.  [default: 1.0]",
    ),
    click.option(
        "--min-area",
        type=click.FloatRange(0, 1),
        callback=words.finite,
        metavar="X",
        help="Pieces under this share of the picture take the label around them, but those of patches."
        "  [default: 0.0001]",
    ),
    click.option(
        "--join",
        type=click.FloatRange(0, 1),
        callback=words.finite,
        metavar="X",
        help="Regions with a border fainter than this become one; 0 joins none.  [default: 0.5]",
    ),
)

reading = _bundle(
    "reading",
    Reading,
    click.option(
        "--mask",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Picture of the same size; pixels where it is 0 are left out.",
    ),
    page,
    max_pixels,
)


def _places(room: str, folder: str, usual: str) -> list[Decorator]:
    """Which kinds of output that a room knows, and where."""
    return [
        click.option(
            "-o",
            "--out",
            metavar="FOLDER",
            default=folder,
            show_default=True,
            help="Folder for the outputs; - is standard output.",
        ),
        click.option(
            "--save",
            "kinds",
            callback=words.kinds_of(room),
            shell_complete=words.kinds_begun_of(room),
            metavar="KIND,KIND,…",
            help=f"What to write; see below.  [default: {usual}]",
        ),
    ]


def saving_of(room: str, folder: str, usual: str) -> Decorator:
    """The options of what is written: kinds that a room knows, into this folder if no other is named."""
    return _bundle(
        "saving",
        Saving,
        *_places(room, folder, usual),
        click.option(
            "--palette",
            type=click.Choice(["distinct", "mean"]),
            default="distinct",
            show_default=True,
            help="Colours that can be told apart, or the segments' own.",
        ),
        click.option(
            "--depth", type=click.Choice(["8", "16"]), default="8", show_default=True, help="Bits of the soft masks."
        ),
        overwrite,
    )


def plain_saving_of(room: str, folder: str, usual: str) -> Decorator:
    """The same for outputs that are no segments."""
    return _bundle("saving", Saving, *_places(room, folder, usual), overwrite)


saving = saving_of("gmmseg.outputs", "segments", "labels,overlay,csv")

telling = _bundle("telling", Telling, jobs, as_json, quiet)
