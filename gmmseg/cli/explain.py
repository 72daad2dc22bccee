"""gmmseg explain: how EM finds a mixture, in pictures."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gmmseg.cli import options, words
from gmmseg.cli.batch import in_order
from gmmseg.cli.failing import Failed, require_writable
from gmmseg.cli.leaving import Gate
from gmmseg.cli.loading import load_numba, quiet_matplotlib
from gmmseg.cli.messages import Reporter
from gmmseg.cli.saved import SavingVerb
from gmmseg.errors import GmmsegError

if TYPE_CHECKING:
    from gmmseg.lessons import Lesson

_EPILOG = """\
\b
Examples:
  gmmseg explain photo.jpg -k 3
  gmmseg explain marks.csv --columns mark -k 2 --save strip,svg -o figures
  gmmseg explain flowers.csv --columns petal_length,petal_width --versus kmeans
  gmmseg explain flowers.csv --columns 1-2 --covariance all --at 0,1,5
"""


def _steps(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[int, ...]:
    parts = [word.strip() for word in value.split(",")]
    if not all(word.isascii() and word.isdigit() for word in parts):
        raise click.BadParameter(f"expected whole numbers joined by commas, as in 0,1,2,5,20; got {value!r}")
    return tuple(sorted({int(word) for word in parts}))


class ExplainVerb(SavingVerb):
    """A verb whose kinds of output are those of lessons."""

    room = "gmmseg.lessons.kinds"


@click.command(cls=ExplainVerb, epilog=_EPILOG)
@click.argument("source", metavar="INPUT")
@click.option(
    "-k", type=click.IntRange(1, 255), metavar="N", default=3, show_default=True, help="Number of components."
)
@click.option(
    "--at",
    callback=_steps,
    metavar="N,N,…",
    default="0,1,2,5,20",
    show_default=True,
    help="Steps that the strip shows; the last is always shown.",
)
@click.option(
    "--covariance",
    type=click.Choice(["full", "diag", "tied", "spherical", "all"]),
    default="full",
    show_default=True,
    help="Shape of the components; all puts the four side by side.",
)
@click.option("--versus", type=click.Choice(["kmeans"]), help="What to show beside EM, from the same start.")
@click.option(
    "--start",
    type=click.Choice(["poor", "random", "kmeans++"]),
    default="poor",
    show_default=True,
    help="Rows that the first components stand on: poor ones have a long way to a good end.",
)
@options.columns
@click.option(
    "--features", callback=words.features, metavar="NAME,NAME,…", help="What describes a pixel, as for segment."
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    metavar="N",
    default=3000,
    show_default=True,
    help="Rows or pixels; of more, so many are drawn by lot.",
)
@options.seed
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    default="lesson",
    show_default=True,
    help="Folder for the outputs.",
)
@click.option(
    "--save",
    "kinds",
    callback=words.kinds_of("gmmseg.lessons.kinds"),
    shell_complete=words.kinds_begun_of("gmmseg.lessons.kinds"),
    metavar="KIND,KIND,…",
    default="strip,gif",
    show_default=True,
    help="What to write; see below.",
)
@options.overwrite
@options.as_json
@options.quiet
def explain(
    source: str,
    k: int,
    at: tuple[int, ...],
    covariance: str,
    versus: str | None,
    start: str,
    columns: str | None,
    features: str | None,
    most: int,
    seed: int,
    out: Path,
    kinds: tuple[str, ...],
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Show step by step how EM fits a Gaussian mixture to a picture's colours or a table's rows.

    INPUT is a picture, a table (CSV, other text, NumPy), or - for standard input. Points have the mixed colours of
    the components that share them; ellipses are one and two standard deviations.
    """
    from gmmseg.files.sources import shown
    from gmmseg.lessons import explain as explained
    from gmmseg.lessons.saving import planned, save

    if str(out) == options.STANDARD_OUTPUT:
        raise click.UsageError("expected a folder with -o; got -; name a folder")
    load_numba()
    quiet_matplotlib()
    require_writable(out)
    stem = Path(source).stem if source != options.STANDARD_OUTPUT else "lesson"
    told = Reporter(1, as_json=as_json, quiet=quiet)
    there = [path for path in planned(kinds, out, stem) if path.exists()]
    if len(there) == len(kinds) and not overwrite and source != options.STANDARD_OUTPUT:
        told.result("", {"file": source, "skipped": True})
        told.note(f"skipped {shown(source)}: its outputs are in {out}; --overwrite does them again")
        return 0

    def work(_item: str, gate: Gate) -> tuple[Lesson, tuple[Path, ...], float] | Failed:
        begun = time.perf_counter()
        try:
            lesson = explained(
                source,
                k,
                at=at,
                covariance=covariance,
                versus=versus,
                start=start,
                columns=columns,
                features=features,
                most=most,
                seed=seed,
            )
            with gate.passed():
                written = save(lesson, out, kinds, stem=stem, stopped=lambda: gate.closed)
        except (GmmsegError, MemoryError) as error:
            return Failed(error, Path(source), "explain")
        return lesson, written, time.perf_counter() - begun

    def tell(done: tuple[Lesson, tuple[Path, ...], float] | Failed) -> None:
        if isinstance(done, Failed):
            done.raise_if_hopeless()
            told.failure(done.reason, {"file": source, "error": done.reason})
            return
        lesson, written, seconds = done
        for note in lesson.notes:
            told.note(note)
        told.result(_line(lesson, written, seconds), _record(source, lesson, written, seconds))

    in_order([source], work, 1, tell, lambda _done: None)
    return 1 if told.failures else 0


def _line(lesson: Lesson, written: tuple[Path, ...], seconds: float) -> str:
    from gmmseg.files.sources import shown

    first = lesson.ascents[0]
    course = f"converged after {first.steps} steps" if first.converged else f"stopped after {first.steps} steps"
    outputs = " ".join(shown(str(path)) for path in written)
    k = first.mixtures[first.steps].k
    components = "1 component" if k == 1 else f"{k} components"
    return f"{outputs}  {components} of {len(lesson.rows)} rows  {course}  {seconds:.2f} s"


def _record(source: str, lesson: Lesson, written: tuple[Path, ...], seconds: float) -> dict[str, Any]:
    n = len(lesson.rows)
    return {
        "file": source,
        "rows": n,
        "fits": [
            {
                "covariance": ascent.covariance,
                "k": ascent.mixtures[ascent.steps].k,
                "steps": ascent.steps,
                "converged": ascent.converged,
                "log_likelihood": ascent.trace[-1] * n,
                "bic": ascent.bic,
            }
            for ascent in lesson.ascents
        ],
        "notes": list(lesson.notes),
        "outputs": [str(path) for path in written],
        "seconds": round(seconds, 4),
    }
