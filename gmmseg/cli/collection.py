"""gmmseg collection: a folder of pictures into clusters, each picture as a whole."""

from __future__ import annotations

import functools
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gmmseg.albums.kinds import FEATURES, USUAL
from gmmseg.cli import options, words
from gmmseg.cli.batch import in_order
from gmmseg.cli.failing import Failed, require_writable
from gmmseg.cli.leaving import Gate, Stopped
from gmmseg.cli.loading import load_numba
from gmmseg.cli.messages import Reporter
from gmmseg.cli.saved import SavingVerb, is_output
from gmmseg.errors import FileError, GmmsegError

if TYPE_CHECKING:
    from gmmseg.albums import Collection
    from gmmseg.albums.placing import Placed
    from gmmseg.files import Source

_EPILOG = """\
\b
Examples:
  gmmseg collection photos -k 4
  gmmseg collection photos -r --features layout --into sorted
  gmmseg collection photos -k 4 --save csv,model -o album
  gmmseg collection new --model album/model.npz --into sorted
"""
_FITTING = ("k", "features", "covariance", "seed")


class CollectionVerb(SavingVerb):
    """A verb whose help lists what describes a picture, and the kinds of output."""

    room = "gmmseg.albums.kinds"

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, kinds, then features."""
        super().format_options(ctx, formatter)
        with formatter.section("What may describe a picture, for --features"):
            formatter.write_dl(list(FEATURES.items()))


@dataclass(frozen=True)
class Wanted:
    """What is to be made of a collection, and what is said of it."""

    out: str
    kinds: tuple[str, ...] | None
    overwrite: bool
    into: Path | None
    link: bool
    max_pixels: int
    jobs: int | None
    as_json: bool
    quiet: bool


@click.command(cls=CollectionVerb, epilog=_EPILOG)
@options.inputs
@click.option(
    "-k",
    callback=words.count,
    metavar="N|auto",
    default="auto",
    show_default=True,
    help="Number of clusters; auto chooses it by ICL.",
)
@click.option("--features", type=click.Choice(list(FEATURES)), help="What describes a picture.  [default: mean]")
@click.option(
    "--covariance",
    type=click.Choice(["full", "diag", "tied", "spherical"]),
    help="Shape of the clusters.  [default: full]",
)
@options.seed
@click.option("-o", "--out", metavar="FOLDER", default="collection", show_default=True, help="Folder for the outputs.")
@click.option(
    "--save",
    "kinds",
    callback=words.kinds_of("gmmseg.albums.kinds"),
    shell_complete=words.kinds_begun_of("gmmseg.albums.kinds"),
    metavar="KIND,KIND,…",
    help="What to write; see below.  [default: everything]",
)
@click.option("--overwrite", is_flag=True, help="Write over the outputs of an earlier run.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Copy every picture into the folder of its cluster in there; nothing is moved or replaced.",
)
@click.option("--link", is_flag=True, help="With --into, make links rather than copies.")
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Cluster by a model that was saved, rather than fit one.",
)
@options.recursive
@options.max_pixels
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Pictures at once.  [default: as many as processors, up to 8]",
)
@options.as_json
@options.quiet
def collection(
    inputs: tuple[str, ...],
    k: int | str,
    features: str | None,
    covariance: str | None,
    seed: int,
    model: Path | None,
    recursive: bool,
    **wishes: Any,
) -> int:
    """Cluster the pictures of a collection softly, each picture as a whole.

    INPUT is a file, a folder, a pattern such as "photos/**/*.jpg", or - for standard input. Clusters are numbered from
    the largest. Pictures that cannot be read are reported and left out.
    """
    if model is not None:
        options.require_untyped(_FITTING, beside="--model")
    fitting = {"k": k, "features": features, "covariance": covariance, "seed": seed}
    return collect(inputs, {**fitting, "model": model}, Wanted(**wishes), recursive=recursive)


def collect(inputs: Sequence[str], clustering: dict[str, Any], wanted: Wanted, *, recursive: bool) -> int:
    """Cluster all pictures that the inputs name, write what is wanted, and tell of it; the exit code."""
    from gmmseg.files import listed

    kinds = _checked(wanted, new_model=clustering["model"] is None)
    load_numba()
    out = Path(wanted.out)
    sources = _without_ours(listed(inputs, recursive=recursive), out, wanted.into)
    told = Reporter(len(sources), as_json=wanted.as_json, quiet=wanted.quiet)
    course = _Course()
    command = str(click.get_current_context().meta.get("gmmseg.command", ""))

    def work(given: dict[str, Any], gate: Gate) -> _Done | GmmsegError | MemoryError:
        from gmmseg.albums import collection as collected

        def step(words: str, done: int, total: int | None) -> None:
            course.at = (words, done, total or 0)
            if gate.closed:
                raise Stopped

        try:
            found = collected(
                sources,
                **given,
                threads=wanted.jobs,
                max_pixels=wanted.max_pixels,
                progress=functools.partial(step, "read"),
                troubled=lambda path, reason: course.troubles.append((path, reason)),
            )
            written: list[Path] = []
            for kind in kinds:
                with gate.passed():
                    written += found.save(out, [kind], command=command)
            placed = None
            if wanted.into is not None:
                with gate.passed():
                    way = "link" if wanted.link else "copy"
                    placed = found.into(wanted.into, way, progress=functools.partial(step, "placed"))
        except (GmmsegError, MemoryError) as error:
            return error
        return _Done(found, tuple(written), placed)

    def look(_done: int) -> None:
        while course.troubles:
            path, reason = course.troubles.popleft()
            told.failure(reason, {"file": str(path), "error": reason})
        told.status(course.line())

    def tell(done: _Done | GmmsegError | MemoryError) -> None:
        told.clear()
        if isinstance(done, _Done):
            _tell(done, told, wanted)
        elif isinstance(done, MemoryError):
            told.trouble(Failed(done, out, "cluster the pictures for").reason)
        elif told.failures < len(sources) or not sources:  # else every picture has been told of
            raise done

    in_order([clustering], work, 1, tell, look)
    return 1 if told.failures else 0


def _checked(wanted: Wanted, *, new_model: bool) -> tuple[str, ...]:
    """The kinds of output, after everything that can be wrong before any work."""
    from gmmseg.albums.kinds import planned, present
    from gmmseg.files.sources import shown

    if wanted.link and wanted.into is None:
        raise click.UsageError("expected --into with --link; got --link alone; name a folder with --into")
    if wanted.out == options.STANDARD_OUTPUT:
        raise click.UsageError("expected a folder with -o; got -, and a collection is many files; name a folder")
    usual = USUAL if new_model else tuple(kind for kind in USUAL if kind != "model")
    out = Path(wanted.out)
    kinds = tuple(planned(usual if wanted.kinds is None else wanted.kinds, out))
    for folder in (out, wanted.into):
        if folder is not None:
            require_writable(folder)
    there = () if wanted.overwrite else present(kinds, out)
    if there:
        raise FileError(
            f"cannot write to {shown(str(out))}: {there[0].name} of an earlier run is there; --overwrite writes over "
            "it, or choose another folder with -o"
        )
    return kinds


def _without_ours(sources: Sequence[Source], out: Path, into: Path | None) -> list[Source]:
    """The pictures that are not what an earlier run made of them, be it in their own folder."""
    from gmmseg.albums.kinds import planned

    paths = planned(("overview", "sheets"), out)
    folders = [out, paths["sheets"]]
    if into is not None:
        folders += [into, *(folder for folder in into.glob("cluster-*") if folder.is_dir())]
    own = [folder.resolve() for folder in folders]
    overview = paths["overview"].resolve()
    return [one for one in sources if not is_output(one, own) and one.path.resolve() != overview]


@dataclass(frozen=True, eq=False)
class _Done:
    """A collection, the outputs, and what became of its files."""

    found: Collection
    written: tuple[Path, ...]
    placed: Placed | None


class _Course:
    """How far the work is, and what went wrong: written by one thread, read by another."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self.at = ("", 0, 0)
        self.troubles: deque[tuple[Path, str]] = deque()

    def line(self) -> str:
        """What was done, of how many, and how quickly."""
        words, done, total = self.at
        if not done:
            return ""
        line = f"{words} {done}/{total or '?'} pictures"
        if done == total:
            return f"{line}, clustering" if words == "read" else line
        elapsed = time.monotonic() - self._begun
        return f"{line}, {done / elapsed:.0f} a second" if words == "read" and elapsed > 0.5 else line


