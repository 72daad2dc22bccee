"""gmmseg plate: the clean background of a clip, or of a handful of photos."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gmmseg.cli import options, words
from gmmseg.cli.batch import aside
from gmmseg.cli.failing import require_writable
from gmmseg.cli.loading import load_numba
from gmmseg.cli.messages import Reporter
from gmmseg.errors import FileError, InputError

if TYPE_CHECKING:
    from gmmseg.files import Image, Source
    from gmmseg.video import Plate

_KINDS = {
    "plate": "the background, a picture of the frames' own depth",
    "confidence": "a score of how sure it is, grey: white is sure",
    "share": "the share of frames that show it, grey",
    "npz": "all of these and each pixel's mixture, as arrays",
}
_EPILOG = """\
\b
Examples:
  gmmseg plate square.mp4
  gmmseg plate photo1.jpg photo2.jpg photo3.jpg --align -o square.png
  gmmseg plate clip.mp4 --from 10 --to 60 --save plate,confidence -o out/plate.png
"""
_ANIMATED = {".apng", ".avifs", ".gif", ".webp"}  # a file of pictures that is a clip


def _kinds(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(word.strip() for word in value.split(",")))
    for word in chosen:
        if word not in _KINDS:
            raise click.BadParameter(f"expected kinds among {', '.join(_KINDS)}, joined by commas; got {word!r}")
    return chosen


class _PlateVerb(click.Command):
    """A verb whose help lists the kinds of output."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then kinds."""
        super().format_options(ctx, formatter)
        with formatter.section("Kinds of output for --save"):
            formatter.write_dl(list(_KINDS.items()))


@click.command(cls=_PlateVerb, epilog=_EPILOG)
@options.inputs
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default="plate.png",
    show_default=True,
    help="The plate; other kinds lie beside it, as in plate-share.png.",
)
@click.option(
    "--save",
    "kinds",
    callback=_kinds,
    metavar="KIND,KIND,…",
    default="plate",
    show_default=True,
    help="What to write; see below.",
)
@click.option(
    "--frames",
    type=click.IntRange(min=2),
    metavar="N",
    default=120,
    show_default=True,
    help="At most so many frames are looked at, spread evenly.",
)
@click.option(
    "--modes",
    type=click.IntRange(1, 8),
    metavar="K",
    help="What may be seen at one pixel: so many things at most.  [default: 8 of up to 20 frames, or 5]",
)
@click.option("--exposure/--no-exposure", default=None, help="Even out brightness.  [default: up to 20 frames]")
@click.option("--align", is_flag=True, help="Shift photos from a hand by whole pixels.")
@click.option(
    "--from",
    "start",
    type=click.FloatRange(min=0),
    callback=words.finite,
    metavar="SECONDS",
    help="Where in a clip to begin.",
)
@click.option(
    "--to",
    "stop",
    type=click.FloatRange(min=0),
    callback=words.finite,
    metavar="SECONDS",
    help="Where in a clip to end.",
)
@click.option("--every", type=click.IntRange(min=1), metavar="N", default=1, help="Every Nth frame or photo alone.")
@click.option(
    "--scale",
    type=click.FloatRange(0, 1, min_open=True),
    callback=words.finite,
    metavar="X",
    help="Make a clip's frames smaller, as 0.5 does by half.",
)
@options.max_pixels
@options.as_json
@options.quiet
def plate(
    inputs: tuple[str, ...],
    out: Path,
    kinds: tuple[str, ...],
    frames: int,
    modes: int | None,
    exposure: bool | None,
    align: bool,
    start: float | None,
    stop: float | None,
    every: int,
    scale: float | None,
    max_pixels: int,
    as_json: bool,
    quiet: bool,
) -> int:
    """Make a clean background of frames in which people, cars or leaves stand before most of it.

    INPUT is a clip from a fixed camera, a folder of pictures, a pattern such as "photos/*.jpg", or several pictures of
    one view. What is hidden in every frame cannot be found; --save confidence shows where that may be so.
    """
    from gmmseg.files import folder
    from gmmseg.files.sources import shown
    from gmmseg.video import plate as made_of

    load_numba()
    require_writable(out.parent)
    begun = time.perf_counter()
    told = Reporter(1, as_json=as_json, quiet=quiet)

    def work() -> tuple[Plate, Image | None]:
        with _opened(inputs, start, stop, every, scale, frames, max_pixels) as (pictures, first):
            made = made_of(pictures, modes=modes, limit=frames, exposure=exposure, align=align)
            return made, first[0] if first else None

    made, first = aside(work)
    folder(out.parent)
    written = _written(made, first, out, kinds)
    seconds = time.perf_counter() - begun
    height, width = made.pixels.shape[:2]
    share = float(made.share.mean())
    outputs = " ".join(shown(str(path)) for path in written)
    told.result(
        f"{outputs}  {width}×{height} of {_counted(made.frames)}  seen in {100 * share:.1f} % of them  {seconds:.2f} s",
        {
            "inputs": list(inputs),
            "width": width,
            "height": height,
            "frames": made.frames,
            "mean_share": round(share, 4),
            "mean_confidence": round(float(made.confidence.mean()), 4),
            "outputs": [str(path) for path in written],
            "seconds": round(seconds, 4),
        },
    )
    return 0


