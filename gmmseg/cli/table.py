"""gmmseg table: rows of numbers into clusters."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gmmseg.cli import options, words
from gmmseg.cli.batch import in_order, usual_jobs
from gmmseg.cli.failing import Failed, require_writable
from gmmseg.cli.leaving import Gate
from gmmseg.cli.loading import load_numba
from gmmseg.cli.messages import Reporter
from gmmseg.cli.options import Telling
from gmmseg.cli.saved import SavingVerb
from gmmseg.errors import FileError, GmmsegError

if TYPE_CHECKING:
    from gmmseg.files import Source
    from gmmseg.tables import TableClustering

_EPILOG = """\
\b
Examples:
  gmmseg table marks.csv
  gmmseg table days.csv -k 3,4,5 --columns 2-25 --save picture,memberships -o out
  gmmseg table documents.npz -k 20 --names words.txt
  gmmseg table marks.csv --save model
  gmmseg table next-year.csv --model clusters/marks-model.npz
"""
_SUFFIXES = frozenset({".csv", ".tsv", ".npy", ".npz"})
_FITTING = ("k", "columns", "covariance", "standardise", "missing", "criterion", "names", "header", "seed")


class TableVerb(SavingVerb):
    """A verb whose kinds of output are those of tables."""

    room = "gmmseg.tables.kinds"


def _sizes(ctx: click.Context, param: click.Parameter, value: str) -> str | int | tuple[int, ...]:
    """A number of clusters, several to choose among, or "auto"."""
    several = words.counts(ctx, param, value)
    if len(several) == 1:
        return several[0]
    numbers = tuple(word for word in several if not isinstance(word, str))
    if len(numbers) < len(several):
        raise click.BadParameter(f'expected whole numbers with commas between them, or "auto" alone; got {value!r}')
    return numbers


@dataclass(frozen=True)
class _Task:
    """A table and what its outputs are called."""

    source: Source
    stem: Path


@dataclass(frozen=True)
class _Done:
    """What came of a table."""

    line: str
    record: dict[str, Any]
    notes: tuple[str, ...] = ()


@click.command(cls=TableVerb, epilog=_EPILOG)
@options.inputs
@click.option(
    "-k",
    callback=_sizes,
    metavar="N|N,N,…|auto",
    default="auto",
    show_default=True,
    help="Number of clusters; of several the one that scores best.",
)
@options.columns
@click.option("--id", "row_names", metavar="NAME", help="The column that names rows.  [default: the first of text]")
@click.option(
    "--names", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file with the columns' names."
)
@click.option("--header/--no-header", default=None, help="Whether the first line names the columns; else it is seen.")
@click.option(
    "--covariance",
    type=click.Choice(["auto", "full", "tied", "diag", "spherical"]),
    default="auto",
    show_default=True,
    help="Shape of the clusters; auto lets several compete.",
)
@click.option("--standardise/--no-standardise", default=None, help="Bring columns to one spread, for spherical shapes.")
@click.option(
    "--missing",
    type=click.Choice(["skip", "mean"]),
    default="skip",
    show_default=True,
    help="Rows that lack a value are left out, or filled in.",
)
@click.option("--criterion", type=click.Choice(["bic", "icl", "aic"]), help="What choices go by.  [default: bic]")
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Cluster by a model that was saved, rather than fit one.",
)
@options.seed
@click.option("-o", "--out", metavar="FOLDER", default="clusters", show_default=True, help="Folder for the outputs.")
@click.option(
    "--save",
    "kinds",
    callback=words.kinds_of("gmmseg.tables.kinds"),
    shell_complete=words.kinds_begun_of("gmmseg.tables.kinds"),
    metavar="KIND,KIND,…",
    help="What to write; see below.  [default: memberships,parameters,picture]",
)
@options.overwrite
@click.option(
    "--threads", type=click.IntRange(min=1), metavar="N", help="For the fit.  [default: as many as processors]"
)
@options.telling
def table(
    inputs: tuple[str, ...],
    model: Path | None,
    row_names: str | None,
    kinds: tuple[str, ...] | None,
    out: str,
    overwrite: bool,
    threads: int | None,
    telling: Telling,
    **given: Any,
) -> int:
    """Cluster the rows of tables by Gaussian mixtures.

    INPUT is a table as text (CSV, TSV, with or without a header), .npy or .npz, sparse ones too; a folder, a pattern,
    or - for standard input. A table whose outputs are there already is skipped; one that cannot be read is reported,
    and the others go on.
    """
    from gmmseg.files import listed, output_stems

    if out == options.STANDARD_OUTPUT:
        raise click.UsageError("expected a folder with -o; got -; name a folder")
    cluster = _clusterer(model, row_names, threads, given)
    load_numba()
    require_writable(Path(out))
    sources = listed(inputs, suffixes=_SUFFIXES, what="tables")
    tasks = [_Task(source, stem) for source, stem in zip(sources, output_stems(sources), strict=True)]
    told = Reporter(len(tasks), as_json=telling.as_json, quiet=telling.quiet)
    skipped = {task for task in tasks if not overwrite and _is_done(task, kinds, out)}

    def work(task: _Task, gate: Gate) -> _Done | Failed:
        if task in skipped:
            return _Done("", {"file": str(task.source.path), "skipped": True})
        begun = time.perf_counter()
        try:
            if task.source.problem:
                raise FileError(task.source.problem)
            found = cluster(str(task.source.path))
            with gate.passed():
                written = found.save(Path(out) / task.stem.parent, kinds, stem=task.stem.name)
            return _done(found, task, written, time.perf_counter() - begun)
        except (GmmsegError, MemoryError) as error:
            return Failed(error, task.source.path, "cluster")

    def tell(done: _Done | Failed) -> None:
        if isinstance(done, Failed):
            done.raise_if_hopeless()
            told.failure(done.reason, {"file": str(done.path), "error": done.reason})
            return
        told.result(done.line, done.record)
        for note in done.notes:
            told.note(note)

    in_order(tasks, work, telling.jobs or usual_jobs(len(tasks)), tell, told.progress)
    if skipped:
        told.note(f"skipped {len(skipped)} of {len(tasks)}: their outputs are in {out}; --overwrite does them again")
    return 1 if told.failures else 0


def _clusterer(
    model: Path | None, row_names: str | None, threads: int | None, given: dict[str, Any]
) -> Callable[[str], TableClustering]:
    """What is done with each table."""
    from gmmseg.tables import TableModel
    from gmmseg.tables import table as clustered

    if model is not None:
        options.require_untyped(_FITTING, beside="--model")
        loaded = TableModel.load(model)
        return lambda path: loaded.apply(path, row_names=row_names, threads=threads)
    standardise, names = given.pop("standardise"), given.pop("names")
    given["standardise"] = "auto" if standardise is None else standardise
    given["names"] = None if names is None else _words(names)
    return lambda path: clustered(path, row_names=row_names, threads=threads, **given)


def _words(path: Path) -> list[str]:
    """Names of columns, a line each."""
    from gmmseg.files.records.lines import lines_of

    return lines_of(path)


def _is_done(task: _Task, kinds: tuple[str, ...] | None, out: str) -> bool:
    """Whether a table's outputs are there; those of standard input may be another table's."""
    from gmmseg.tables.kinds import planned

    source = task.source
    try:
        there = not source.problem and str(source.path) != "-" and source.path.is_file()
        return there and all(
            path.is_file() for path in planned(kinds, Path(out) / task.stem.parent, task.stem.name).values()
        )
    except OSError:  # reading or writing says why
        return False


def _done(found: TableClustering, task: _Task, written: tuple[Path, ...], seconds: float) -> _Done:
    from gmmseg.files.sources import shown
    from gmmseg.tables.summary import summary

    rows, columns = len(found.labels), len(found.columns)
    name = shown(str(task.source.path))
    parts = [
        name,
        f"{rows} × {columns}",
        f"{found.k} {'cluster' if found.k == 1 else 'clusters'}, {found.mixture.covariance}",
        f"{seconds:.2f} s",
        shown(str(written[0].parent / f"{task.stem.name}-*")) if len(written) > 1 else shown(str(written[0])),
    ]
    record = {
        "file": str(task.source.path),
        "rows": rows,
        "left_out": found.skipped,
        "columns": columns,
        "k": found.k,
        "covariance": found.mixture.covariance,
        "clusters": found.table(),
        "notes": list(found.notes),
        "outputs": [str(path) for path in written],
        "seconds": round(seconds, 4),
    }
    lines = ["  ".join(parts), *(f"  {line}" for line in summary(found))]
    return _Done("\n".join(lines), record, tuple(f"{name}: {note}" for note in found.notes))
