"""gmmseg patches: each pixel in the colour of the cluster of the patch around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gmmseg.cli import options, words
from gmmseg.cli.options import Reading, Saving, Telling
from gmmseg.cli.saved import SavingVerb, Shelf, shelve_each
from gmmseg.patchwork.kinds import USUAL

if TYPE_CHECKING:
    from gmmseg.files import Image
    from gmmseg.patchwork import Comparison

_EPILOG = """\
\b
Examples:
  gmmseg patches photo.jpg
  gmmseg patches photo.jpg -k 5,10,19 --save side-by-side
  gmmseg patches photos -r --size 6 --stride 2 --colour --save labels,dictionary,masks
  gmmseg patches noisy.png --noise auto --save restored
  gmmseg patches scratched.png --missing scratches.png --save restored -o - > mended.png
"""


def _noise(_ctx: click.Context, _param: click.Parameter, value: str | None) -> float | str | None:
    if value is None or value == "auto":
        return value
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number <= 255:
        raise click.BadParameter(f"expected a number above 0, up to 255, or auto; got {value!r}")
    return number


class PatchesVerb(SavingVerb):
    """A verb whose kinds of output are those of patches."""

    room = "gmmseg.patchwork"


@click.command(cls=PatchesVerb, epilog=_EPILOG)
@options.inputs
@click.option(
    "-k",
    "ks",
    callback=words.counts,
    metavar="N,N,…",
    default="19",
    show_default=True,
    help="Number of clusters, or several, as in 5,10,19; auto chooses by ICL.",
)
@click.option(
    "--size",
    type=click.IntRange(2, 16),
    metavar="N",
    default=8,
    show_default=True,
    help="Side of a patch in pixels.",
)
@click.option(
    "--stride",
    type=click.IntRange(1, 16),
    metavar="N",
    default=1,
    show_default=True,
    help="Pixels from one patch to the next, up to the size.",
)
@click.option("--colour", is_flag=True, help="Patches of three channels in place of grey ones; slower.")
@click.option(
    "--start",
    type=click.Choice(["directional", "auto", "split", "kmeans", "kmeans++", "random"]),
    default="directional",
    show_default=True,
    help="Where the fit begins: edges of all directions, which auto is too, or as for segment.",
)
@click.option(
    "--iterations",
    type=click.IntRange(min=1),
    metavar="N",
    help="Take exactly so many steps, all of them on all patches.  [default: on a sample till little is to be gained, "
    "then 20 at most]",
)
@click.option(
    "--noise",
    callback=_noise,
    metavar="X|auto",
    help="Standard deviation of the picture's noise, in 255ths of full light; auto finds it out. No cluster varies "
    "less, and there is a restored picture.",
)
@click.option(
    "--missing",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Picture of the same size; pixels where it is not 0 are filled in.",
)
@options.seed
@options.saving_of("gmmseg.patchwork", "patches", "labels,side-by-side,dictionary")
@options.reading
@options.recursive
@options.telling
def patches(
    inputs: tuple[str, ...],
    ks: tuple[int | str, ...],
    size: int,
    stride: int,
    colour: bool,
    start: str,
    iterations: int | None,
    noise: float | str | None,
    missing: Path | None,
    seed: int,
    saving: Saving,
    reading: Reading,
    recursive: bool,
    telling: Telling,
) -> int:
    """Cluster the overlapping patches of photos by Gaussian mixtures.

    Each pixel shows the cluster of the patch around it: edges of one direction, textures and plain surfaces are told
    apart. INPUT is a file, a folder, a pattern such as "photos/**/*.jpg", or - for standard input. Of several numbers
    of clusters each is saved under a name of its own; side-by-side shows all of them in one sheet.
    """
    if stride > size:
        raise click.UsageError(f"expected a stride up to the size of a patch, {size}; got {stride}")
    restores = noise is not None or missing is not None
    if "restored" in (saving.kinds or ()) and not restores:
        raise click.UsageError("expected --noise or --missing with --save restored; got neither; --noise auto does")
    if saving.kinds is None and restores:
        saving = replace(saving, kinds=(*USUAL, "restored"))
    from gmmseg.patchwork import compared

    def work(image: Image) -> Comparison:
        found = compared(
            image,
            ks,
            size=size,
            stride=stride,
            colour=colour,
            start=start,
            noise=noise,
            missing=missing,
            max_iterations=iterations,
            seed=seed,
        )
        if "restored" in (saving.kinds or ()):
            _ = found.several[0].restored  # takes long, and what is being written is waited for when interrupted
        return found

    return shelve_each(
        inputs,
        work,
        _shelf(ks),
        reading,
        saving,
        telling,
        recursive=recursive,
    )


def _shelf(ks: Sequence[int | str]) -> Shelf:
    from gmmseg.patchwork import saving
    from gmmseg.patchwork.kinds import TABLE

    return Shelf(
        "cluster",
        lambda kind: (len(ks) == 1 and not TABLE[kind].many) or kind in saving.SHARED,
        lambda kinds, folder, stem: saving.present(kinds, folder, stem, ks),
        saving.write,
        _told,
    )


def _told(found: Comparison) -> tuple[str, dict[str, Any]]:
    counts = [str(k) for k in found.ks]
    shown = counts[0] if len(counts) == 1 else f"{', '.join(counts[:-1])} and {counts[-1]}"
    each = [
        {"k": one.k, "iterations": one.fit.iterations if one.fit else 0, "segments": one.segmentation.table()}
        for one in found.several
    ]
    noun = "cluster" if counts == ["1"] else "clusters"
    count = found.several[0].count
    record = {"several": each} if len(each) > 1 else each[0]
    return f"{shown} {noun} of {count:,} patches", {"patches": count, **record}
