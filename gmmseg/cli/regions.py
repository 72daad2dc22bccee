"""gmmseg regions: natural photos into regions, at any detail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gmmseg.cli import options, words
from gmmseg.cli.contents import is_archive
from gmmseg.cli.options import Reading, Saving, Telling
from gmmseg.cli.saved import SavingVerb, Shelf, shelve_each

if TYPE_CHECKING:
    from gmmseg.files import Image, Source
    from gmmseg.parts import RegionTree
    from gmmseg.parts.cut import Cut

_EPILOG = """\
\b
Examples:
  gmmseg regions photo.jpg
  gmmseg regions photo.jpg --detail 0.8 --save borders,contours,tree
  gmmseg regions regions/photo-tree.npz --count 12
  gmmseg regions photos -r --count 5 --save labels,masks,report -o out
"""


class RegionsVerb(SavingVerb):
    """A verb whose kinds of output are those of trees of regions."""

    room = "gmmseg.parts"


@click.command(cls=RegionsVerb, epilog=_EPILOG)
@options.inputs
@click.option(
    "--detail",
    type=click.FloatRange(0, 1),
    callback=words.finite,
    metavar="X",
    help="How faint a border may be, from 0, one region, to 1, all there are.  [default: 0.5]",
)
@click.option("--count", type=click.IntRange(min=1), metavar="N", help="In place of --detail, how many regions.")
@options.seed
@options.saving_of("gmmseg.parts", "regions", "labels,overlay,mean")
@options.reading
@options.recursive
@options.telling
def regions(
    inputs: tuple[str, ...],
    detail: float | None,
    count: int | None,
    seed: int,
    saving: Saving,
    reading: Reading,
    recursive: bool,
    telling: Telling,
) -> int:
    """Part natural photos into regions, and keep the borders that are strong enough.

    All regions of a photo make a tree, from crumbs to the whole. --save tree keeps it, and a tree is cut again in
    no time. INPUT is a picture, a saved tree, a folder for the pictures in it, a pattern such as "photos/**/*.jpg", or
    - for a picture on standard input.
    """
    if detail is not None and count is not None:
        raise click.UsageError("expected --detail or --count; got both; leave out one")
    from gmmseg.parts import RegionTree
    from gmmseg.parts import regions as grown
    from gmmseg.parts.cut import cut_of
    from gmmseg.parts.saving import is_soft

    def read(source: Source) -> Image | RegionTree:
        return _loaded(source, reading) if is_archive(source) else reading.read(source)

    def work(given: Any) -> Cut:
        tree = given if isinstance(given, RegionTree) else grown(given, seed=seed)
        cut = cut_of(tree, detail, count)
        if is_soft(saving.kinds or ()):
            _ = cut.segmentation  # may take long, and what is being written is waited for when interrupted
        return cut

    return shelve_each(inputs, work, _shelf(), reading, saving, telling, recursive=recursive, read=read)


def _loaded(source: Source, reading: Reading) -> RegionTree:
    from gmmseg.errors import InputError
    from gmmseg.parts import RegionTree

    tree = RegionTree.load(source.path, max_pixels=reading.max_pixels)
    if reading.mask is not None or reading.page > 1:
        raise InputError("expected no --mask and no --page with a tree; got one; give the picture itself")
    return tree


def _shelf() -> Shelf:
    from gmmseg.parts import saving
    from gmmseg.parts.kinds import CATALOGUE, TABLE

    return Shelf("part", lambda kind: not TABLE[kind].many, CATALOGUE.present, saving.write, _told)


def _told(cut: Cut) -> tuple[str, dict[str, Any]]:
    crumbs = len(cut.tree.merges) + 1
    noun = "1 region" if cut.k == 1 else f"{cut.k} regions"
    line = noun if cut.detail is None else f"{noun} at detail {cut.detail:.9g}"
    return line, {"regions": cut.k, "detail": cut.detail, "crumbs": crumbs}