def _counted(frames: int) -> str:
    return "1 frame" if frames == 1 else f"{frames} frames"


@contextmanager
def _opened(
    inputs: Sequence[str],
    start: float | None,
    stop: float | None,
    every: int,
    scale: float | None,
    most: int,
    max_pixels: int,
) -> Iterator[tuple[Iterable[Any], list[Image]]]:
    """The frames, read as they are asked for; and where they are pictures, a list that will hold the first of them."""
    from gmmseg.files import listed
    from gmmseg.files.listing import SUFFIXES

    sources = listed(inputs)
    path = sources[0].path
    if len(sources) == 1 and (path.suffix.lower() in _ANIMATED or path.suffix.lower() not in SUFFIXES):
        if sources[0].problem:
            raise FileError(sources[0].problem)
        from gmmseg.files import read_clip

        with read_clip(path, start=start, stop=stop, every=every, scale=1.0 if scale is None else scale) as clip:
            yield (frame.pixels for frame in clip), []
        return
    if start is not None or stop is not None or scale is not None:
        raise InputError("expected --from, --to and --scale with a clip; got pictures; leave them out")
    sources = sources[::every]
    count = min(most, len(sources))
    sources = tuple(sources[(2 * i + 1) * len(sources) // (2 * count)] for i in range(count))
    first: list[Image] = []
    yield _pictures(sources, first, max_pixels), first


def _pictures(sources: Sequence[Source], first: list[Image], max_pixels: int) -> Iterator[Any]:
    from gmmseg.files import read
    from gmmseg.files.sources import shown

    for source in sources:
        image = read(source, max_pixels=max_pixels)
        if not first:
            first.append(image)
        one, other = first[0].pixels, image.pixels
        if (one.shape, one.dtype) != (other.shape, other.dtype):
            raise FileError(
                f"cannot go on with {shown(str(source.path))}: expected {one.dtype} {one.shape} as the first picture; "
                f"got {other.dtype} {other.shape}; bring all to one size and type"
            )
        yield image.pixels


def _written(made: Plate, first: Image | None, out: Path, kinds: Sequence[str]) -> list[Path]:
    """The files asked for; the picture keeps the first photo's colour profile."""
    import numpy as np

    from gmmseg.files import write_npz, write_picture

    written = []
    if "plate" in kinds:
        profile = first.profile if first is not None else None
        write_picture(out, made.pixels, profile=profile)
        written.append(out)
    for kind in ("confidence", "share"):
        if kind in kinds:
            path = out.with_name(f"{out.stem}-{kind}.png")
            write_picture(path, np.rint(getattr(made, kind) * 255).astype(np.uint8))
            written.append(path)
    if "npz" in kinds:
        path = out.with_suffix(".npz")
        names = ("confidence", "share", "weights", "means", "variances", "choice", "gains", "shifts")
        write_npz(path, plate=made.pixels, **{name: getattr(made, name) for name in names})
        written.append(path)
    return written