def _tell(done: _Done, told: Reporter, wanted: Wanted) -> None:
    from gmmseg.files.sources import shown

    found, placed = done.found, done.placed
    if wanted.as_json:
        for record in found.table():
            told.result("", record)
    for note in found.notes:
        told.note(note)
    if placed is not None:
        for trouble in placed.failures:
            told.trouble(trouble.reason)
    records = found.clusters()
    pictures = "1 picture" if found.n == 1 else f"{found.n} pictures"
    clusters = "1 cluster" if found.k == 1 else f"{found.k} clusters"
    settings = f"{found.model.features}, {found.mixture.covariance}"
    places = [shown(str(Path(wanted.out) / "*"))] if done.written else []
    lines = ["  ".join([pictures, clusters, settings, f"{found.seconds:.2f} s", *places])]
    lines += [_line(record) for record in records]
    if placed is not None:
        count = len(placed.paths) - placed.there
        verb = "linked" if wanted.link else "copied"
        there = f", {placed.there} were there" if placed.there else ""
        lines.append(f"{count} {verb} into {shown(str(wanted.into))}{there}")
    told.result(
        "\n".join(lines),
        {
            "pictures": found.n,
            "failures": len(found.failures),
            "k": found.k,
            "features": found.model.features,
            "covariance": found.mixture.covariance,
            "clusters": records,
            "outputs": [str(path) for path in done.written],
            "placed": None if placed is None else [str(path) for path in placed.paths],
            "seconds": round(found.seconds, 4),
        },
    )


def _line(record: dict[str, Any]) -> str:
    count = record["pictures"]
    pictures = "1 picture" if count == 1 else f"{count} pictures"
    sure = "" if record["certainty"] is None else f"  {100 * record['certainty']:5.1f} % certain"
    return f"  cluster {record['cluster']}  {100 * record['share']:5.1f} %  {record['color']}  {pictures:>14}{sure}"
