"""gmmseg cutout: the subject of a photo, by a box around it or by marks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gmmseg.cli import options
from gmmseg.cli.options import Reading, Saving, Telling
from gmmseg.cli.saved import SavingVerb, Shelf, shelve_each

if TYPE_CHECKING:
    from gmmseg.files import Image
    from gmmseg.subjects import Cutout

_EPILOG = """\
\b
Examples:
  gmmseg cutout photo.jpg --box 120,40,300,220
  gmmseg cutout photo.jpg --foreground on.png --background beside.png
  gmmseg cutout photo.jpg --box 120,40,300,220 --background more.png --overwrite
  gmmseg cutout photo.jpg --box 120,40,300,220 --save cutout -o - > subject.png
"""


class CutoutVerb(SavingVerb):
    """A verb whose kinds of output are those of cut-outs."""

    room = "gmmseg.subjects"


@dataclass(frozen=True)
class _Found:
    """A cut-out that is saved as other results are."""

    cutout: Cutout

    def save(
        self, folder: str, kinds: tuple[str, ...] | None, *, stem: str, command: str, **_other: object
    ) -> tuple[Path, ...]:
        """Its outputs, in a folder."""
        return self.cutout.save(folder, kinds, stem=stem, command=command)


def _box(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """Four whole numbers with commas between them."""
    if value is None:
        return None
    words = [word.strip() for word in value.split(",")]
    if len(words) != 4 or not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
        raise click.BadParameter(f"expected x, y, width and height in pixels, as in 120,40,300,220; got {value!r}")
    box = tuple(map(int, words))
    if min(box[2:]) < 1:
        raise click.BadParameter(f"expected a width and a height of at least 1; got {value!r}")
    return box


_MARKS = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(cls=CutoutVerb, epilog=_EPILOG)
@click.argument("photo", metavar="PHOTO")
@click.option("--box", callback=_box, metavar="X,Y,W,H", help="Around the subject, in pixels from the upper left.")
@click.option("--foreground", type=_MARKS, help="Picture of the photo's size; where it is not 0 is the subject.")
@click.option("--background", type=_MARKS, help="Picture of the photo's size; where it is not 0 is none of it.")
@options.seed
@options.plain_saving_of("gmmseg.subjects", "cutouts", "cutout,alpha,overlay")
@options.reading
@options.telling
def cutout(
    photo: str,
    box: tuple[int, ...] | None,
    foreground: Path | None,
    background: Path | None,
    seed: int,
    saving: Saving,
    reading: Reading,
    telling: Telling,
) -> int:
    """Cut the subject out of a PHOTO: a file, or - for standard input.

    A box around the subject says where it is, or marks on it do. Marks beside it, and on what is missing, mend what
    went wrong: they are always obeyed.
    """
    if box is None and foreground is None:
        raise click.UsageError("expected --box or --foreground; got neither; a box around the subject is enough")
    from gmmseg.files import listed
    from gmmseg.subjects import cutout as found

    if len(listed((photo,), recursive=False)) > 1:
        raise click.UsageError(f"expected one photo, as a box or marks belong to it; got several in {photo}")

    def work(image: Image) -> _Found:
        return _Found(found(image, box=box, foreground=foreground, background=background, seed=seed))

    return shelve_each((photo,), work, _shelf(), reading, saving, telling, recursive=False)


def _shelf() -> Shelf:
    from gmmseg.subjects import saving
    from gmmseg.subjects.kinds import CATALOGUE

    write: Callable[..., None] = lambda found, kind, target, *, command, **_other: saving.write(  # noqa: E731
        found.cutout, kind, target, command=command
    )
    return Shelf("cut out the subject of", lambda _kind: True, CATALOGUE.present, write, _told)


def _told(found: _Found) -> tuple[str, dict[str, Any]]:
    subject = found.cutout
    box, area = subject.box, int(subject.mask.sum())
    if box is None:
        return "no subject found; mark some of it with --foreground", {"box": None, "area": 0}
    x, y, width, height = box
    share = area / subject.mask.size
    return f"subject {width}×{height} at {x},{y}, {share:.1%} of the photo", {"box": list(box), "area": area}
